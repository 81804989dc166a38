"""`canteen serve` and `canteen demo`."""

import os
import socket

import click
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from uvicorn.supervisors import Multiprocess

from canteen.cli.demo_page import demo_page
from canteen.cli.setting_up import make_ready, opened, read_settings
from canteen.db.database import Database
from canteen.demo.accounts import open_demo_accounts
from canteen.demo.seed import load_or_top_up
from canteen.settings import Settings


def listening_socket(settings: Settings) -> socket.socket:
    """Bound before anything is loaded, so that a busy port is told at once and in words."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
    except OSError as error:
        made.close()
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"{settings.host}:{settings.port} cannot be used ({reason}); choose another with PORT=8001"
        ) from error
    made.listen(2048)
    made.set_inheritable(True)
    return made


def run_server(settings: Settings, listening: socket.socket, workers: int) -> None:
    """Serve until stopped. Each worker process makes its own app from the environment."""
    os.environ["CANTEEN_DEMO"] = "1" if settings.demo else "0"
    os.environ["CANTEEN_DATA_DIR"] = str(settings.data_dir)
    config = uvicorn.Config(
        "canteen.app:served",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        loop="auto",
        http="auto",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
    )
    if workers > 1:
        Multiprocess(config, sockets=[listening]).run()
    else:
        uvicorn.Server(config).run(sockets=[listening])


@click.command()
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--host", default=None, help="Address to listen on; HOST says the same.")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="Port to listen on; PORT says the same.")
def serve(workers: int, host: str | None, port: int | None) -> None:
    """Serve the platform. An empty or older embedded database is brought up to date first."""
    _override(host, port)
    settings = read_settings()
    with listening_socket(settings) as listening:
        make_ready(settings)
        if not settings.demo:
            _refuse_demo_accounts(settings)
        click.echo(f"暖餐 {_address(settings)}")
        run_server(settings, listening, workers)


@click.command()
@click.option("--load-only", is_flag=True, help="Load or top up the demo data and stop.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--host", default=None, help="Address to listen on; HOST says the same.")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="Port to listen on; PORT says the same.")
def demo(*, load_only: bool, workers: int, host: str | None, port: int | None) -> None:
    """Load invented residents and two months of meals, then serve and print how to try it."""
    _override(host, port)
    settings = read_settings(demo=True)
    if load_only:
        _load(settings)
        return
    with listening_socket(settings) as listening:
        _load(settings)
        click.echo(demo_page(settings))
        run_server(settings, listening, workers)


def _load(settings: Settings) -> None:
    """Everything the seed knows, with a bar on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("演示数据", total=1.0)

        def show(what: str, part: float) -> None:
            bar.update(task, description=what, completed=part)

        with opened(settings) as database:
            load_or_top_up(database, settings, show)


def _override(host: str | None, port: int | None) -> None:
    if host is not None:
        os.environ["CANTEEN_HOST"] = host
    if port is not None:
        os.environ["CANTEEN_PORT"] = str(port)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _refuse_demo_accounts(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        found = open_demo_accounts(database)
    finally:
        database.close()
    if found:
        raise click.ClickException(
            f"this database holds demo accounts anyone can enter ({', '.join(sorted(found))}). Use `canteen demo`, "
            "or another CANTEEN_DATA_DIR for the real canteen"
        )
