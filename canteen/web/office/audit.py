"""/office/audit: who did what, newest first, kept fresh while it is open."""

from datetime import date
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.readmodels.audit_page import AuditFilter, audit_page
from canteen.readmodels.front_page import front_canteens
from canteen.sites import places
from canteen.web.office.audit_words import AuditWords
from canteen.web.office.desk import OfficeDesk, for_section


@get("/audit", guards=for_section("audit"))
async def audit(desk: NamedDependency[OfficeDesk]) -> Template:
    """Filters and the place in the log are in the address."""
    query = desk.query
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        day = None
    wanted = AuditFilter(
        action=query.get("action", ""),
        subject=query.get("subject", ""),
        actor=query.get("actor", ""),
        canteen=query.get("canteen", ""),
        day=day,
    )
    before = query.get("before", "")
    found = await desk.database.read(audit_page, wanted, before=before)
    kept = {key: query[key] for key in ("action", "subject", "actor", "canteen", "day") if query.get(key)}
    address = f"/office/audit?{urlencode(kept)}"
    canteens = await desk.database.read(front_canteens)
    return desk.page(
        "audit",
        here="audit",
        found=found,
        wanted=wanted,
        before=before,
        address=address,
        action_options=[(action, desk.t(f"office.action.{action}")) for action in found.actions],
        canteen_options=[(canteen.id, canteen.name) for canteen in canteens],
        here_address=address.removesuffix("?"),
        live_canteen=wanted.canteen or (canteens[0].id if canteens else ""),
        narrowed=bool(kept),
        in_words=AuditWords(
            desk.t,
            {view.id: view.name for view in await desk.database.read(places.communities)}
            | {canteen.id: canteen.name for canteen in canteens},
            reads_books="months" in desk.sections,
        ),
    )
