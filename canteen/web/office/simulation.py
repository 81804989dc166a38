"""/office/simulation: another rule set tried on past meals, beside what was given. Nothing in force is changed by it."""

from collections.abc import Mapping, Sequence

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from canteen.people.models import Role
from canteen.readmodels.rule_drafts import FindingLine, found_by_lint, text_from_version, unreadable
from canteen.readmodels.simulable import Basis, Simulable, basis, simulable
from canteen.readmodels.simulated_apart import simulated_apart
from canteen.settings import Settings
from canteen.usecases.save_rule_draft import save_rule_draft
from canteen.usecases.start_rule_draft import start_rule_draft
from canteen.web.forms import Form
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.office.months import month_title
from canteen.web.office.rule_drafts import WRITES, draft_page
from canteen.web.office.simulated_tables import BAR, Shown, shown_with_words, tables_file
from canteen.web.security import NotYours
from subsidies.drafts import RuleDraftUnknown
from subsidies.errors import RuleDocumentError, SubsidyError
from subsidies.months import Month, month_of, read_month
from subsidies.rules.adjustable import Figure, adjusted_text, figures
from subsidies.rules.document import load

GUARDS = for_section("spend")
MONTHS_BACK = 24
_FIGURE = "figure-"

Answer = Response[bytes] | Template


@get("/simulation", guards=GUARDS)
async def simulation_page(desk: NamedDependency[OfficeDesk]) -> Template:
    """Choose a version or a draft (`?rules=`), and months; its figures as it has them."""
    choices = await _choices(desk)
    held = await _basis(desk, choices, desk.query.get("rules", ""))
    return await _page(desk, choices, held, _months(desk, {}))


@post("/simulation", guards=GUARDS, status_code=200)
async def simulate(
    form: NamedDependency[Form], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Answer:
    """Decide the meals of the months again with these figures; `export` answers with the tables as a file."""
    choices = await _choices(desk)
    held = await _basis(desk, choices, form.raw("rules"))
    first, last = months = _months(desk, {"from": form.raw("from"), "to": form.raw("to")})
    typed = form.numbered(_FIGURE)
    if held is None:
        return await _page(desk, choices, None, months)
    try:
        text = adjusted_text(held.text, typed)
    except RuleDocumentError as refused:
        return await _page(desk, choices, held, months, typed=typed, error=refused)
    tried = load(text)
    if last < first:
        first, last = months = last, first
    canteens = {view.id: view.name for view in await desk.canteens()}
    found = await simulated_apart(settings.database_url, tried, first, last, tuple(canteens))
    shown = shown_with_words(desk, tried, found, canteens)
    if form.raw("export"):
        return tables_file(desk, shown, form.raw("export"))
    return await _page(desk, choices, held, months, typed=typed, text=text, shown=shown)


@post("/simulation/draft", guards=WRITES)
async def keep_figures(form: NamedDependency[Form], desk: NamedDependency[OfficeDesk]) -> Response[None] | Template:
    """The figures tried, written into one's own draft, or into a new one of what they were tried from."""
    choices = await _choices(desk)
    held = await _basis(desk, choices, form.raw("rules"))
    typed = form.numbered(_FIGURE)
    months = _months(desk, {"from": form.raw("from"), "to": form.raw("to")})
    if held is None:
        raise NotYours
    now, actor, draft = desk.now, desk.actor.ref, held.of.key
    try:
        text = held.text
        if not held.of.is_draft:
            text = await desk.database.read(text_from_version, int(held.of.key), today=desk.today)
        text = adjusted_text(text, typed)
        if held.of.is_own:
            revision = form.whole("revision", 0, 10**8, 0)
            await desk.database.write(save_rule_draft, draft, text, revision=revision, now=now, actor=actor)
        else:
            name = desk.actor.name
            draft = await desk.database.write(start_rule_draft, text, now=now, actor=actor, actor_name=name)
    except RuleDraftUnknown:
        raise
    except RuleDocumentError as refused:
        return await _page(desk, choices, held, months, typed=typed, error=refused)
    except SubsidyError as error:
        return await draft_page(desk, draft, error)
    return Redirect(f"/office/rules/drafts/{draft}?done=tried", status_code=303)


async def _choices(desk: OfficeDesk) -> tuple[Simulable, ...]:
    reads = desk.actor.role in {Role.OFFICER, Role.AUDITOR}
    return await desk.database.read(simulable, desk.actor.ref, today=desk.today, drafts=reads)


async def _basis(desk: OfficeDesk, choices: Sequence[Simulable], wanted: str) -> Basis | None:
    """The one asked for, or the one in force when none is; None when nothing has been published.

    Raises:
        NotYours: no such version, no draft that waits, or one the reader may not see.
    """
    chosen = next((one for one in choices if one.key == wanted), None)
    if chosen is None and wanted:
        raise NotYours
    chosen = chosen or next(iter(choices), None)
    return None if chosen is None else await desk.database.read(basis, chosen)


async def _page(
    desk: OfficeDesk,
    choices: Sequence[Simulable],
    held: Basis | None,
    span: tuple[Month, Month],
    *,
    typed: Mapping[str, str] | None = None,
    error: RuleDocumentError | None = None,
    text: str = "",
    shown: Shown | None = None,
) -> Template:
    """`text`: the document with the figures tried; without it as it is."""
    inputs: list[tuple[str, list[tuple[Figure, str]]]] = []
    findings: tuple[FindingLine, ...] = ()
    if held is not None:
        rule_set = load(held.text)
        for figure in figures(rule_set):
            title = getattr(figure.of, desk.language)
            if not inputs or inputs[-1][0] != title:
                inputs.append((title, []))
            inputs[-1][1].append((figure, (typed or {}).get(figure.path, figure.value)))
        if text or held.of.is_draft:
            tried = text or held.text
            findings = found_by_lint(load(tried), tried, desk.language)
    months = [Month(desk.today.year, desk.today.month)]
    while len(months) < MONTHS_BACK:
        months.append(months[-1].previous)
    return desk.page(
        "simulation",
        here="rules",
        status_code=422 if error else 200,
        versions=[(one.key, _title(desk, one)) for one in choices],
        held=held,
        months=[(month.text, month_title(desk.t, month)) for month in months],
        first=span[0],
        last=span[1],
        inputs=inputs,
        fault=unreadable(RuleDocumentError("", error.problem), "", desk.language) if error else None,
        wrong=error.path if error else "",
        findings=[one for one in findings if one.level == "error"],
        shown=shown,
        outside=sum(shown.found.outside.values()) if shown else 0,
        bar=BAR,
        writes=desk.actor.role is Role.OFFICER,
    )


def _title(desk: OfficeDesk, one: Simulable) -> str:
    if one.is_draft:
        return desk.t("simulation.draft", label=one.label, title=one.title)
    return f"{one.title} · {one.label}"


def _months(desk: OfficeDesk, wanted: Mapping[str, str]) -> tuple[Month, Month]:
    """The months asked for; without an answer the month before this one."""
    before = month_of(desk.today).previous
    found = []
    for name in ("from", "to"):
        try:
            found.append(read_month(wanted.get(name, "")))
        except SubsidyError:
            found.append(before)
    return found[0], found[1]
