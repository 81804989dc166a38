"""The month closes: statements with their steps, lines, approvals, payments and files; the first month still open.

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_STATEMENT = "month_statement.id"
_TABLES = (
    "statement_file", "statement_payment", "statement_approval", "statement_line", "statement_step", "month_statement",
)  # fmt: skip


def upgrade() -> None:
    """Forward. Guards are put on the new tables after every migration."""
    op.add_column("chain_head", sa.Column("open_from", AutoString(length=7), nullable=False, server_default=""))
    op.create_table(
        "month_statement",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("canteen_id", AutoString(length=40), nullable=False),
        sa.Column("period", AutoString(length=7), nullable=False),
        sa.Column("state", AutoString(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("cut_off_by", AutoString(), nullable=False),
        sa.Column("cut_off_at", UTCDateTime(), nullable=False),
        sa.Column("declared_by", AutoString(), nullable=True),
        sa.Column("declared_at", UTCDateTime(), nullable=True),
        sa.Column("head_seq", sa.Integer(), nullable=True),
        sa.Column("head_hash", AutoString(length=64), nullable=True),
        sa.Column("reviewed_by", AutoString(), nullable=True),
        sa.Column("reviewed_at", UTCDateTime(), nullable=True),
        sa.Column("approved_by", AutoString(), nullable=True),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("locked_by", AutoString(), nullable=True),
        sa.Column("locked_at", UTCDateTime(), nullable=True),
        sa.Column("merkle_root", AutoString(length=64), nullable=True),
        sa.Column("previous_root", AutoString(length=64), nullable=True),
        sa.Column("signature", AutoString(), nullable=True),
        sa.Column("key_id", AutoString(), nullable=True),
        sa.CheckConstraint(
            "state IN ('cut-off','reconciling','declared','reviewed','approved','locked','paid','returned')",
            name="month_statement_state",
        ),
        sa.CheckConstraint(
            "(reviewed_by IS NULL OR reviewed_by <> declared_by)"
            " AND (approved_by IS NULL OR (approved_by <> declared_by AND approved_by <> reviewed_by))",
            name="month_statement_three_people",
        ),
        sa.CheckConstraint(
            "state NOT IN ('declared','reviewed','approved','locked','paid') OR (declared_by IS NOT NULL"
            " AND declared_at IS NOT NULL AND head_seq IS NOT NULL AND head_hash IS NOT NULL)",
            name="month_statement_declared",
        ),
        sa.CheckConstraint(
            "state NOT IN ('reviewed','approved','locked','paid') OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL)",
            name="month_statement_reviewed",
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved','locked','paid') OR (approved_by IS NOT NULL AND approved_at IS NOT NULL)",
            name="month_statement_approved",
        ),
        sa.CheckConstraint(
            "state NOT IN ('locked','paid') OR (locked_by IS NOT NULL AND locked_at IS NOT NULL"
            " AND merkle_root IS NOT NULL AND previous_root IS NOT NULL AND signature IS NOT NULL AND key_id IS NOT NULL)",
            name="month_statement_locked",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("canteen_id", "period", name="month_statement_once"),
    )
    op.create_table(
        "statement_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", AutoString(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", AutoString(length=12), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("by_name", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("reason", AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], [_STATEMENT]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement_id", "position", name="statement_step_order"),
    )
    _amounts()
    op.create_table(
        "statement_file",
        sa.Column("statement_id", AutoString(length=26), nullable=False),
        sa.Column("name", AutoString(length=80), nullable=False),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], [_STATEMENT]),
        sa.PrimaryKeyConstraint("statement_id", "name"),
    )


def _amounts() -> None:
    op.create_table(
        "statement_line",
        sa.Column("statement_id", AutoString(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("funder", AutoString(length=20), nullable=False),
        sa.Column("programme", AutoString(length=40), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("claimed_fen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], [_STATEMENT]),
        sa.PrimaryKeyConstraint("statement_id", "attempt", "funder", "programme"),
    )
    op.create_table(
        "statement_approval",
        sa.Column("statement_id", AutoString(length=26), nullable=False),
        sa.Column("funder", AutoString(length=20), nullable=False),
        sa.Column("programme", AutoString(length=40), nullable=False),
        sa.Column("approved_fen", sa.Integer(), nullable=False),
        sa.Column("disallowed_fen", sa.Integer(), nullable=False),
        sa.Column("set_off_fen", sa.Integer(), nullable=False),
        sa.Column("reason", AutoString(length=300), nullable=False),
        sa.CheckConstraint("disallowed_fen >= 0", name="statement_approval_disallowed"),
        sa.CheckConstraint("disallowed_fen = 0 OR reason <> ''", name="statement_approval_reason"),
        sa.ForeignKeyConstraint(["statement_id"], [_STATEMENT]),
        sa.PrimaryKeyConstraint("statement_id", "funder", "programme"),
    )
    op.create_table(
        "statement_payment",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("statement_id", AutoString(length=26), nullable=False),
        sa.Column("funder", AutoString(length=20), nullable=False),
        sa.Column("programme", AutoString(length=40), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", AutoString(length=60), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("fen > 0", name="statement_payment_positive"),
        sa.ForeignKeyConstraint(["statement_id"], [_STATEMENT]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("statement_id", "funder", "programme", "reference", name="statement_payment_once"),
    )


def downgrade() -> None:
    """Backward. Statements and what was stored with them are lost; the books stay."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys = ON")
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("chain_head", "open_from")
