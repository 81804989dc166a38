"""/office/orders/{id}: one order from scan to books."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.orders.errors import OrderNotFound
from canteen.people.models import Role
from canteen.readmodels.order_trace import order_trace
from canteen.readmodels.rule_sets import category_word, rule_words
from canteen.web.office.audit_words import AuditWords
from canteen.web.office.derivation import derivation
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.office.months import month_title
from canteen.web.security import NotYours
from subsidies.months import month_of


@get("/orders/{order:str}", guards=for_section("months"))
async def one_order(order: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """For whoever may read the books of its canteen."""
    seen = {view.id for view in await desk.canteens()}
    try:
        trace = await desk.database.read(order_trace, order, language=desk.language)
    except OrderNotFound:
        if desk.actor.role in {Role.OFFICER, Role.AUDITOR}:
            raise
        raise NotYours from None
    if trace.order.canteen_id not in seen:
        raise NotYours
    month = month_of(trace.order.day)
    words = await desk.database.read(rule_words, language=desk.language)
    return desk.page(
        "order",
        here="months",
        trace=trace,
        how=derivation(desk, trace.decided) if trace.decided else None,
        month=month,
        month_title=month_title(desk.t, month),
        reads_files="residents" in desk.sections,
        reads_audit="audit" in desk.sections,
        category_words={s.category: category_word(words, s.category, desk.language) for s in trace.shares},
        rule_titles=words.rules,
        in_words=AuditWords(desk.t, {}, True),
    )
