"""Applications for categories: what was asked, who decided what, photos of papers; the yearly look at a category.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('draft','submitted','returned','verified','reviewed')")


def upgrade() -> None:
    """Forward. Guards are put on the new tables after every migration."""
    op.create_table(
        "application",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("number", AutoString(length=12), nullable=True),
        sa.Column("resident_id", AutoString(length=26), nullable=False),
        sa.Column("category", AutoString(length=30), nullable=False),
        sa.Column("state", AutoString(length=10), nullable=False),
        sa.Column("filed_by", AutoString(), nullable=False),
        sa.Column("filed_how", AutoString(length=8), nullable=False),
        sa.Column("filed_name", AutoString(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft','submitted','returned','verified','reviewed','approved','refused','withdrawn')",
            name="application_state",
        ),
        sa.CheckConstraint("filed_how IN ('resident','family','worker')", name="application_filed_how"),
        sa.CheckConstraint(
            "(due_on IS NOT NULL) = (state IN ('submitted','verified','reviewed'))", name="application_due"
        ),
        sa.CheckConstraint(
            "number IS NOT NULL OR state IN ('draft','withdrawn')", name="application_numbered_when_submitted"
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_application_resident_id", "application", ["resident_id"])
    op.create_index(
        "application_open",
        "application",
        ["resident_id", "category"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("application_waiting", "application", ["state", "due_on"])
    op.create_table(
        "application_step",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("application_id", AutoString(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", AutoString(length=12), nullable=False),
        sa.Column("decision", AutoString(length=10), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("by_name", AutoString(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("grant_id", AutoString(length=26), nullable=True),
        sa.CheckConstraint(
            "(level = 'applicant' AND decision IN ('submitted','withdrawn'))"
            " OR (level = 'community' AND decision IN ('verified','returned'))"
            " OR (level = 'subdistrict' AND decision IN ('reviewed','returned'))"
            " OR (level = 'district' AND decision IN ('approved','returned','refused'))",
            name="application_step_decision",
        ),
        sa.CheckConstraint(
            "decision NOT IN ('returned','refused') OR reason_sealed IS NOT NULL", name="application_step_reason"
        ),
        sa.CheckConstraint("(decision = 'approved') = (grant_id IS NOT NULL)", name="application_step_grant"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.ForeignKeyConstraint(["grant_id"], ["category_grant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "position", name="application_step_position"),
    )
    op.create_table(
        "application_evidence",
        sa.Column("id", AutoString(length=40), nullable=False),
        sa.Column("application_id", AutoString(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", AutoString(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name="application_evidence_three"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "position", name="application_evidence_position"),
    )
    op.create_table(
        "category_check",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("grant_id", AutoString(length=26), nullable=False),
        sa.Column("checked_at", UTCDateTime(), nullable=False),
        sa.Column("checked_by", AutoString(), nullable=False),
        sa.Column("checked_name", AutoString(), nullable=False),
        sa.Column("evidence", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["category_grant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("category_check_grant", "category_check", ["grant_id"])


def downgrade() -> None:
    """Backward."""
    for table in ("category_check", "application_evidence", "application_step", "application"):
        op.drop_table(table)
