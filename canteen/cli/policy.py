"""`canteen policy lint|test|explain|simulate`: rule documents on a desk, without a screen. Exit 0 yes, 1 no, 2 misuse."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from canteen.cli.month_type import MonthType
from canteen.cli.progress_bar import progress_bar
from canteen.cli.setting_up import opened, read_settings
from canteen.orders.errors import OrderNotFound
from canteen.readmodels.order_trace import OrderTrace, order_trace
from canteen.readmodels.replayed import Shares, replayed_orders
from canteen.readmodels.simulated_spend import SimulatedSpend, Tally, simulated_spend
from canteen.sites import places
from subsidies.errors import RuleDocumentError
from subsidies.money import format_yuan_full
from subsidies.months import Month
from subsidies.rules.document import load
from subsidies.rules.examples import run_examples
from subsidies.rules.explain import advise, describe
from subsidies.rules.lint import lint, lint_together, refuses
from subsidies.rules.places import line_of
from subsidies.rules.problems import problem_words
from subsidies.rules.rule_set import RuleSet
from subsidies.rules.words import Language

_LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
_FILE = click.Path(exists=True, path_type=Path)


@click.group()
def policy() -> None:
    """Rule documents: check them, run their examples, explain an order, try one on past meals."""


@policy.command("lint")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_LANGUAGE
def lint_files(files: tuple[Path, ...], lang: Language) -> None:
    """Whether rule documents may be published; every finding with its line and what to do. Folders are searched."""
    sets: list[RuleSet] = []
    is_fine = True
    for file, text in _documents(files):
        rule_set = _read(file, text, lang)
        if rule_set is None:
            is_fine = False
            continue
        sets.append(rule_set)
        findings = lint(rule_set)
        is_fine = is_fine and not refuses(findings)
        click.echo(f"{file}: {'FAIL' if refuses(findings) else 'ok'}  {rule_set.code}@{rule_set.version}")
        for finding in findings:
            line = line_of(text, finding.at)
            where = f"{file}:{line}" if line else str(file)
            click.echo(f"  {where}: {finding.level} {finding.code}: {describe(finding, lang)}")
            if finding.level == "error":
                click.echo(f"      → {advise(finding, lang)}")
    for finding in lint_together(sets):
        is_fine = False
        click.echo(f"{finding.level} {finding.code}: {describe(finding, lang)}")
        click.echo(f"      → {advise(finding, lang)}")
    if not is_fine:
        sys.exit(1)


@policy.command("test")
@click.argument("files", nargs=-1, required=True, type=_FILE)
def test_files(files: tuple[Path, ...]) -> None:
    """Run the worked examples of rule documents. Folders are searched."""
    passed = failed = 0
    for file, text in _documents(files):
        rule_set = _read(file, text)
        if rule_set is None:
            failed += 1
            continue
        results = run_examples(rule_set)
        wrong = [result for result in results if not result.passed]
        passed, failed = passed + len(results) - len(wrong), failed + len(wrong) + (not results)
        verdict = "FAIL" if wrong or not results else "ok"
        click.echo(f"{file}: {verdict}  {len(results) - len(wrong)} of {len(results)} examples")
        if not results:
            click.echo("      → there is no worked example: add one as [[examples]]")
        for result in wrong:
            line = line_of(text, f"examples.{result.name}")
            for what, expected, actual in result.differences:
                click.echo(f"  {file}:{line}: {result.name}: {what} should be {expected}, is {actual}")
    click.echo(f"{passed} passed, {failed} failed")
    if failed or not passed:
        sys.exit(1)


@policy.command("explain")
@click.option("--order", default=None, metavar="ID", help="One order, step by step.")
@click.option("--from", "first", type=MonthType(), default=None, help="Every order of the months from…")
@click.option("--to", "last", type=MonthType(), default=None, help="…to (both whole); else the same month.")
@_LANGUAGE
def explain_orders(order: str | None, first: Month | None, last: Month | None, lang: Language) -> None:
    """Decide orders again from what was frozen with them; exit code 1 when one differs from order or ledger."""
    with opened(read_settings()) as database:
        if order is not None and first is None and last is None:
            try:
                trace = database.read_sync(order_trace, order, language=lang)
            except OrderNotFound as error:
                raise click.ClickException(f"no order {order}") from error
            _show(trace)
            return
        if first is None or order is not None:
            raise click.UsageError("say --order ID, or --from 2026-09 [--to 2026-10]")
        months = _months(first, last)
        with progress_bar() as on_step:
            found = database.read_sync(replayed_orders, months[0].first, months[1].after, on_step=on_step)
    for one in found.disagreements:
        what = "decided again differs from the order" if one.where == "order" else "the books differ from the order"
        click.echo(f"{one.order_id}: {what}: {_shares(one.expected)} ≠ {_shares(one.found)}")
    click.echo(f"{found.orders} orders decided again, {found.booked} in the books, {len(found.disagreements)} differ")
    if found.disagreements or not found.orders:
        sys.exit(1)


@policy.command("simulate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "first", type=MonthType(), required=True, help="The first month, whole.")
@click.option("--to", "last", type=MonthType(), default=None, help="The last month, whole; else the first.")
@click.option("--canteen", "canteens", multiple=True, help="Only this one; may be said again.")
def simulate(file: Path, first: Month, last: Month | None, canteens: tuple[str, ...]) -> None:
    """Try a rule document on past meals: what it would have cost, and who would gain or lose. Nothing is changed."""
    rule_set = _read(file, file.read_text(encoding="utf-8"))
    if rule_set is None:
        sys.exit(1)
    since, until = _months(first, last)
    with opened(read_settings()) as database:
        known = {view.id: view.name for view in database.read_sync(places.all_canteens)}
        if unknown := set(canteens) - known.keys():
            raise click.UsageError(f"no canteen {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        with progress_bar() as on_step:
            found = database.read_sync(
                simulated_spend, rule_set, since, until, canteens=canteens or tuple(known), on_step=on_step
            )
    _show_simulation(found)
    if not found.total.meals:
        click.echo("no meal was handed over in these months")
        sys.exit(1)


def _documents(files: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    """Each document with its text; a folder stands for every .toml in it."""
    for given in files:
        for file in sorted(given.rglob("*.toml")) if given.is_dir() else (given,):
            yield file, file.read_text(encoding="utf-8", errors="replace")


def _read(file: Path, text: str, lang: Language = "en") -> RuleSet | None:
    try:
        return load(text)
    except RuleDocumentError as error:
        line = line_of(text, error.path, error.problem)
        click.echo(f"{file}: FAIL\n  {file}{f':{line}' if line else ''}: {error.path}: {problem_words(error, lang)}")
        return None


def _months(first: Month, last: Month | None) -> tuple[Month, Month]:
    if last is not None and last < first:
        raise click.UsageError(f"--to {last.text} is before --from {first.text}")
    return first, last or first


def _show(trace: OrderTrace) -> None:
    order, decided = trace.order, trace.decided
    click.echo(f"{order.id}  {trace.canteen_name}  {order.day} {order.meal}  {order.status}")
    if decided is None:
        click.echo(f"no rule set was in force: {format_yuan_full(order.list_fen)}, all paid by the diner")
        agrees = not trace.shares
    else:
        for line in decided.lines:
            click.echo(f"  {line}")
        agrees = decided.agrees
    is_served = trace.handed_over is not None
    booked = trace.ledger_fen == (order.subsidy_fen if is_served else 0)
    click.echo(f"order: {'agrees' if agrees else 'DIFFERS'}  books: {'agree' if booked else 'DIFFER'}", nl=False)
    click.echo(f" ({format_yuan_full(trace.ledger_fen)}), hash chain: {'ok' if trace.hashes_ok else 'BROKEN'}")
    if not (agrees and booked and trace.hashes_ok):
        sys.exit(1)


def _shares(shares: Shares) -> str:
    return ", ".join(f"{'/'.join(key)} {format_yuan_full(fen)}" for key, fen in sorted(shares.items())) or "nothing"


def _show_simulation(found: SimulatedSpend) -> None:
    click.echo(f"{found.label} on {found.first.text} to {found.last.text}: {found.total.meals} meals handed over")
    click.echo(f"{'':<22}{'meals':>9}{'before':>14}{'after':>14}{'difference':>14}{'cheaper':>9}{'dearer':>9}")
    for title, table in (
        ("canteen", found.by_canteen),
        ("month", found.by_month),
        ("age", found.by_age),
        ("funder", found.by_funder),
    ):
        for key, tally in table.items():
            click.echo(f"{title + ' ' + key:<22}{_figures(tally)}")
    click.echo(f"{'total':<22}{_figures(found.total)}")
    everyone = found.everyone
    click.echo(
        f"people: {everyone.gain} gain {format_yuan_full(everyone.gain_fen)}, {everyone.lose} lose"
        f" {format_yuan_full(everyone.lose_fen)}, {everyone.same} neither"
    )
    for funder, fen in found.grants.items():
        click.echo(f"beside the meal, {funder}: {format_yuan_full(fen)}")
    for line in found.budgets:
        click.echo(
            f"budget {line.funder} {line.year}: {format_yuan_full(line.appropriated_fen)}, used"
            f" {format_yuan_full(line.used_fen)}, would be {format_yuan_full(line.would_fen)},"
            f" left {format_yuan_full(line.left_fen)}"
        )
    if found.outside:
        click.echo(f"{sum(found.outside.values())} meals were at canteens the set is not for: left as they were")


def _figures(tally: Tally) -> str:
    sums = (tally.before_fen, tally.after_fen, tally.difference_fen)
    money = "".join(f"{format_yuan_full(fen):>14}" for fen in sums)
    return f"{tally.meals or '':>9}{money}{tally.cheaper or '':>9}{tally.dearer or '':>9}"
