"""Who waits for a time like this one, in their turn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.waitlist import rules
from blueprints.waitlist.models import Offer, Wish
from blueprints.waitlist.queries.views import COLUMNS, wish_view
from blueprints.waitlist.rules import Freed, Past
from blueprints.waitlist.values import WishView
from shopbell import clock


def in_turn(session: Session, freed: Freed, zone: ZoneInfo) -> list[tuple[WishView, int]]:
    """Wishes that wait for such a time and may be offered one more, with their tier; in the order of rules.turn."""
    first, last = (clock.local_minutes(at, zone)[0] for at in (freed.starts_at, freed.ends_at))
    rows = session.execute(
        select(*COLUMNS).where(
            Wish.status == "waiting",
            Wish.branch_ids.bool_op("@>")([freed.branch_id]),
            Wish.first_day <= last,
            Wish.last_day >= first,
        )
    ).all()
    past = what_was_offered(session, [row.id for row in rows], freed)
    waiting = [wish_view(session, row) for row in rows if past.get(row.id, Past()).allows()]
    tiers = crm.tiers(session, {wish.customer_id for wish in waiting})
    found = [(wish, tiers.get(wish.customer_id, 0)) for wish in waiting]
    return sorted(found, key=lambda one: rules.turn(one[1], one[0].created_at, one[0].id))


def what_was_offered(session: Session, wish_ids: list[UUID], freed: Freed) -> dict[UUID, Past]:
    """What each wish was offered before, in one query. A time that somebody let pass is not offered to them again."""
    a_day_ago = clock.now() - timedelta(days=1)
    here: Any = (
        (Offer.branch_id == freed.branch_id)
        & (Offer.starts_at < freed.ends_at)
        & (Offer.ends_at > freed.starts_at)
        & Offer.status.in_(("declined", "expired"))
    )
    rows = session.execute(
        select(
            Offer.wish_id,
            func.count().filter(Offer.created_at > a_day_ago),
            func.count().filter(Offer.status == "expired"),
            func.bool_or(here),
        )
        .where(Offer.wish_id.in_(wish_ids), or_(Offer.created_at > a_day_ago, Offer.status == "expired", here))
        .group_by(Offer.wish_id)
    )
    return {wish_id: Past(lately, silent, bool(refused)) for wish_id, lately, silent, refused in rows}
