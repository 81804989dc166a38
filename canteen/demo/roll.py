"""The roll of invented residents (演示): the known ones first, the rest drawn from a seed."""

from functools import cache
from random import Random

from msgspec import Struct
from stdnum.cn import ric

from canteen.demo.catalogue import read
from canteen.demo.draw import Names, draw_person
from canteen.demo.resident import Person, ResidentSpec

SIZE = 300
SEED = 20261123
PLACE_CODE = "220211"
"""丰满区. The sequence numbers behind it start at 900: more births than a district has on one day."""
PLACES = {
    "jilin/fengman/jianhua/longcheng": "建华街道龙城社区",
    "jilin/fengman/taishan/shuiyun": "泰山街道水韵社区",
    "jilin/chuanying/dadong": "船营区大东街道",
    "changchun/nanguan/minkang": "长春市南关区民康街道",
    "changchun/lvyuan/zhengyang": "长春市绿园区正阳街道",
}
COMMUNITIES = ("longcheng", "shuiyun")


class _PeopleFile(Struct, frozen=True, forbid_unknown_fields=True):
    people: tuple[Person, ...]


@cache
def known_people() -> tuple[Person, ...]:
    """The people that documents and tests know; their place here is their index on the roll."""
    return read("residents.toml", _PeopleFile).people


def residents(seed: int = SEED) -> list[ResidentSpec]:
    """The roll of 300; the same seed gives the same roll on every machine, the known people stay with any seed."""
    rng = Random(seed)
    names = read("names.toml", Names)
    people = list(known_people())
    people += [draw_person(rng, names, index) for index in range(len(people), SIZE)]
    fetchers = _fetchers(rng, people)
    return [_resident(index, person, fetchers.get(index)) for index, person in enumerate(people)]


def national_id(person: Person, index: int) -> str:
    """18 characters; the sequence number is odd for a man, the last character makes the check right."""
    sequence = 900 + index % 45 * 2 + (person.sex == "m")
    body = f"{PLACE_CODE}{person.born:%Y%m%d}{sequence}"
    return body + ric.calc_check_digit(body + "0")


def _fetchers(rng: Random, people: list[Person]) -> dict[int, int]:
    """Who brings whose meals: as written down, and for a few more a neighbour of the same place."""
    named = {index: person.fetched_by for index, person in enumerate(people) if person.fetched_by is not None}
    first_drawn = len(known_people())
    for index in range(first_drawn + 1, len(people)):
        neighbour = first_drawn + int(rng.random() * (index - first_drawn))
        if rng.random() < 0.1 and people[neighbour].area == people[index].area and people[neighbour].born.year < 2006:
            named[index] = neighbour
    return named


def _resident(index: int, person: Person, fetched_by: int | None) -> ResidentSpec:
    home = person.area.rpartition("/")[2]
    return ResidentSpec(
        index=index,
        name=person.name,
        title=person.title,
        sex=person.sex,
        born=person.born,
        national_id=national_id(person, index) if person.has_id else None,
        phone=f"1990000{1000 + index * 29:04d}" if person.has_phone else None,
        address=_address(person.area, index),
        community=home if home in COMMUNITIES else "",
        register_area=person.register_area or person.area,
        living_area=person.area,
        status=person.status,
        categories=person.categories,
        instructions=person.instructions,
        allergies=person.allergies,
        cards=person.cards,
        wallet_topup_fen=person.wallet_topup_fen,
        habit=person.habit,
        fetched_by=fetched_by,
        large_type=person.large_type,
    )


def _address(area: str, index: int) -> str:
    building, entrance, floor, door = 1 + index % 23, 1 + index % 4, 1 + index % 6, 1 + index % 3
    return f"{PLACES[area]}{building}号楼{entrance}单元{floor}0{door}室（演示）"
