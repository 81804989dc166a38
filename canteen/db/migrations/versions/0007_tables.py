"""Files on their way in, and the lists people arrive with.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; everybody on the roll before came with no list."""
    op.create_table(
        "arrival",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("arrived_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    # in words of both databases: the tool would rebuild the table, which others refer to
    op.execute("ALTER TABLE resident ADD COLUMN arrival_id VARCHAR(26) REFERENCES arrival (id)")
    op.create_index("ix_resident_arrival_id", "resident", ["arrival_id"])
    op.create_table(
        "import_batch",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("kind", AutoString(length=10), nullable=False),
        sa.Column("file_name", AutoString(length=120), nullable=False),
        sa.Column("scope", AutoString(length=40), nullable=False),
        sa.Column("state", AutoString(length=10), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("touched_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by", AutoString(length=32), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("new_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("same_count", sa.Integer(), nullable=False),
        sa.Column("bad_count", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('residents', 'dishes', 'menus')", name="import_batch_kind"),
        sa.CheckConstraint(
            "state IN ('staging', 'checked', 'arriving', 'applied', 'done', 'dropped')", name="import_batch_state"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_batch_by", "import_batch", ["by"])
    op.create_index("ix_import_batch_began_at", "import_batch", ["began_at"])
    op.create_table(
        "import_row",
        sa.Column("batch_id", AutoString(length=26), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("verdict", AutoString(length=6), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("target", AutoString(length=60), nullable=False),
        sa.CheckConstraint("verdict IN ('new', 'change', 'same', 'bad')", name="import_row_verdict"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"]),
        sa.PrimaryKeyConstraint("batch_id", "line"),
    )
    op.create_index("import_row_by_verdict", "import_row", ["batch_id", "verdict", "line"])


def downgrade() -> None:
    """Backward."""
    op.drop_table("import_row")
    op.drop_table("import_batch")
    op.drop_index("ix_resident_arrival_id", "resident")
    op.drop_column("resident", "arrival_id")
    op.drop_table("arrival")
