"""The audit log says who did what, and no name."""

import pytest
from sqlmodel import select

from canteen.audit.log import PRIVATE_KEYS, record
from canteen.audit.models import AuditEntry
from canteen.db.database import Database
from tests.canteen.building import ACTOR, NOW


def test_an_action_is_kept_with_its_figures(database: Database) -> None:
    database.write_sync(
        record,
        at=NOW,
        actor=ACTOR,
        action="order.placed",
        subject="order:1",
        canteen_id="longcheng",
        details={"list_fen": 1500},
    )

    entry = database.read_sync(lambda session: session.exec(select(AuditEntry)).one())
    assert (entry.at, entry.actor, entry.action, entry.subject) == (NOW, ACTOR, "order.placed", "order:1")
    assert (entry.canteen_id, entry.details) == ("longcheng", {"list_fen": 1500})


@pytest.mark.parametrize("key", sorted(PRIVATE_KEYS))
def test_details_that_name_a_person_are_refused(database: Database, key: str) -> None:
    with pytest.raises(ValueError, match=key):
        database.write_sync(record, at=NOW, actor=ACTOR, action="x", subject="x", details={key: "张玉兰"})
