"""A list of residents beside the roll: who is new, who would change, and what cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from canteen.people import residents
from canteen.people.errors import NationalIdWrong
from canteen.people.models import CardState
from canteen.people.national_ids import NationalId, read_national_id
from canteen.people.sealed import Sealer, mask_phone
from canteen.readmodels.file_checks.checked import CheckedRow, Difference, FileCheck
from canteen.readmodels.file_checks.known_people import KnownPeople, Person, known_people
from canteen.sites.places import CommunityView
from canteen.tables.models import Verdict
from canteen.tables.words import nearest, plain
from subsidies.models import FileStatus

TOGETHER = 400
"""Lines compared with the roll in one question."""


@dataclass(frozen=True, slots=True)
class RollRules:
    """Who asks, and where people may be enrolled. `communities` are those in reach; `home` is taken when a line names
    none."""

    today: date
    communities: tuple[CommunityView, ...]
    home: str | None
    sealer: Sealer
    everywhere: bool
    """Whether people of other communities may be changed."""


def check_lines(check: FileCheck, rules: RollRules) -> None:
    """What can be said of the lines without the roll: ID numbers, birthdays, places, lines that stand twice."""
    first: dict[tuple[str, str], int] = {}
    for row in check.rows:
        row.label = str(row.values.get("name", ""))
        _check_person(check, row, rules)
        _check_place(check, row, rules)
        _check_category(check, row)
        _check_consent(check, row, rules.today)
        for column, key in _marks(row):
            other = first.setdefault((column, key), row.line)
            if other != row.line:
                check.fault(row, column, "twice-in-file", line=other)


def check_roll(session: Session, check: FileCheck, rows: Sequence[CheckedRow], rules: RollRules) -> None:
    """Compare some lines with the roll; those with faults stay as they are."""
    fine = [row for row in rows if not row.is_bad]
    known = known_people(session, fine, rules.sealer)
    for row in fine:
        person = _person(check, row, known, rules)
        if row.is_bad:
            continue
        if person is None:
            if "born" not in row.values:
                check.fault(row, "born", "born-needed")
            if "community" not in row.values and rules.home is None:
                check.fault(row, "community", "community-needed")
            continue
        row.target, row.seen = person.id, person.seen
        _compare(check, row, person, rules)


def _marks(row: CheckedRow) -> list[tuple[str, str]]:
    found = [(key, str(row.values[key])) for key in ("resident", "national_id", "card") if row.values.get(key)]
    if "national_id" not in row.values and "resident" not in row.values and "born" in row.values:
        found.append(("name", f"{row.values.get('name')}/{row.values['born']}"))
    return found


def _check_person(check: FileCheck, row: CheckedRow, rules: RollRules) -> None:
    number = row.values.get("national_id")
    if isinstance(number, str) and "*" in number:
        row.values.pop("national_id")  # as exported: what is on file
        if "resident" not in row.values:
            check.fault(row, "national_id", "masked")
        number = None
    if isinstance(number, str):
        _check_id(check, row, number)
    born = row.values.get("born")
    if isinstance(born, str) and not residents.is_possible_birthday(date.fromisoformat(born), rules.today):
        check.fault(row, "born", "born-impossible", value=born)
    for column in ("phone", "address"):
        value = row.values.get(column)
        if isinstance(value, str) and "*" in value and (column == "phone" or not value.strip("*")):
            row.values.pop(column)
            if "resident" not in row.values:
                check.fault(row, column, "masked")


def _check_id(check: FileCheck, row: CheckedRow, number: str) -> None:
    try:
        card: NationalId = read_national_id(number)
    except NationalIdWrong:
        rounded = len(number) == 18 and number.endswith("000")
        check.fault(row, "national_id", "id-rounded" if rounded else "id")
        return
    row.values["national_id"] = card.number
    if row.values.get("born", card.born.isoformat()) != card.born.isoformat():
        check.fault(row, "born", "born-differs", value=str(row.values["born"]), of_id=card.born.isoformat())
    if row.values.get("sex", card.sex) != card.sex:
        check.fault(row, "sex", "sex-differs")
    row.values["born"], row.values["sex"] = card.born.isoformat(), card.sex


def _check_place(check: FileCheck, row: CheckedRow, rules: RollRules) -> None:
    written = row.values.get("community")
    if not isinstance(written, str):
        return
    names = {
        plain(name): view for view in rules.communities for name in (view.id, view.name, view.name.removesuffix("社区"))
    }
    view = names.get(plain(written))
    if view is None:
        meant = nearest(written, [view.name for view in rules.communities])
        check.fault(
            row,
            "community",
            "community",
            value=written[:30],
            meant=meant or "",
            known="、".join(view.name for view in rules.communities),
        )
    else:
        row.values["community"] = view.id


def _check_category(check: FileCheck, row: CheckedRow) -> None:
    if not row.values.get("categories"):
        for column in ("valid_from", "valid_until", "evidence"):
            if column in row.values:
                check.fault(row, column, "without-category")
                return
        return
    for column in ("valid_from", "evidence"):
        if not row.values.get(column):
            check.fault(row, column, "category-needs")
    until = row.values.get("valid_until")
    if isinstance(until, str) and until < str(row.values.get("valid_from", "")):
        check.fault(row, "valid_until", "ends-before")


def _check_consent(check: FileCheck, row: CheckedRow, today: date) -> None:
    on, how = row.values.get("consent_on"), row.values.get("consent_how")
    if isinstance(on, str) and on > today.isoformat():
        check.fault(row, "consent_on", "in-future", value=on)
    elif (on is None) != (how is None):
        check.fault(row, "consent_how" if how is None else "consent_on", "consent-half")


def _person(check: FileCheck, row: CheckedRow, known: KnownPeople, rules: RollRules) -> Person | None:
    """Whom the line means; marks it when that cannot be said."""
    values = row.values
    found = _by_marks(check, row, known, rules)
    if found is None and not row.is_bad and "resident" not in values and "born" in values:
        same = [
            person
            for person in known.by_name.get((str(values["name"]), date.fromisoformat(str(values["born"]))), [])
            # with two ID numbers they are two people of one name and birthday
            if not (person.national_id_index and "national_id" in values)
        ]
        if len(same) > 1:
            check.fault(row, "name", "namesakes")
        found = same[0] if len(same) == 1 else None
    card = values.get("card")
    owner = known.by_card.get(str(card)) if card else None
    if owner is not None and owner is not found:
        check.fault(row, "card", "card-taken")
    if found is not None and not row.is_bad:
        _check_standing(check, row, found, rules)
    return found


def _by_marks(check: FileCheck, row: CheckedRow, known: KnownPeople, rules: RollRules) -> Person | None:
    values, found = row.values, None
    if "resident" in values:
        found = known.by_id.get(str(values["resident"]))
        if found is None:
            check.fault(row, "resident", "resident-unknown")
    if "national_id" in values:
        index = residents.national_id_index(rules.sealer, str(values["national_id"]))
        owner = known.by_national_id.get(index)
        if found is not None and (owner or found) is not found:
            check.fault(row, "national_id", "id-of-another")
        elif found is not None and found.national_id_index not in {None, index}:
            check.fault(row, "national_id", "id-differs")
        found = found or owner
    if found is None and "card" in values:
        owner = known.by_card.get(str(values["card"]))
        born = values.get("born")
        if owner is not None and owner.name == values["name"] and born in {None, str(owner.born)}:
            has_other_id = owner.national_id_index is not None and "national_id" in values
            found = None if has_other_id else owner
    return found


def _check_standing(check: FileCheck, row: CheckedRow, person: Person, rules: RollRules) -> None:
    reach = {view.id for view in rules.communities}
    if person.merged:
        check.fault(row, "name", "merged-file")
    elif not rules.everywhere and person.community_id not in reach:
        check.fault(row, "name", "elsewhere")
    elif person.status is not FileStatus.ACTIVE:
        check.fault(row, "name", "file-closed")


def _compare(check: FileCheck, row: CheckedRow, person: Person, rules: RollRules) -> None:
    values = row.values
    names = {view.id: view.name for view in rules.communities}
    areas = {view.id: view.area for view in rules.communities}
    found: list[Difference] = []

    def changed(field: str, old: str, new: object) -> None:
        if new is not None and new != old:
            found.append(Difference(field, old, str(new)))

    changed("name", person.name, values.get("name"))
    changed("title", person.title, values.get("title"))
    changed("sex", person.sex, values.get("sex"))
    changed("born", str(person.born or ""), values.get("born"))
    if "national_id" in values and person.national_id_index is None:
        found.append(Difference("national_id", "", "…"))
    if values.get("phone") not in {None, person.phone}:
        found.append(Difference("phone", mask_phone(person.phone), mask_phone(str(values["phone"]))))
    if values.get("address") not in {None, person.address}:
        found.append(Difference("address", "…" if person.address else "", "…"))
    if values.get("community") not in {None, person.community_id}:
        new = str(values["community"])
        found.append(Difference("community", names.get(person.community_id or "", ""), names[new]))
    home = areas.get(str(values.get("community") or person.community_id or ""))
    is_here = home is not None and person.register_area == home
    if home and values.get("register_here") not in {None, "yes" if is_here else "no"}:
        found.append(Difference("register_here", "yes" if is_here else "no", str(values["register_here"])))
    _compare_rights(check, row, person, found)
    row.differences = found
    if not row.is_bad:
        row.verdict = Verdict.CHANGE if found else Verdict.SAME


def _compare_rights(check: FileCheck, row: CheckedRow, person: Person, found: list[Difference]) -> None:
    values = row.values
    card = values.get("card")
    if card:
        state = person.cards.get(str(card))
        if state is None:
            found.append(Difference("card", "", str(card)))
        elif state is not CardState.ACTIVE:
            check.fault(row, "card", "card-stopped")
    start = date.fromisoformat(str(values["valid_from"])) if "valid_from" in values else None
    until = first_day_without(values.get("valid_until"))
    categories = values.get("categories")
    for category in categories if isinstance(categories, list) else []:
        held = [(a, b) for key, a, b in person.grants if key == category]
        if start is None or (start, until) in held:
            continue
        clash = next(((a, b) for a, b in held if (b is None or start < b) and (until is None or a < until)), None)
        if clash is not None:
            last = clash[1] - timedelta(days=1) if clash[1] else None
            check.fault(
                row, "categories", "category-held", category=category, since=str(clash[0]), until=str(last or "")
            )
        else:
            found.append(Difference("categories", "", category))
    if "consent_on" in values and not person.has_consent:
        found.append(Difference("consent_on", "", str(values["consent_on"])))


def first_day_without(last: object) -> date | None:
    """Files name the last good day; the roll keeps the first day without."""
    return date.fromisoformat(last) + timedelta(days=1) if isinstance(last, str) else None
