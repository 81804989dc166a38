"""The menu of an office by role, for its pages and for the page of an error among them."""

from collections.abc import Mapping

from canteen.people.models import Role

SECTIONS: Mapping[Role, tuple[str, ...]] = {
    Role.COMMUNITY: ("todo", "applications", "residents", "rules"),
    Role.SUBDISTRICT: ("todo", "applications", "residents", "spend", "months", "rules"),
    Role.OFFICER: ("todo", "applications", "residents", "spend", "months", "rules", "audit"),
    Role.AUDITOR: ("todo", "applications", "residents", "spend", "months", "rules", "audit"),
    Role.ADMIN: ("todo", "audit"),
    Role.MANAGER: ("months",),
}
"""Which entries of the menu a role has; its pages are guarded by the same table."""
