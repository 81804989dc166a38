"""The day closes: shifts of the cash drawer, the shift each cash payment belongs to, food samples.

Revision 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_CLOSED = ("closed_by", "expected_fen", "counted_fen", "banked_fen", "none_on_site")


def upgrade() -> None:
    """Forward. Guards are put on the new tables after every migration; cash taken before belongs to no shift."""
    _shifts()
    op.add_column("payment", sa.Column("shift_id", AutoString(length=26), nullable=True))
    op.create_index("payment_shift", "payment", ["shift_id"])
    _samples()


def _shifts() -> None:
    op.create_table(
        "shift",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("canteen_id", AutoString(), nullable=False),
        sa.Column("drawer", AutoString(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", AutoString(), nullable=False),
        sa.Column("opened_name", AutoString(), nullable=False),
        sa.Column("float_fen", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", AutoString(), nullable=True),
        sa.Column("closed_name", AutoString(), nullable=False),
        sa.Column("expected_fen", sa.Integer(), nullable=True),
        sa.Column("counted_fen", sa.Integer(), nullable=True),
        sa.Column("second_by", AutoString(), nullable=True),
        sa.Column("second_name", AutoString(), nullable=False),
        sa.Column("none_on_site", sa.Boolean(), nullable=True),
        sa.Column("banked_fen", sa.Integer(), nullable=True),
        sa.Column("reference", AutoString(), nullable=False),
        sa.Column("note", AutoString(), nullable=False),
        sa.CheckConstraint("float_fen >= 0", name="shift_float"),
        sa.CheckConstraint(
            " AND ".join(f"(closed_at IS NULL) = ({column} IS NULL)" for column in _CLOSED), name="shift_closed_whole"
        ),
        sa.CheckConstraint("counted_fen >= 0 AND banked_fen >= 0 AND banked_fen <= counted_fen", name="shift_counted"),
        sa.CheckConstraint("closed_at IS NULL OR (second_by IS NULL) = none_on_site", name="shift_second_or_none"),
        sa.CheckConstraint("second_by <> closed_by", name="shift_two_people"),
        sa.CheckConstraint("banked_fen = 0 OR reference <> ''", name="shift_reference"),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteen.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "shift_open_once", "shift", ["canteen_id", "drawer"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("shift_day", "shift", ["canteen_id", "day"])
    op.create_index("shift_number", "shift", ["canteen_id", "drawer", "number"], unique=True)


def _samples() -> None:
    op.create_table(
        "food_sample",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("kitchen_id", AutoString(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("meal", AutoString(length=10), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by", AutoString(), nullable=False),
        sa.Column("taken_name", AutoString(), nullable=False),
        sa.Column("keep_until", UTCDateTime(), nullable=False),
        sa.Column("thrown_at", UTCDateTime(), nullable=True),
        sa.Column("thrown_by", AutoString(), nullable=True),
        sa.Column("thrown_name", AutoString(), nullable=False),
        sa.CheckConstraint("grams >= 125", name="food_sample_grams"),
        sa.CheckConstraint("thrown_at >= keep_until", name="food_sample_kept"),
        sa.CheckConstraint("keep_until > taken_at", name="food_sample_until"),
        sa.CheckConstraint("(thrown_at IS NULL) = (thrown_by IS NULL)", name="food_sample_thrown"),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_food_sample_kitchen_id", "food_sample", ["kitchen_id"])


def downgrade() -> None:
    """Backward. Who counted what is lost; the entries of the books stay."""
    op.drop_table("food_sample")
    op.drop_index("payment_shift", table_name="payment")
    op.drop_column("payment", "shift_id")
    op.drop_table("shift")
