"""Signing in and out, sessions and their ends."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select, update

from canteen.db.database import Database
from canteen.people.models import Account, WebSession
from canteen.people.tokens import hash_secret
from canteen.people.web_sessions import drop_ended
from canteen.usecases.staff_leaves import staff_leaves
from tests.canteen.web.conftest import Browser, Open

NOW = datetime.now(UTC)


def _sessions(session: Session) -> list[tuple[str, datetime]]:
    return [(row.key_hash, row.expires_at) for row in session.exec(select(WebSession)).all()]


def _pause_is_over(session: Session) -> None:
    session.execute(update(Account).values(paused_until=NOW - timedelta(seconds=1)))


def _end_all(session: Session) -> None:
    session.execute(update(WebSession).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    "username,home",
    [("longcheng-staff", "/staff"), ("longcheng-manager", "/staff"), ("officer", "/office"), ("admin", "/office")],
)
def test_each_role_lands_where_its_work_starts(browser: Browser, username: str, home: str) -> None:
    answer = browser.sign_in(username)

    assert (answer.status_code, answer.headers["location"]) == (303, home)


def test_wrong_password_says_the_same_for_known_and_unknown_names(browser: Browser) -> None:
    known = browser.sign_in("officer", "wrong").text
    unknown = browser.sign_in("nobody", "wrong").text

    assert "用户名或密码不对" in known
    assert "用户名或密码不对" in unknown


def test_five_failures_pause_the_account_even_for_the_right_password(browser: Browser) -> None:
    for _ in range(5):
        browser.sign_in("officer", "wrong")

    answer = browser.sign_in("officer")

    assert answer.status_code == 403
    assert "先停一会儿" in answer.text


def test_pause_ends_after_a_minute(browser: Browser, database: Database) -> None:
    for _ in range(5):
        browser.sign_in("officer", "wrong")
    database.write_sync(_pause_is_over)

    assert browser.sign_in("officer").status_code == 303


def test_session_id_brought_along_is_never_adopted(browser: Browser, database: Database) -> None:
    chosen = "chosen-by-the-attacker"
    browser.client.cookies.set("session", chosen)

    given = browser.sign_in("officer").cookies["session"]

    assert given != chosen
    assert [key for key, _ in database.read_sync(_sessions)] == [hash_secret(given)]


def test_second_sign_in_ends_the_first_session_of_that_browser(browser: Browser, database: Database) -> None:
    browser.sign_in("officer")
    browser.sign_in("auditor")

    assert len(database.read_sync(_sessions)) == 1


def test_cookie_cannot_be_read_from_the_database(browser: Browser, database: Database) -> None:
    browser.sign_in("officer")

    cookie = browser.client.cookies["session"]

    assert all(cookie not in key for key, _ in database.read_sync(_sessions))


def test_signed_out_cookie_opens_nothing(browser: Browser) -> None:
    browser.sign_in("admin")
    cookie = browser.client.cookies["session"]
    assert browser.get("/devices").status_code == 200

    browser.post("/signout")
    browser.client.cookies.set("session", cookie)

    assert browser.get("/devices").status_code == 303


def test_idle_session_ends(browser: Browser, database: Database) -> None:
    browser.sign_in("admin")

    database.write_sync(_end_all)

    assert browser.get("/devices").headers["location"].startswith("/signin?next=")
    assert database.write_sync(drop_ended, NOW) == 1


def test_session_of_somebody_who_left_ends_at_once(browser: Browser, database: Database) -> None:
    browser.sign_in("admin")

    database.write_sync(staff_leaves, "admin", now=NOW, actor="cli")

    assert browser.get("/devices").status_code == 303
    assert browser.sign_in("admin").status_code == 403


def test_session_cookie_is_out_of_reach_for_scripts_and_secure_behind_tls(browser: Browser, open_browser: Open) -> None:
    plain = browser.sign_in("officer").headers["set-cookie"]
    behind_tls = open_browser(secure_cookies=True)
    behind_tls.client.base_url = "https://canteen.test"
    secure = behind_tls.sign_in("officer").headers["set-cookie"]

    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain
    assert "Secure" in secure


@pytest.mark.parametrize(
    "wanted,lands",
    [
        ("/office/residents", "/office/residents"),
        ("//evil.example", "/office"),
        ("https://evil.example", "/office"),
        ("/\\evil.example", "/office"),
        ("/a\nb", "/office"),
    ],
)
def test_sign_in_leads_on_within_this_site_only(browser: Browser, wanted: str, lands: str) -> None:
    answer = browser.post("/signin", {"username": "officer", "password": "demo-nuancan", "next": wanted})

    assert answer.headers["location"] == lands


def test_password_hash_is_argon2id_with_the_chosen_cost(browser: Browser, database: Database) -> None:
    stored = database.read_sync(
        lambda s: s.execute(select(Account.password_hash).where(col(Account.username) == "officer")).scalar_one()
    )

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_demo_accounts_are_offered_in_demo_mode_only(browser: Browser, open_browser: Open) -> None:
    assert "demo-nuancan" in browser.get("/signin").text
    assert "demo-nuancan" not in open_browser(demo=False).get("/signin").text
