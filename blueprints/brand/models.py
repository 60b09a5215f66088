"""The one row that says how a chain looks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class Brand(TenantBase):
    """`css` is computed from `colour` when it is saved, so that no page pays for contrast arithmetic."""

    __tablename__ = "brand"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    display_name: Mapped[str]
    colour: Mapped[str]
    css: Mapped[str]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_type: Mapped[str | None]
    embed_origins: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The web sites that may show the booking pages in a frame, as origins: https://www.example.com"""
    updated_at: Mapped[datetime]
