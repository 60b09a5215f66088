"""Reads of reviews, as plain values; none makes more than two round trips."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, func, select, tuple_
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.reviews.errors import UnknownReview
from blueprints.reviews.models import WORDS, Review
from blueprints.reviews.rules.asking import STAGES
from blueprints.reviews.rules.naming import public_name
from shopbell.vault.ring import ring

PAGE = 20


@dataclass(frozen=True)
class ReviewView:
    """A review. `who` is the customer's public name, "王**"; `stages` maps stages to stars."""

    id: UUID
    booking_id: UUID
    customer_id: UUID
    branch_id: UUID
    service_id: UUID
    person_id: UUID | None
    stars: int
    stages: dict[str, int]
    words: str
    locale: str
    status: str
    why: str
    answer: str
    answered_at: datetime | None
    created_at: datetime
    who: str


OURS = ("words", "who")
COLUMNS = tuple(getattr(Review, name) for name in ReviewView.__dataclass_fields__ if name not in OURS)
SAID = (Review.words, Review.words_sealed)


# Names every value of the index's second column, so that the third one may bound the search.
EITHER = Review.low.in_([True, False])


@dataclass(frozen=True)
class Figures:
    """Shown reviews since a day: how many, their mean (None without any), how many are answered, means by stage."""

    number: int
    mean: float | None
    answered: int
    stages: dict[str, float]


def ratings(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, tuple[float, int]]:
    """The mean of the stars and how many reviews are shown, by person; who has none is left out."""
    return _ratings(session, Review.person_id, person_ids)


def branch_ratings(session: Session, branch_ids: Iterable[UUID]) -> dict[UUID, tuple[float, int]]:
    """The same by branch."""
    return _ratings(session, Review.branch_id, branch_ids)


def _ratings(session: Session, column: Any, wanted: Iterable[UUID]) -> dict[UUID, tuple[float, int]]:
    found = list(wanted)
    if not found:
        return {}
    statement = select(column, func.avg(Review.stars), func.count()).group_by(column)
    rows = session.execute(statement.where(column.in_(found), Review.status == "shown"))
    return {key: (float(mean), number) for key, mean, number in rows}


def reviews_of(session: Session, person_id: UUID, limit: int = 10, before: UUID | None = None) -> list[ReviewView]:
    """What is shown about a person's work, newest first; `before` is the id that ended the page before."""
    return _shown(session, Review.person_id == person_id, limit, before)


def reviews_at(session: Session, branch_id: UUID, limit: int = 10, before: UUID | None = None) -> list[ReviewView]:
    """What is shown about a branch, newest first."""
    return _shown(session, Review.branch_id == branch_id, limit, before)


def _shown(session: Session, about: ColumnElement[bool], limit: int, before: UUID | None) -> list[ReviewView]:
    statement = select(*COLUMNS, *SAID).where(about, Review.status == "shown")
    if before is not None:
        last = select(Review.created_at, Review.id).where(Review.id == before)
        statement = statement.where(tuple_(Review.created_at, Review.id) < last.scalar_subquery())
    return _views(session, statement.order_by(Review.created_at.desc(), Review.id.desc()).limit(limit))


def to_read(
    session: Session, status: str, branch_ids: Collection[UUID] | None, before: UUID | None = None
) -> list[ReviewView]:
    """A page of the reviews in a state, low ones first, then the newest; of some branches or, with None, of all."""
    order = (Review.low, Review.created_at, Review.id)
    statement = select(*COLUMNS, *SAID).where(Review.status == status, *_within(branch_ids))
    if before is not None:
        last = select(*order).where(Review.id == before)
        statement = statement.where(tuple_(*order) < last.scalar_subquery())
    return _views(session, statement.order_by(*(column.desc() for column in order)).limit(PAGE))


def pending(session: Session, branch_ids: Collection[UUID] | None) -> int:
    """How many wait for somebody to look at them."""
    statement = select(func.count()).select_from(Review)
    return session.scalar(statement.where(Review.status == "pending", *_within(branch_ids))) or 0


def figures(session: Session, since: datetime, branch_ids: Collection[UUID] | None) -> Figures:
    means = [func.avg(Review.stages[stage].astext.cast(Integer)) for stage in STAGES]
    answered = func.count().filter(Review.answer != "")
    row = session.execute(
        select(func.count(), func.avg(Review.stars), answered, *means).where(
            Review.status == "shown", EITHER, Review.created_at >= since, *_within(branch_ids)
        )
    ).one()
    number, mean, replies, *by_stage = row
    stages = {stage: float(value) for stage, value in zip(STAGES, by_stage, strict=True) if value is not None}
    return Figures(number, None if mean is None else float(mean), replies, stages)


def review(session: Session, review_id: UUID) -> ReviewView:
    """Raises UnknownReview."""
    found = _views(session, select(*COLUMNS, *SAID).where(Review.id == review_id))
    if not found:
        raise UnknownReview
    return found[0]


def review_of(session: Session, visit_id: UUID) -> ReviewView | None:
    """What was said about a visit, whether it is shown or not."""
    found = _views(session, select(*COLUMNS, *SAID).where(Review.booking_id == visit_id))
    return found[0] if found else None


def _within(branch_ids: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    return [] if branch_ids is None else [Review.branch_id.in_(branch_ids)]


def _views(session: Session, statement: Select[*tuple[Any, ...]]) -> list[ReviewView]:
    rows = session.execute(statement).all()
    people = crm.contacts(session, {row.customer_id for row in rows})
    return [_view(session, row, public_name(people[row.customer_id].name)) for row in rows]


def _view(session: Session, row: Any, who: str) -> ReviewView:
    *plain, clear, sealed = row
    words = clear if sealed is None else ring(session).open(WORDS, row.id, sealed)
    return ReviewView(**dict(zip((column.key for column in COLUMNS), plain, strict=True)), words=words, who=who)
