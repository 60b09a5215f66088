"""One wish, one offer, and what was offered to a wish."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from blueprints.booking.api import Guest, Item
from blueprints.waitlist.errors import UnknownOffer, UnknownWish
from blueprints.waitlist.models import NOTE, Offer, Wish
from blueprints.waitlist.values import OfferView, WishView
from shopbell.loaded import Loaded
from shopbell.vault.ring import ring

WISH = tuple(field.name for field in fields(WishView))
COLUMNS: tuple[Any, ...] = tuple(getattr(Wish, name) for name in (*WISH, "note_sealed"))
"""For `wish_view`."""
OFFER = tuple(field.name for field in fields(OfferView))
ONE_WISH = Loaded(Wish, select(Wish).where(Wish.id == bindparam("wish")))
ONE_OFFER = Loaded(Offer, select(Offer).where(Offer.id == bindparam("offer")))
OPEN = ("waiting", "offered")
MOST_SHOWN = 20
LISTS = {"options", "branch_ids", "weekdays"}


def wish_view(session: Session, row: Any) -> WishView:
    """A row as a value."""
    values: dict[str, Any] = {name: getattr(row, name) for name in WISH}
    lists = {name: tuple(values[name]) for name in LISTS}
    values["note"] = note_of(session, row)
    return WishView(**values | lists | {"guests": tuple(map(read_guest, values["guests"] or ()))})


def note_of(session: Session, row: Any) -> str:
    return row.note if row.note_sealed is None else ring(session).open(NOTE, row.id, row.note_sealed)


def stored_guest(guest: Guest) -> dict[str, Any]:
    """As read_guest reads it."""
    return {
        "items": [
            {
                "service": str(item.service_id),
                "options": [str(option) for option in item.options],
                "person": str(item.person_id) if item.person_id else None,
            }
            for item in guest.items
        ]
    }


def read_guest(stored: dict[str, Any]) -> Guest:
    return Guest(
        tuple(
            Item(
                UUID(item["service"]),
                tuple(map(UUID, item["options"])),
                UUID(item["person"]) if item["person"] else None,
            )
            for item in stored["items"]
        )
    )


def offer_view(row: Any) -> OfferView:
    return OfferView(**{name: getattr(row, name) for name in OFFER})


def wish(session: Session, wish_id: UUID) -> WishView:
    """Raises UnknownWish."""
    rows = ONE_WISH.run(session, {"wish": wish_id})
    if not rows:
        raise UnknownWish
    return wish_view(session, rows[0])


def offer(session: Session, offer_id: UUID) -> OfferView:
    """Raises UnknownOffer."""
    rows = ONE_OFFER.run(session, {"offer": offer_id})
    if not rows:
        raise UnknownOffer
    return offer_view(rows[0])


def wishes_of(session: Session, customer_id: UUID) -> list[WishView]:
    """What somebody waits for, the latest wish first."""
    statement = select(*COLUMNS).where(Wish.customer_id == customer_id, Wish.status.in_(OPEN))
    return [wish_view(session, row) for row in session.execute(statement.order_by(Wish.id.desc()).limit(MOST_SHOWN))]


def offers_of(session: Session, wish_ids: list[UUID]) -> dict[UUID, list[OfferView]]:
    """What was offered to each of the wishes, newest first."""
    statement = select(*(getattr(Offer, name) for name in OFFER)).where(Offer.wish_id.in_(wish_ids))
    found: dict[UUID, list[OfferView]] = {}
    for row in session.execute(statement.order_by(Offer.created_at.desc(), Offer.id.desc())):
        found.setdefault(row.wish_id, []).append(offer_view(row))
    return found
