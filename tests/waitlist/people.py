"""Hands for the tests of the waitlist: join it, free a time, look at what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput
from blueprints.booking.events import TimeFreed
from blueprints.waitlist import service
from blueprints.waitlist.models import Offer, Wish
from blueprints.waitlist.values import JoinRequest, WishView
from shopbell import clock, ids
from shopbell.events import publish
from tests.support.world import Shop

DAY = date(2026, 3, 4)
"""A Wednesday, two days after the still clock's Monday."""
TEN = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai on that day."""
HALF_AN_HOUR = timedelta(minutes=30)
LAN = CustomerInput("Lan", "+8613800138000", "lan@example.com", "en")
MEI = CustomerInput("Mei", "+8613800138001", None, "zh-CN")


def wish(shop: Shop, customer: CustomerInput = LAN, **more: Any) -> JoinRequest:
    """An eye test on that Wednesday."""
    plain = JoinRequest(shop.eye_test, (shop.branch_id,), DAY, DAY, customer)
    return replace(plain, **more)


def join(session: Session, shop: Shop, customer: CustomerInput = LAN, *, waited: int = 0, **more: Any) -> WishView:
    """On the list since `waited` minutes before now."""
    with clock.frozen(clock.now() - timedelta(minutes=waited)):
        return service.join(session, wish(shop, customer, **more))


def free(session: Session, shop: Shop, starts_at: datetime = TEN, minutes: int = 30) -> None:
    """Say that time has become free."""
    ends_at = starts_at + timedelta(minutes=minutes)
    publish(session, TimeFreed(ids.uuid7(), shop.branch_id, starts_at, ends_at))


def book(session: Session, shop: Shop, starts_at: datetime = TEN, **more: Any) -> BookingDetails:
    customer = more.pop("customer", CustomerInput("Somebody", f"138{ids.uuid7().int % 10**8:08}"))
    return booking.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, starts_at, customer, **more))


def offers(session: Session, **having: Any) -> list[Offer]:
    """Offers with these values, oldest first, as they are now."""
    session.flush()
    session.expire_all()
    return list(session.scalars(select(Offer).filter_by(**having).order_by(Offer.created_at, Offer.id)))


def only_offer(session: Session, **having: Any) -> Offer:
    (found,) = offers(session, **having)
    return found


def status(session: Session, waiting: WishView) -> tuple[str, str]:
    session.flush()
    session.expire_all()
    row = session.get_one(Wish, waiting.id)
    return row.status, row.ended
