"""Rule sets are drafted by one person and published by another; from when to when each is in force, and where.

Revision 0012, after 0011.
"""

import tomllib
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; what stands was shipped at set-up, and of two versions of one code the later ends the earlier."""
    op.add_column("rule_set", sa.Column("drafted_by", AutoString(), server_default="", nullable=False))
    op.create_table(
        "rule_draft",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("code", AutoString(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(length=10), nullable=False),
        sa.Column("author", AutoString(), nullable=False),
        sa.Column("author_name", AutoString(length=60), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_name", AutoString(length=60), nullable=False),
        sa.Column("reason", AutoString(length=400), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'published', 'withdrawn')", name="rule_draft_state"
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> author", name="rule_draft_second_person"),
        sa.CheckConstraint(
            "(state = 'published') = (rule_set_id IS NOT NULL) AND (state <> 'published' OR decided_by IS NOT NULL)",
            name="rule_draft_published",
        ),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    in_force = op.create_table(
        "rule_set_in_force",
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("place", AutoString(length=120), nullable=False),
        sa.Column("funder", AutoString(length=64), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="rule_set_in_force_dates"),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"]),
        sa.PrimaryKeyConstraint("rule_set_id", "place", "funder"),
    )
    rows = list(_standing(op.get_bind()))
    if rows:
        op.bulk_insert(in_force, rows)


def _standing(connection: sa.Connection) -> Iterator[dict[str, object]]:
    rule_set = sa.table(
        "rule_set",
        *(sa.column(name) for name in ("id", "code", "version", "text", "is_example")),
        sa.column("effective_from", sa.Date()),
        sa.column("effective_until", sa.Date()),
    )
    canteens = sa.text("SELECT canteen.id, community.area FROM canteen JOIN community ON community.id = community_id")
    areas = {row.id: row.area for row in connection.execute(canteens)}
    ended: dict[str, date] = {}
    for row in connection.execute(sa.select(rule_set).order_by(rule_set.c.code, rule_set.c.version.desc())):
        document = tomllib.loads(row.text)
        scope = document.get("scope", {})
        places = [f"{areas.get(one, '?')}/{one}" for one in scope.get("canteens", ())] or scope.get("areas", ()) or [""]
        splits = [rule["split"] for rule in document["rules"]]
        funders = {funder for split in splits for funder in ([split] if isinstance(split, str) else split)}
        ends = [end for end in (row.effective_until, ended.get(row.code)) if end is not None]
        ended[row.code] = min(row.effective_from, ended.get(row.code, row.effective_from))
        for place in dict.fromkeys(places):
            for funder in sorted(funders):
                yield {
                    "rule_set_id": row.id,
                    "place": place,
                    "funder": funder,
                    "is_example": bool(row.is_example),
                    "valid_from": row.effective_from,
                    "valid_until": max(min(ends), row.effective_from) if ends else None,
                }


def downgrade() -> None:
    """Backward."""
    op.drop_table("rule_set_in_force")
    op.drop_table("rule_draft")
    op.drop_column("rule_set", "drafted_by")
