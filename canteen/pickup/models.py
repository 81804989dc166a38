"""Tables of hand-overs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class Collection(SQLModel, table=True):
    """A meal handed over. At most one standing collection per order, by constraint."""

    __tablename__ = "collection"
    __table_args__ = (
        CheckConstraint("how IN ('code', 'card', 'number', 'window', 'offline')", name="collection_how"),
        Index(
            "collection_once",
            "order_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("collection_day", "canteen_id", "day", "meal"),
    )
    id: str = Field(primary_key=True, max_length=26)
    order_id: str = Field(foreign_key="meal_order.id", index=True)
    canteen_id: str = Field(foreign_key="canteen.id")
    day: date
    meal: str = Field(max_length=10)
    collected_at: datetime
    how: str = Field(max_length=10)
    by: str
    """`account:ID`, `token:ID`, `device:ID`."""
    by_name: str = ""
    """The name staff see: 李师傅."""
    device_id: str | None = None
    taken_by_resident_id: str | None = Field(default=None, foreign_key="resident.id")
    """Who carried it away, when not the diner."""
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str | None = None
