"""Photos and prices of food, the four-week cycle, planned top-ups.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; what stands in a kitchen's book keeps its price, its history begins with the next change."""
    op.create_table(
        "food_photo",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("kitchen_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=True),
        sa.Column("set_meal_id", sa.Integer(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("uploaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("uploaded_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(dish_id IS NULL) <> (set_meal_id IS NULL)", name="food_photo_of"),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"]),
        sa.ForeignKeyConstraint(["set_meal_id"], ["set_meal.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dish_id"),
        sa.UniqueConstraint("set_meal_id"),
    )
    op.create_table(
        "food_price",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=True),
        sa.Column("set_meal_id", sa.Integer(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_fen", sa.Integer(), nullable=True),
        sa.Column("to_fen", sa.Integer(), nullable=False),
        sa.Column("from_half_fen", sa.Integer(), nullable=True),
        sa.Column("to_half_fen", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("(dish_id IS NULL) <> (set_meal_id IS NULL)", name="food_price_of"),
        sa.CheckConstraint("to_fen > 0", name="food_price_to"),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"]),
        sa.ForeignKeyConstraint(["set_meal_id"], ["set_meal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_food_price_dish_id", "food_price", ["dish_id"])
    op.create_index("ix_food_price_set_meal_id", "food_price", ["set_meal_id"])
    op.create_table(
        "menu_cycle",
        sa.Column("kitchen_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("first_monday", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("kitchen_id"),
    )
    op.create_table(
        "cycle_line",
        sa.Column("kitchen_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("meal", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("portions", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("is_recommended", sa.Boolean(), nullable=False),
        sa.CheckConstraint("week BETWEEN 1 AND 4", name="cycle_line_week"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="cycle_line_weekday"),
        sa.CheckConstraint("meal IN ('breakfast', 'lunch', 'dinner')", name="cycle_line_meal"),
        sa.CheckConstraint("kind IN ('dish', 'set')", name="cycle_line_kind"),
        sa.CheckConstraint("portions >= 0", name="cycle_line_portions"),
        sa.PrimaryKeyConstraint("kitchen_id", "week", "weekday", "meal", "position"),
    )
    op.create_table(
        "portion_top_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("menu_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=4), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("portions", sa.Integer(), nullable=False),
        sa.Column("planned_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("planned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.CheckConstraint("portions > 0", name="portion_top_up_portions"),
        sa.CheckConstraint("kind IN ('dish', 'set')", name="portion_top_up_kind"),
        sa.CheckConstraint("(done_at IS NULL) = (outcome = '')", name="portion_top_up_outcome"),
        sa.ForeignKeyConstraint(["menu_id"], ["menu.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("menu_id", "kind", "key", "at", name="portion_top_up_once"),
    )
    op.create_index("ix_portion_top_up_at", "portion_top_up", ["at"])
    op.create_index("ix_portion_top_up_menu_id", "portion_top_up", ["menu_id"])


def downgrade() -> None:
    """Backward."""
    op.drop_table("portion_top_up")
    op.drop_table("cycle_line")
    op.drop_table("menu_cycle")
    op.drop_table("food_price")
    op.drop_table("food_photo")
