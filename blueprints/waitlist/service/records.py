"""Rows of the waitlist, locked for a change: the branch's turn, then the wish, then its offer, so that nobody waits in
a circle."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from blueprints.waitlist.errors import UnknownOffer, UnknownWish
from blueprints.waitlist.models import Offer, Wish
from shopbell import clock, due
from shopbell.db import table
from shopbell.loaded import Loaded, Written

SETTLE = "waitlist.settle"
"""Due work: end an offer whose time is over, and let the next one have the time."""
FILL = "waitlist.fill"
OVER = "waitlist.over"

WISH = Loaded(Wish, select(Wish).where(Wish.id == bindparam("wish")).with_for_update())
WHOSE = select(Offer.wish_id).where(Offer.id == bindparam("offer")).scalar_subquery()
OFFERED = Loaded(Wish, select(Wish).where(Wish.id == WHOSE).with_for_update())
OFFER = Loaded(Offer, select(Offer).where(Offer.id == bindparam("offer")).with_for_update())
SAVE_WISH: Written[Wish] = Written(update(table(Wish)).where(table(Wish).c.id == bindparam("row_id")))
SAVE_OFFER: Written[Offer] = Written(update(table(Offer)).where(table(Offer).c.id == bindparam("row_id")))


def take_turn(session: Session, branch_id: UUID) -> None:
    """Let one worker at a time offer a branch's times, until the transaction ends: each sees what the last one did."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"waitlist:{branch_id}", 0))))


def lock_wish(session: Session, wish_id: UUID) -> Wish:
    """Raises UnknownWish."""
    found = WISH.run(session, {"wish": wish_id})
    if not found:
        raise UnknownWish
    return found[0]


def lock_offer(session: Session, offer_id: UUID) -> tuple[Wish, Offer]:
    """The offer and its wish. Raises UnknownOffer."""
    wishes = OFFERED.run(session, {"offer": offer_id})
    offers = OFFER.run(session, {"offer": offer_id})
    if not wishes or not offers:
        raise UnknownOffer
    return wishes[0], offers[0]


def open_offer(session: Session, wish: Wish) -> Offer | None:
    """The offer that a locked wish has, locked."""
    statement = select(Offer).where(Offer.wish_id == wish.id, Offer.status == "open").with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).first()


def answer(session: Session, offer: Offer, status: str) -> None:
    """End an open offer; whoever settles it lets the next one have the time."""
    offer.status, offer.answered_at = status, clock.now()
    SAVE_OFFER.run(session, offer)
    due.schedule(session, SETTLE, str(offer.id), clock.now())


def wait_on(wish: Wish) -> None:
    """Put a wish whose offer is over back to where it stood: its place in the queue is from when it was made."""
    if wish.status == "offered":
        wish.status, wish.changed_at = "waiting", clock.now()


def end(session: Session, wish: Wish, status: str, ended: str) -> None:
    """Close a wish."""
    wish.status, wish.ended, wish.changed_at = status, ended, clock.now()
    SAVE_WISH.run(session, wish)
    due.drop(session, OVER, str(wish.id))
