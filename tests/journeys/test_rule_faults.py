"""What is wrong with a rule document is said on the pages with its line and what to do, in the reader's language."""

import html
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from subsidies.rules.library import shipped_text
from tests.journeys.office_browser import words
from tests.journeys.test_rule_drafts import Desk, upload
from tests.support.world import World

WRONG = shipped_text("jilin-2024").replace("per = ", "par = ")
LINE = WRONG[: WRONG.index("par = ")].count("\n") + 1


@pytest.fixture
def client(world: World) -> Iterator[TestClient[Litestar]]:
    with world.client() as opened:
        yield opened


@pytest.fixture
def lin(client: TestClient[Litestar], world: World) -> Desk:
    return Desk(client, world, "officer")


def test_a_file_is_refused_in_the_language_of_the_page(lin: Desk) -> None:
    chinese = html.unescape(words(upload(lin, WRONG)))
    lin.post("/language", lang="en")
    english = html.unescape(words(upload(lin, WRONG)))

    assert f"第 {LINE} 行 counters[0]：没有「par」这个词" in chinese
    assert "怎么改：删掉它，或照说明改正拼写" in chinese
    assert f"Line {LINE}: counters[0]: Object contains unknown field `par`" in english
    assert "What to do: take it out, or mend its spelling after the manual" in english


def test_an_edited_text_that_cannot_be_read_says_the_same_while_typing_and_when_saved(lin: Desk) -> None:
    """The draft stays as it was."""
    lin.start(how="version", **{"from": "1"})

    fields: dict[str, str | list[str]] = {"text": WRONG, "n": "0", "revision": "1", "do": "save"}
    fields["_csrf_token"] = (
        lin.get(f"{lin.draft}/edit/file").text.partition('name="_csrf_token" value="')[2].partition('"')[0]
    )
    tried = lin.send(f"{lin.draft}/try/file", fields)
    saved = lin.send(f"{lin.draft}/edit/file", fields)

    for said in (words(tried), words(saved)):
        assert f"第 {LINE} 行 counters[0]：没有「par」这个词" in said
        assert "怎么改：" in said
    assert saved.status_code == 422
    assert "par = " not in lin.get(lin.draft).text
