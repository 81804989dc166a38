"""Sign-in slips, who is known at which canteen, merged files; search by spelling and by the end of a phone number.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STANDING = sa.text("used_at IS NULL AND revoked_at IS NULL")
_WAITING = sa.text("decision IS NULL")


def upgrade() -> None:
    """Forward. Spellings and phone ends of people already on the roll are filled in by `canteen migrate`: they need the key."""
    op.add_column("resident", sa.Column("phone_end_index", AutoString(length=64), nullable=True))
    op.add_column("resident", sa.Column("initials", AutoString(), server_default="", nullable=False))
    # in words of both databases: the tool would rebuild the table, which others refer to
    op.execute("ALTER TABLE resident ADD COLUMN merged_into VARCHAR(26) REFERENCES resident (id)")
    op.create_index("ix_resident_phone_end_index", "resident", ["phone_end_index"])
    op.create_index("ix_resident_merged_into", "resident", ["merged_into"])
    op.add_column("eligibility_file", sa.Column("residence_said_at", UTCDateTime(), nullable=True))
    op.create_table(
        "sign_in_slip",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("resident_id", AutoString(), nullable=False),
        sa.Column("code_hash", AutoString(length=64), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", AutoString(), nullable=False),
        sa.Column("valid_until", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_index(
        "sign_in_slip_standing",
        "sign_in_slip",
        ["resident_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "known_at",
        sa.Column("canteen_id", AutoString(), nullable=False),
        sa.Column("resident_id", AutoString(), nullable=False),
        sa.Column("how", AutoString(length=12), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["canteen_id"], ["canteen.id"]),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("canteen_id", "resident_id"),
    )
    op.create_index("ix_known_at_resident_id", "known_at", ["resident_id"])
    op.create_table(
        "merge_proposal",
        sa.Column("id", AutoString(length=26), nullable=False),
        sa.Column("kept_id", AutoString(), nullable=False),
        sa.Column("gone_id", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("proposed_by", AutoString(), nullable=False),
        sa.Column("proposed_name", AutoString(), nullable=False),
        sa.Column("decision", AutoString(length=10), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=True),
        sa.Column("decided_name", AutoString(), nullable=False),
        sa.Column("decided_reason", AutoString(), nullable=False),
        sa.CheckConstraint("kept_id <> gone_id", name="merge_two_files"),
        sa.CheckConstraint("decision IS NULL OR decision IN ('merged', 'declined')", name="merge_decision"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="merge_decided"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="merge_second_person"),
        sa.ForeignKeyConstraint(["kept_id"], ["resident.id"]),
        sa.ForeignKeyConstraint(["gone_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_merge_proposal_kept_id", "merge_proposal", ["kept_id"])
    op.create_index(
        "merge_open", "merge_proposal", ["gone_id"], unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
    )


def downgrade() -> None:
    """Backward."""
    op.drop_table("merge_proposal")
    op.drop_table("known_at")
    op.drop_table("sign_in_slip")
    op.drop_column("eligibility_file", "residence_said_at")
    op.drop_index("ix_resident_merged_into", "resident")
    op.drop_index("ix_resident_phone_end_index", "resident")
    op.drop_column("resident", "merged_into")
    op.drop_column("resident", "initials")
    op.drop_column("resident", "phone_end_index")
