"""The two canteens ship as data."""

from datetime import date

import pytest
from sqlmodel import Session, col, delete, func, select, update

from canteen.db.database import Database
from canteen.sites.errors import CanteenUnknown, CommunityUnknown
from canteen.sites.holidays import missing_years, seed_holidays
from canteen.sites.models import Canteen, ClosingDay, Holiday, KitchenMode, ServiceHours
from canteen.sites.places import all_canteens, canteen, canteens_of_kitchen, communities, community, seed_places


def count(session: Session) -> tuple[int, int, int]:
    """Rows of hours, closing days and holidays."""
    tables = (ServiceHours, ClosingDay, Holiday)
    hours, closing, holidays = (session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)
    return hours, closing, holidays


def test_both_canteens_are_there_in_their_place(database: Database) -> None:
    longcheng, shuiyun = database.read_sync(all_canteens)

    assert (longcheng.id, longcheng.name, longcheng.area) == (
        "longcheng",
        "龙城社区长者食堂",
        "jilin/fengman/jianhua/longcheng",
    )
    assert (shuiyun.name, shuiyun.area) == ("水韵社区社区食堂", "jilin/fengman/taishan/shuiyun")
    assert (longcheng.open_to_all, shuiyun.open_to_all) == (False, True)
    assert longcheng.mode is KitchenMode.BATCH
    assert database.read_sync(canteens_of_kitchen, "longcheng") == ("longcheng",)
    assert [(c.name, c.subdistrict_name) for c in database.read_sync(communities)] == [
        ("龙城社区", "建华街道"),
        ("水韵社区", "泰山街道"),
    ]


def test_seeding_again_changes_nothing(database: Database) -> None:
    before = database.read_sync(count)

    database.write_sync(seed_places)

    assert database.read_sync(count) == before
    assert before[0] == 42


def test_what_the_district_edited_stays(database: Database) -> None:
    def edit(session: Session) -> None:
        session.execute(update(Canteen).where(col(Canteen.id) == "longcheng").values(short_name="龙城"))
        session.execute(delete(ClosingDay))
        session.execute(delete(Holiday).where(col(Holiday.day) == date(2026, 10, 1)))

    database.write_sync(edit)
    before = database.read_sync(count)

    database.write_sync(seed_places)

    assert database.read_sync(count) == before
    assert database.read_sync(canteen, "longcheng").short_name == "龙城"


def test_unknown_places_are_refused(database: Database) -> None:
    with pytest.raises(CanteenUnknown):
        database.read_sync(canteen, "moon")
    with pytest.raises(CommunityUnknown):
        database.read_sync(community, "moon")


def test_a_year_without_holidays_is_warned_about(database: Database) -> None:
    """The calendar library ends with 2026; in November the next year is close enough to matter."""
    assert database.read_sync(missing_years, date(2026, 6, 1)) == ()
    assert database.read_sync(missing_years, date(2026, 11, 23)) == (2027,)
    assert database.write_sync(seed_holidays) == 0
