"""「我能享受什么」: anybody asks, nothing is kept."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from canteen.schema import metadata
from tests.journeys.office_browser import words
from tests.support.world import World


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    return {name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in metadata.tables}  # noqa: S608 - our own names


@pytest.mark.parametrize(
    "age, living, told",
    [
        ("92", "longcheng", "您不用付钱"),
        ("82", "longcheng", "您付 6 元"),
        ("82", "other", "今天没有优惠"),
        ("30", "shuiyun", "今天没有优惠"),
    ],
)
def test_the_answer_is_that_of_the_rules_in_force(world: World, age: str, living: str, told: str) -> None:
    """92 eats free, 82 pays six yuan, who lives elsewhere or is young pays the price; example rates say so."""
    with world.client() as client:
        answer = client.post(
            "/entitled", data={"age": age, "living": living, "register": living}, headers={"accept": "text/html"}
        )

    assert answer.status_code == 200
    assert told in words(answer)


def test_nothing_is_kept_of_what_was_asked(world: World) -> None:
    """No cookie, no row, nothing in the address; the browser keeps no copy."""
    before = world.database.read_sync(rows)
    with world.client() as client:
        page = client.get("/entitled", headers={"accept": "text/html"})
        answer = client.post(
            "/entitled",
            data={
                "age": "70",
                "living": "longcheng",
                "register": "district",
                "category": ["low_income", "living_alone"],
            },
            headers={"accept": "text/html"},
        )
        cookies = [page.headers.get("set-cookie"), answer.headers.get("set-cookie")]

    assert cookies == [None, None]
    assert answer.url.query == b""
    assert answer.headers["cache-control"] == "no-store"
    assert "最低生活保障证" in words(answer)
    assert world.database.read_sync(rows) == before


def test_what_cannot_be_is_asked_again_with_everything_else_kept(world: World) -> None:
    """Errors at the top, each a link; in English too."""
    with world.client() as client:
        answer = client.post(
            "/entitled?lang=en", data={"age": "two", "living": "longcheng"}, headers={"accept": "text/html"}
        )

    assert answer.status_code == 422
    assert 'href="#age"' in answer.text
    assert 'href="#register"' in answer.text
    assert "Choose a place" in answer.text
    assert 'value="longcheng" required checked' in answer.text
