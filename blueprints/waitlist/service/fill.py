"""Offering a freed time: to whoever's turn it is and for whom it truly fits, one person at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Guest, HoldRequest, Slot
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.waitlist import rules
from blueprints.waitlist.events import OfferMade
from blueprints.waitlist.models import Offer
from blueprints.waitlist.queries.queue import in_turn
from blueprints.waitlist.rules import Freed
from blueprints.waitlist.service.join import upcoming
from blueprints.waitlist.service.records import FILL, SETTLE, lock_wish, take_turn
from blueprints.waitlist.values import WishView
from shopbell import clock, due, ids
from shopbell.errors import DomainError
from shopbell.events import publish

TRIES = 3
"""How many of a wish's free times are tried when others are faster."""

Key = tuple[tuple[Guest, ...], int]


@dataclass
class Search:
    """What is free at the branch around a freed time, asked once per kind of wish."""

    session: Session
    branch: BranchView
    freed: Freed
    found: dict[Key, list[Slot]] = field(default_factory=dict)
    lengths: dict[tuple[Guest, ...], timedelta] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return clock.zone(self.branch.time_zone)

    def length(self, wish: WishView) -> timedelta:
        """How long what is wished usually takes, until the last guest is ready."""
        if wish.asked not in self.lengths:
            self.lengths[wish.asked] = timedelta(minutes=max(map(self._minutes, wish.asked)))
        return self.lengths[wish.asked]

    def _minutes(self, guest: Guest) -> int:
        services = [(catalog.service(self.session, item.service_id), item.options) for item in guest.items]
        steps = [step for service, options in services for step in service.process(service.chosen(options))]
        return sum(step.minutes + step.wait_minutes for step in steps)

    def slots(self, wish: WishView, tier: int) -> list[Slot]:
        """Starts on the freed days at which everything wished is free, in no order of preference."""
        key = (wish.asked, tier)
        if key not in self.found:
            first, last = (
                clock.local_minutes(at, self.zone)[0]
                for at in (self.freed.starts_at - self.length(wish), self.freed.ends_at)
            )
            days = booking.free_days(
                self.session, self.branch.id, None, first, (last - first).days + 1, guests=wish.asked, tier=tier
            )
            self.found[key] = [slot for day in days for slot in day.slots]
        return self.found[key]


def freed(session: Session, span: Freed) -> None:
    """Have a freed time offered: at once, or in the morning when it can wait and people sleep."""
    now = clock.now()
    zone = clock.zone(catalog.branch(session, span.branch_id).time_zone)
    due.schedule(session, FILL, span.key, rules.disturbs_until(now, span.starts_at, zone) or now)


def fill(session: Session, span: Freed) -> list[UUID]:
    """Hold and offer what is free of the time, to one person for each part of it. Returns the ids of new offers.

    Harmless to repeat, and for several workers at once: what is offered is held, and who has an open offer waits.
    """
    branch, now = catalog.branch(session, span.branch_id), clock.now()
    if not branch.is_open or span.ends_at <= now:
        return []
    search = Search(session, branch, span)
    if rules.disturbs_until(now, span.starts_at, search.zone):
        freed(session, span)
        return []
    take_turn(session, branch.id)
    taken, made = open_parts(session, span), []
    for wish, tier in in_turn(session, span, search.zone):
        offer = offer_to(session, search, wish, tier, taken)
        if offer is not None:
            taken.append((offer.starts_at, offer.ends_at))
            made.append(offer.id)
            search.found.clear()
    return made


def open_parts(session: Session, span: Freed) -> list[tuple[datetime, datetime]]:
    """What of the freed time somebody is thinking over."""
    rows = session.execute(
        select(Offer.starts_at, Offer.ends_at).where(
            Offer.branch_id == span.branch_id,
            Offer.freed_from == span.starts_at,
            Offer.freed_to == span.ends_at,
            Offer.status == "open",
        )
    )
    return [(row.starts_at, row.ends_at) for row in rows]


def offer_to(
    session: Session, search: Search, wish: WishView, tier: int, taken: list[tuple[datetime, datetime]]
) -> Offer | None:
    """Hold the wish's best time and offer it; None when nothing fits."""
    try:
        slots = fitting(session, search, wish, tier, taken)
    except DomainError:
        # Nobody at this branch can give the service any more, or it is not offered.
        return None
    for slot in slots[:TRIES]:
        try:
            with session.begin_nested():
                offer = keep(session, search, wish, tier, slot.starts_at)
        except DomainError:
            search.found.clear()
            continue
        return offer
    return None


def fitting(
    session: Session, search: Search, wish: WishView, tier: int, taken: list[tuple[datetime, datetime]]
) -> list[Slot]:
    """The free starts that the wish means, that touch the freed time and nothing already offered of it.

    Those that need the least time besides the freed one come first, then those that leave no useless gap.
    """
    now, length, wanted = clock.now(), search.length(wish), wish.wanted
    before = None
    if wish.booking_id is not None:
        replaced = upcoming(session, wish.booking_id)
        if replaced is None:
            return []
        before = replaced.starts_at
    found = [
        slot
        for slot in search.slots(wish, tier)
        if search.freed.touches(slot.starts_at, slot.starts_at + length)
        and wanted.suits(slot.starts_at, search.zone)
        and (before is None or slot.starts_at < before)
        and rules.offer_minutes(now, slot.starts_at, search.branch.lead_minutes)
        and not any(slot.starts_at < end and start < slot.starts_at + length for start, end in taken)
    ]
    return sorted(
        found,
        key=lambda slot: (search.freed.outside(slot.starts_at, slot.starts_at + length), not slot.fits, slot.starts_at),
    )


def keep(session: Session, search: Search, wish: WishView, tier: int, starts_at: datetime) -> Offer | None:
    """Hold the time for the wish; None when somebody else is offering something to it. Raises what hold raises."""
    row = lock_wish(session, wish.id)
    if row.status != "waiting":
        return None
    now, branch, span = clock.now(), search.branch, search.freed
    held = booking.hold(
        session,
        HoldRequest(
            branch_id=branch.id,
            service_id=None,
            starts_at=starts_at,
            guests=wish.asked,
            minutes=rules.offer_minutes(now, starts_at, branch.lead_minutes),
            tier=tier,
            customer_id=wish.customer_id,
            offer=True,
        ),
    )
    offer = Offer(
        id=ids.uuid7(),
        wish_id=wish.id,
        hold_id=held.booking_id,
        branch_id=branch.id,
        person_id=held.person_id,
        starts_at=starts_at,
        ends_at=held.ends_at,
        freed_from=span.starts_at,
        freed_to=span.ends_at,
        status="open",
        created_at=now,
        expires_at=held.expires_at,
    )
    session.add(offer)
    row.status, row.changed_at = "offered", now
    session.flush()
    due.schedule(session, SETTLE, str(offer.id), held.expires_at)
    fact = OfferMade(offer.id, wish.id, wish.customer_id, branch.id, starts_at, held.expires_at)
    publish(session, fact)
    return offer
