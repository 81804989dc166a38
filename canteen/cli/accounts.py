"""`canteen token …` and `canteen staff …`."""

import getpass
import secrets
import sys

import click

from canteen.cli.setting_up import business_now, opened, read_settings, real_now
from canteen.people.errors import PeopleError
from canteen.people.models import Role
from canteen.people.passwords import MAX_LENGTH, MIN_LENGTH, hash_password
from canteen.people.tokens import new_bearer
from canteen.usecases.add_account import NewAccount, add_account
from canteen.usecases.create_token import FOR_PROGRAMS, create_token
from canteen.usecases.revoke_token import revoke_token
from canteen.usecases.staff_leaves import staff_leaves
from canteen.web.problems import told

_TOKEN_ROLES = sorted(str(role) for role in FOR_PROGRAMS)
_ROLES = [str(role) for role in Role if role is not Role.KIOSK]


def refused(error: PeopleError) -> click.ClickException:
    """The refusal in English words, exit code 1."""
    words = told(error.code, "en", error.data)
    return click.ClickException(f"{words.happened}. {words.next}")


@click.group()
def token() -> None:
    """Bearer tokens for programs."""


@token.command("create")
@click.option("--role", required=True, type=click.Choice(_TOKEN_ROLES), help="What the program may do.")
@click.option("--canteen", default=None, help="Canteen it works for: longcheng, shuiyun…")
@click.option("--name", default="program", show_default=True, help="Who uses it, for the audit log.")
@click.option("--days", default=None, type=int, help="Days it stays good; without it until revoked.")
def token_create(role: str, canteen: str | None, name: str, days: int | None) -> None:
    """Create a token. It is shown once, alone on the last line of stdout."""
    bearer = new_bearer()
    with opened(read_settings()) as database:
        try:
            token_id = database.write_sync(
                create_token,
                bearer,
                role=Role(role),
                canteen_id=canteen,
                name=name,
                days=days,
                now=real_now(),
                business_now=business_now(database),
                actor="cli",
            )
        except PeopleError as error:
            raise refused(error) from error
    click.echo(f"token {token_id} for {name} ({role}{f' at {canteen}' if canteen else ''})", err=True)
    click.echo(bearer)


@token.command("revoke")
@click.argument("token_id")
def token_revoke(token_id: str) -> None:
    """Take a token away; TOKEN_ID is what `token create` printed."""
    with opened(read_settings()) as database:
        try:
            database.write_sync(revoke_token, token_id, now=real_now(), actor="cli")
        except PeopleError as error:
            raise refused(error) from error
    click.echo(f"token {token_id} revoked")


@click.group()
def staff() -> None:
    """Accounts of people who sign in."""


@staff.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name colleagues see.")
@click.option("--role", required=True, type=click.Choice(_ROLES))
@click.option("--canteen", default=None, help="For staff and managers.")
@click.option("--community", default=None, help="For community workers.")
@click.option("--subdistrict", default=None, help="For subdistrict reviewers.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin instead of asking.")
def staff_add(
    *,
    username: str,
    name: str,
    role: str,
    canteen: str | None,
    community: str | None,
    subdistrict: str | None,
    password_stdin: bool,
) -> None:
    """Give somebody an account. Without a typed password one is made and printed once."""
    made = ""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass.getpass("password (empty: make one): ")
    else:
        password = ""
    if not password:
        password = made = secrets.token_urlsafe(9)
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise click.ClickException(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    new = NewAccount(username, name, Role(role), hash_password(password), canteen, community, subdistrict)
    with opened(read_settings()) as database:
        try:
            database.write_sync(add_account, new, now=real_now(), actor="cli")
        except PeopleError as error:
            raise refused(error) from error
    click.echo(f"account {username} ({role})")
    if made:
        click.echo(made)


@staff.command("leave")
@click.argument("username")
def staff_leave(username: str) -> None:
    """Close an account and end its sessions at once."""
    with opened(read_settings()) as database:
        try:
            database.write_sync(staff_leaves, username, now=real_now(), actor="cli")
        except PeopleError as error:
            raise refused(error) from error
    click.echo(f"account {username} has left")
