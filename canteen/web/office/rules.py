"""/office/rules: the published rule sets, their text and worked examples. Read only."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.readmodels.rule_sets import rule_set_page, rule_sets
from canteen.settings import Settings
from canteen.web.office.desk import OfficeDesk, for_section

GUARDS = for_section("rules")


@get("/rules", guards=GUARDS)
async def rules_page(desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]) -> Template:
    """Every version; an example decides in a demo only."""
    found = await desk.database.read(rule_sets, today=desk.today)
    return desk.page("rules", here="rules", found=found, examples_decide=settings.demo, simulates="spend" in desk.sections)


@get("/rules/{rule_set:int}", guards=GUARDS)
async def rule_set(
    rule_set: FromPath[int], desk: NamedDependency[OfficeDesk], settings: NamedDependency[Settings]
) -> Template:
    """One version as published."""
    found = await desk.database.read(rule_set_page, rule_set, today=desk.today, language=desk.language)
    return desk.page("rule_set", here="rules", found=found, examples_decide=settings.demo)
