"""/office/rules: the published rule sets in words, their worked examples, and what one says otherwise than another."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.people.models import Role
from canteen.readmodels.rule_drafts import rule_drafts
from canteen.readmodels.rule_sets import rule_set_differences, rule_set_page, rule_sets
from canteen.settings import Settings
from canteen.web.office.desk import OfficeDesk, for_section

GUARDS = for_section("rules")


@get("/rules", guards=GUARDS)
async def rules_page(desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]) -> Template:
    """Every version, and for civil affairs and auditors the drafts; an example decides in a demo only."""
    found = await desk.database.read(rule_sets, today=desk.today)
    reads_drafts = desk.actor.role in {Role.OFFICER, Role.AUDITOR}
    return desk.page(
        "rules",
        here="rules",
        found=found,
        drafts=await desk.database.read(rule_drafts, desk.actor.ref) if reads_drafts else (),
        reads_drafts=reads_drafts,
        writes=desk.actor.role is Role.OFFICER,
        examples_decide=settings.demo,
        simulates="spend" in desk.sections,
    )


@get("/rules/{rule_set:int}", guards=GUARDS)
async def rule_set(
    rule_set: FromPath[int], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Template:
    """One version in words; the text as published below a fold. `?with=` another version: what differs."""
    found = await desk.database.read(rule_set_page, rule_set, today=desk.today, language=desk.language)
    other = next((one for one in found.others if str(one.id) == desk.query.get("with", "")), None)
    changes = None
    if other is not None:
        changes = await desk.database.read(rule_set_differences, other.id, rule_set, language=desk.language)
    return desk.page(
        "rule_set",
        here="rules",
        found=found,
        other=other,
        changes=changes,
        published=desk.query.get("done") == "published",
        writes=desk.actor.role is Role.OFFICER,
        reads_late=desk.actor.role in {Role.OFFICER, Role.AUDITOR},
        examples_decide=settings.demo,
    )
