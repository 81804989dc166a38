"""Phones: a PIN for each resident who chose one, whose session it is, how large they like to read.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; everybody starts with the standard size, and nobody has a PIN."""
    # in words of both databases: the tool would rebuild the table to add a CHECK, and others refer to it
    op.execute(
        "ALTER TABLE resident ADD COLUMN text_size INTEGER DEFAULT 1 NOT NULL "
        "CONSTRAINT resident_text_size CHECK (text_size BETWEEN 1 AND 4)"
    )
    op.add_column("web_session", sa.Column("resident_id", sqlmodel.sql.sqltypes.AutoString(length=26), nullable=True))
    op.create_index("ix_web_session_resident_id", "web_session", ["resident_id"])
    op.create_table(
        "phone_pin",
        sa.Column("resident_id", sqlmodel.sql.sqltypes.AutoString(length=26), nullable=False),
        sa.Column("pin_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chosen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id"),
    )


def downgrade() -> None:
    """Backward."""
    op.drop_table("phone_pin")
    op.drop_index("ix_web_session_resident_id", "web_session")
    op.drop_column("web_session", "resident_id")
    op.drop_column("resident", "text_size")
