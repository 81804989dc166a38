"""docs/import.md lists the columns the code knows."""

import pytest

from canteen.settings import ROOT
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.tables.words import ALLERGENS, CATEGORIES, COURSES, DIET, MEALS
from menus.diet import ALLERGENS as KNOWN_ALLERGENS
from menus.diet import COURSES as KNOWN_COURSES
from menus.diet import DIET_TAGS
from menus.service_days import MealPeriod
from subsidies.eligibility import CATEGORIES as KNOWN_CATEGORIES


@pytest.mark.parametrize("kind", list(ImportKind))
def test_every_column_is_in_the_document(kind: ImportKind) -> None:
    """Word for word, in the order of the template, and nothing else."""
    text = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    section = text.split(f"## {kind.value.capitalize()}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "---" not in line][1:]

    assert rows == [
        f"| {c.zh} | {c.en} | {'yes' if c.required else ''} | {c.note_zh} | {c.note_en} |" for c in COLUMNS[kind]
    ]


def test_no_two_columns_of_a_kind_answer_to_one_name() -> None:
    """A header could not be told apart."""
    for columns in COLUMNS.values():
        names = [name.lower() for column in columns for name in {n.lower() for n in column.names}]
        assert len(names) == len(set(names))


def test_files_know_every_word_the_rest_knows() -> None:
    """A new diet tag or category needs its word here too."""
    assert tuple(MEALS) == tuple(MealPeriod)
    assert tuple(COURSES) == KNOWN_COURSES
    assert tuple(DIET) == DIET_TAGS
    assert tuple(ALLERGENS) == KNOWN_ALLERGENS
    assert tuple(CATEGORIES) == KNOWN_CATEGORIES
