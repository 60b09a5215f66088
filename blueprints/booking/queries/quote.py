"""What a visit comes to, and on which terms, before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.frames import Frame
from blueprints.booking.queries.charges import no_shows
from blueprints.booking.queries.free import party_of
from blueprints.booking.rules.slots import gap_between
from blueprints.booking.rules.terms import Terms, share, together
from blueprints.booking.rules.timeline import CELL_MINUTES
from blueprints.booking.values import Guest, Quote
from shopbell import clock


def quote(
    session: Session,
    branch_id: UUID,
    starts_at: datetime | None,
    guests: Sequence[Guest],
    *,
    customer_id: UUID | None = None,
) -> Quote:
    """Minutes, price, deposit and terms of a visit at that time, or at any when None. With a person asked for it is
    their price and time, else the branch's usual ones. Raises what party_of raises."""
    frame = plan.read_day_of(session, branch_id, starts_at or clock.now()).frame
    party = party_of(frame, guests)
    rows: list[dict[str, Any]] = [
        {"service_id": item.service_id, "price_minor": frame.price(item, item.person_id)} for item in party.items
    ]
    minutes = 0
    for guest, wanted in zip(party.guests, party.wanted, strict=True):
        lengths = [frame.demand(item, item.person_id).length for item in guest.items]
        gaps = sum(gap_between(one, other)[0] for one, other in pairwise(wanted))
        minutes = max(minutes, (sum(lengths) + gaps) * CELL_MINUTES)
    return Quote(
        minutes=minutes,
        price_minor=sum(row["price_minor"] for row in rows),
        currency=frame.services[party.items[0].service_id].currency,
        deposit_minor=deposit_of(session, frame, rows, starts_at, customer_id),
        terms=strictest(frame, [item.service_id for item in party.items]),
    )


def strictest(frame: Frame, service_ids: Sequence[UUID]) -> Terms:
    """One set of terms for a visit of several services: of each term what binds most."""
    return together([frame.rulebook.terms(service_id) for service_id in dict.fromkeys(service_ids)])


def deposit_of(
    session: Session,
    frame: Frame,
    rows: Sequence[Mapping[str, Any]],
    starts_at: datetime | None,
    customer_id: UUID | None,
) -> int:
    """The deposit that services at these prices ask for, in minor units: by their terms, a busy time, or earlier
    no-shows of the customer."""
    peak = frame.rulebook.deposit_percent(starts_at, frame.zone) if starts_at else 0
    terms = [frame.rulebook.terms(row["service_id"]) for row in rows]
    missed = 0
    if customer_id and any(one.no_shows_for_deposit is not None for one in terms):
        missed = no_shows(session, customer_id)
    return sum(share(row["price_minor"], one.deposit(peak, missed)) for row, one in zip(rows, terms, strict=True))
