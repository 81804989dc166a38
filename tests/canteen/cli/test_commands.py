"""The `canteen` command, on a database of its own."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from canteen.cli import main
from canteen.cli.demo_page import demo_page, lan_address
from canteen.cli.serving import listening_socket
from canteen.db.database import Database
from canteen.db.migrate import current, newest
from canteen.demo.accounts import DEMO_SIGN_INS, add_demo_accounts
from canteen.people.models import ApiToken
from canteen.people.tokens import hash_secret
from canteen.settings import Settings
from subsidies.ledger import Entry, Leg, post
from tests.support.server import free_port

Run = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'canteen.sqlite3'}"


@pytest.fixture
def run(tmp_path: Path, url: str) -> Run:
    """`run("token", "create", …)` with this test's settings."""

    def invoke(*arguments: str, stdin: str = "", **environment: str) -> Result:
        settings = {"CANTEEN_DATA_DIR": str(tmp_path), "CANTEEN_DATABASE_URL": url, "CANTEEN_SECRET_KEY": "k" * 48}
        return CliRunner().invoke(main, arguments, input=stdin, env=settings | environment)

    return invoke


def _tokens(session: Session) -> list[tuple[str, str]]:
    return [(row.id, row.token_hash) for row in session.exec(select(ApiToken)).all()]


def test_migrate_makes_an_empty_database_current_and_may_be_repeated(run: Run, url: str) -> None:
    first = run("migrate")
    again = run("migrate")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert current(url) == newest()
    assert "was None" in first.stdout
    assert "was" not in again.stdout


def test_token_stands_alone_on_the_last_line_and_only_its_hash_is_kept(run: Run, url: str) -> None:
    result = run("token", "create", "--role", "kiosk", "--canteen", "longcheng")

    token = result.stdout.splitlines()[-1]
    database = Database(url)
    kept = database.read_sync(_tokens)
    database.close()
    assert re.fullmatch(r"nc_[\w-]{43}", token)
    assert [stored for _, stored in kept] == [hash_secret(token)]


def test_token_is_revoked_once(run: Run, url: str) -> None:
    run("token", "create", "--role", "officer")
    database = Database(url)
    [(token_id, _)] = database.read_sync(_tokens)
    database.close()

    assert run("token", "revoke", token_id).exit_code == 0
    again = run("token", "revoke", token_id)
    assert again.exit_code == 1
    assert "revoked" in again.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--role", "kiosk"),
        ("--role", "staff", "--canteen", "nowhere"),
        ("--role", "officer", "--days", "0"),
        ("--role", "admin"),
    ],
)
def test_token_with_wrong_scope_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("token", "create", *arguments)

    assert result.exit_code != 0
    assert "nc_" not in result.stdout


def test_staff_are_added_and_leave(run: Run) -> None:
    added = run("staff", "add", "li", "--name", "李师傅", "--role", "staff", "--canteen", "longcheng")
    twice = run("staff", "add", "li", "--name", "李师傅", "--role", "staff", "--canteen", "longcheng")
    left = run("staff", "leave", "li")
    again = run("staff", "leave", "li")

    assert added.exit_code == 0
    assert len(added.stdout.splitlines()[-1]) >= 12
    assert "taken" in twice.stderr
    assert left.exit_code == 0
    assert again.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("li", "--name", "李", "--role", "staff"),
        ("li", "--name", "李", "--role", "officer", "--canteen", "longcheng"),
        ("Li!", "--name", "李", "--role", "officer"),
        ("li", "--name", " ", "--role", "officer"),
        ("li", "--name", "李", "--role", "community"),
    ],
)
def test_account_that_does_not_fit_its_role_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("staff", "add", *arguments).exit_code == 1


def test_short_password_is_refused(run: Run) -> None:
    arguments = ("staff", "add", "li", "--name", "李", "--role", "officer", "--password-stdin")

    assert run(*arguments, stdin="short\n").exit_code == 1
    assert run(*arguments, stdin="long enough\n").exit_code == 0


def test_jobs_may_run_any_time_all_or_one(run: Run) -> None:
    before = run("jobs", "list").stdout
    everything = run("jobs", "run").stdout
    one = run("jobs", "run", "end-orders").stdout
    after = run("jobs", "list").stdout

    assert before.splitlines()[0].split() == ["top-up-portions", "never"]
    assert "end-orders: 0" in everything
    assert "close-menus: 0" in everything
    assert one == "end-orders: 0\n"
    assert "never" not in after
    assert run("jobs", "run", "nothing").exit_code == 2


def test_serving_demo_accounts_outside_demo_mode_is_refused(run: Run, url: str) -> None:
    run("migrate")
    database = Database(url)
    add_demo_accounts(database, datetime.now(UTC))
    database.close()

    result = run("serve", PORT=str(free_port()))

    assert result.exit_code == 1
    assert "demo accounts" in result.stderr


@pytest.mark.parametrize(
    "environment,message",
    [({"CANTEEN_SECRET_KEY": "short"}, "CANTEEN_SECRET_KEY"), ({"PORT": "99999"}, "PORT")],
)
def test_unreadable_setting_is_named(run: Run, environment: dict[str, str], message: str) -> None:
    result = run("jobs", "run", **environment)

    assert result.exit_code == 2
    assert message in result.stderr


def test_busy_port_is_told_in_words(run: Run, tmp_path: Path) -> None:
    port = free_port()
    with listening_socket(Settings("sqlite://", tmp_path, "k" * 48, port=port)):
        result = run("serve", PORT=str(port))

    assert result.exit_code == 1
    assert "PORT=" in result.stderr


def test_demo_page_names_every_role_card_and_address(tmp_path: Path) -> None:
    page = demo_page(Settings("sqlite://", tmp_path, "k" * 48, port=8000, demo=True))

    assert all(demo.username in page for demo in DEMO_SIGN_INS)
    assert all(f"62220000000000{tail}" in page for tail in ("82", "92", "17", "67"))
    assert "canteen token create" in page
    assert "█" not in page


def test_phone_address_is_shown_as_a_qr_on_a_lan_only(tmp_path: Path) -> None:
    page = demo_page(Settings("sqlite://", tmp_path, "k" * 48, host="192.168.1.20", demo=True))

    assert "http://192.168.1.20:8000/m/longcheng" in page
    assert "█" in page
    assert lan_address("127.0.0.1") is None
    assert lan_address("localhost") is None


def test_ledger_is_walked_and_an_empty_one_says_so(run: Run) -> None:
    run("migrate")

    assert run("ledger", "verify").stdout == "no entry is booked\n"
    assert run("ledger", "verify", "--canteen", "nowhere").exit_code == 2


def test_a_changed_entry_breaks_its_chain_and_the_command_names_it(run: Run, url: str) -> None:
    run("migrate")
    database = Database(url)
    day = datetime(2026, 11, 24, 4, tzinfo=UTC)
    legs = (Leg("F", "1020", 500), Leg("F", "2300", -500))
    gift = Entry("load:gift", "longcheng", "load", "donation:gift", day.date(), legs, "account:officer")
    database.write_sync(post, [gift], now=day)
    whole = run("ledger", "verify")
    database.write_sync(_change_past_the_guard)
    broken = run("ledger", "verify", "--canteen", "longcheng")
    database.close()

    assert (whole.exit_code, whole.stdout[:26]) == (0, "ok    longcheng: 1 entries")
    assert (broken.exit_code, broken.stdout.splitlines()[1].strip()) == (
        1,
        "longcheng entry 1 was changed (load:gift)",
    )


def _change_past_the_guard(session: Session) -> None:
    connection = session.connection()
    for name in connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_transaction'"
    ).scalars():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("UPDATE ledger_transaction SET actor = 'somebody'")
