"""What the demo knows of an invented resident (演示), before the use cases enrol them."""

from datetime import date

from msgspec import Struct


class CategorySpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A category on the eligibility file; both dates count, None is open-ended."""

    key: str
    valid_from: date
    valid_to: date | None = None
    evidence: str


class CardSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A card of 16 digits, as a keyboard-wedge reader types it."""

    number: str
    state: str = "active"
    """active · lost · blocked."""
    kind: str = "canteen"
    """canteen · social_security."""


class Habit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody eats: the chance of each meal on an open day, and what they take."""

    breakfast: float = 0.0
    lunch: float = 0.0
    dinner: float = 0.0
    favourites: tuple[str, ...]
    """Set keys, the dearest first. On a day with none of them, people with a strict diet (清真, 素) stay away."""
    pays_by: str = "wallet"
    """wallet · cash."""
    canteen: str
    no_show: float = 0.0
    """Chance that an order of theirs is not collected."""

    def chance(self, meal: str) -> float:
        """Raises: KeyError when `meal` is no meal period."""
        return {"breakfast": self.breakfast, "lunch": self.lunch, "dinner": self.dinner}[meal]


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written down or drawn about a resident; ID number, phone and address follow from the index."""

    name: str
    title: str = ""
    sex: str
    born: date
    area: str
    register_area: str | None = None
    """None: registered where they live."""
    has_id: bool = True
    has_phone: bool = True
    status: str = "active"
    categories: tuple[CategorySpec, ...] = ()
    instructions: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    cards: tuple[CardSpec, ...] = ()
    wallet_topup_fen: int = 0
    habit: Habit
    fetched_by: int | None = None
    large_type: bool = False


class ResidentSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented person of the roll."""

    index: int
    """Place on the roll; `fetched_by` refers to it."""
    name: str
    title: str
    """What the kiosk calls them after the surname; empty: only 您好."""
    sex: str
    """f · m."""
    born: date
    national_id: str | None
    """18 characters with a valid check digit, for a place code of Fengman and a sequence number nobody was given."""
    phone: str | None
    """11 digits."""
    address: str
    """Ends with （演示）."""
    community: str
    """longcheng · shuiyun, or empty for somebody who lives elsewhere."""
    register_area: str
    """Household register (户籍) as a path, e.g. jilin/fengman/jianhua/longcheng."""
    living_area: str
    status: str
    """active · suspended · moved · deceased · institution."""
    categories: tuple[CategorySpec, ...]
    instructions: tuple[str, ...]
    """Keys of diet tags they asked for."""
    allergies: tuple[str, ...]
    cards: tuple[CardSpec, ...]
    wallet_topup_fen: int
    """What they pay in each time the wallet runs low; 0 for those who use cash."""
    habit: Habit
    fetched_by: int | None
    """Index of the person who may bring their meals."""
    large_type: bool

    def age_on(self, day: date) -> int:
        """Full years; somebody born on 29 February has a birthday on 1 March of a common year."""
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had_birthday)
