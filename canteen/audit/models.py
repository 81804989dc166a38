"""The audit table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One action. `details` holds keys and figures, never a name, ID number, phone or note."""

    __tablename__ = "audit_entry"
    id: str = Field(primary_key=True, max_length=26)
    at: datetime = Field(index=True)
    actor: str = Field(index=True)
    """`account:ID`, `token:ID`, `device:ID`, `job:NAME`, `cli`."""
    action: str = Field(index=True, max_length=60)
    """Stable name: `order.placed`, `meal.collected`…"""
    subject: str = Field(index=True)
    """`order:ID`, `resident:ID`…"""
    canteen_id: str | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
