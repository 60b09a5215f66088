"""Who waits and what came of it, for staff."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from blueprints.waitlist.models import Offer, Wish
from blueprints.waitlist.queries.views import COLUMNS, wish_view
from blueprints.waitlist.values import Figures, WishView

PAGE = 25
STATES = {"open": ("waiting", "offered"), "accepted": ("accepted",), "over": ("left", "over")}


@dataclass(frozen=True)
class Filter:
    """Which wishes: of a state (open, accepted, over), a service, and any of the branches; None means all."""

    state: str = "open"
    service_id: UUID | None = None
    branch_ids: frozenset[UUID] | None = None


def page(session: Session, wanted: Filter, *, after: UUID | None = None, limit: int = PAGE) -> list[WishView]:
    """Some wishes in the order of joining; `after` is the id that ended the page before."""
    statement = select(*COLUMNS).where(*conditions(wanted))
    if after is not None:
        statement = statement.where(Wish.id > after)
    return [wish_view(session, row) for row in session.execute(statement.order_by(Wish.id).limit(limit))]


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Wish.status.in_(STATES[wanted.state])]
    if wanted.service_id is not None:
        found.append(Wish.service_id == wanted.service_id)
    if wanted.branch_ids is not None:
        found.append(Wish.branch_ids.bool_op("&&")(list(wanted.branch_ids)))
    return found


def figures(session: Session, since: datetime, branch_ids: Collection[UUID] | None = None) -> Figures:
    """What was offered since then, and who waits now; of some branches, or of all. Two queries."""
    within = None if branch_ids is None else frozenset(branch_ids)
    waiting = session.scalar(select(func.count()).where(*conditions(Filter(branch_ids=within)))) or 0
    minutes = func.extract("epoch", Offer.ends_at - Offer.starts_at) / 60
    statement = (
        select(Offer.status, func.count(), func.sum(minutes)).where(Offer.created_at >= since).group_by(Offer.status)
    )
    if within is not None:
        statement = statement.where(Offer.branch_id.in_(within))
    found = {status: (count, int(total or 0)) for status, count, total in session.execute(statement)}
    counted = {status: count for status, (count, _total) in found.items()}
    return Figures(
        waiting=waiting,
        offered=sum(counted.values()),
        accepted=counted.get("accepted", 0),
        declined=counted.get("declined", 0),
        expired=counted.get("expired", 0),
        minutes=found.get("accepted", (0, 0))[1],
    )
