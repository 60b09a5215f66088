"""Rows of the waitlist, locked for a change: the branch's turn, then the wish, then its offer, so that nobody waits in
a circle."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.waitlist.errors import UnknownOffer, UnknownWish
from blueprints.waitlist.models import Offer, Wish
from shopbell import clock, due

SETTLE = "waitlist.settle"
"""Due work: end an offer whose time is over, and let the next one have the time."""
FILL = "waitlist.fill"
OVER = "waitlist.over"


def take_turn(session: Session, branch_id: UUID) -> None:
    """Let one worker at a time offer a branch's times, until the transaction ends: each sees what the last one did."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"waitlist:{branch_id}", 0))))


def lock_wish(session: Session, wish_id: UUID) -> Wish:
    """Raises UnknownWish."""
    wish = session.get(Wish, wish_id, with_for_update=True, populate_existing=True)
    if wish is None:
        raise UnknownWish
    return wish


def lock_offer(session: Session, offer_id: UUID) -> tuple[Wish, Offer]:
    """The offer and its wish. Raises UnknownOffer."""
    wish_id = session.scalar(select(Offer.wish_id).where(Offer.id == offer_id))
    if wish_id is None:
        raise UnknownOffer
    wish = lock_wish(session, wish_id)
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None:
        raise UnknownOffer
    return wish, offer


def open_offer(session: Session, wish: Wish) -> Offer | None:
    """The offer that a locked wish has, locked."""
    statement = select(Offer).where(Offer.wish_id == wish.id, Offer.status == "open").with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).first()


def answer(session: Session, offer: Offer, status: str) -> None:
    """End an open offer; whoever settles it lets the next one have the time."""
    offer.status, offer.answered_at = status, clock.now()
    session.flush()
    due.schedule(session, SETTLE, str(offer.id), clock.now())


def wait_on(wish: Wish) -> None:
    """Put a wish whose offer is over back to where it stood: its place in the queue is from when it was made."""
    if wish.status == "offered":
        wish.status, wish.changed_at = "waiting", clock.now()


def end(session: Session, wish: Wish, status: str, ended: str) -> None:
    """Close a wish."""
    wish.status, wish.ended, wish.changed_at = status, ended, clock.now()
    session.flush()
    due.drop(session, OVER, str(wish.id))
