"""Where a household register lies, seen from the scheme."""

from datetime import date

import pytest

from canteen.db.database import Database
from subsidies.eligibility import diner_facts, eligibility_file, grants, register_level
from subsidies.rules.facts import Diner


@pytest.mark.parametrize(
    "area,level",
    [
        ("", "none"),
        ("changchun/chaoyang", "other"),
        ("jilinshi", "other"),
        ("jilin", "city"),
        ("jilin/chuanying/x/y", "city"),
        ("jilin/fengmanxian", "city"),
        ("jilin/fengman", "district"),
        ("jilin/fengman/jianhua", "subdistrict"),
        ("jilin/fengman/jianhua/longcheng", "community"),
        ("jilin/fengman/jianhua/longcheng/1", "community"),
    ],
)
def test_register_level(area: str, level: str) -> None:
    assert register_level(area) == level


def test_another_scheme_sees_it_from_its_own_area() -> None:
    assert register_level("jilin/fengman/jianhua", "changchun/chaoyang") == "other"
    assert register_level("changchun/chaoyang/x", "changchun/chaoyang") == "subdistrict"


def test_somebody_without_a_file_is_a_diner_of_whom_nothing_is_known(database: Database) -> None:
    assert database.read_sync(diner_facts, "nobody", date(2026, 11, 23)) == Diner()
    assert database.read_sync(eligibility_file, "nobody") is None
    assert database.read_sync(grants, "nobody") == ()
