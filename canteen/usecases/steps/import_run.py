"""Who works on an import."""

from dataclasses import dataclass

from canteen.usecases.steps.listed_people import ListRules


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one import: `word` is its random name, so that two cannot mix. `rules` hold who and when."""

    key: str
    word: str
    rules: ListRules
