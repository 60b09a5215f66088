"""What can be done with reviews: ask for one, give one, decide what is shown, answer. All are harmless to repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, UnknownBooking
from blueprints.catalog import api as catalog
from blueprints.reviews.errors import BadReview, NothingToReview, UnknownReview
from blueprints.reviews.events import ReviewAsked
from blueprints.reviews.models import WORDS, Review
from blueprints.reviews.rules.asking import LONGEST, LOW, STAGES, ask_at, is_stale
from blueprints.reviews.rules.moderation import HIDE_REASONS, judge
from blueprints.reviews.rules.words import clean_words
from shopbell import clock, due, ids
from shopbell.events import publish
from shopbell.i18n import gettext as _
from shopbell.vault.ring import ring

ASK = "reviews.ask"


@dataclass(frozen=True)
class ReviewInput:
    """What a customer says: 1 to 5 stars for the visit and, where they like, for its stages; and words."""

    stars: int
    stages: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
    locale: str = "en"


def plan_question(session: Session, booking_id: UUID) -> None:
    """Have the customer asked some hours from now. Appointments of one visit are asked about once."""
    found = booking.details(session, booking_id)
    zone = clock.zone(catalog.branch(session, found.branch_id).time_zone)
    due.schedule(session, ASK, str(found.visit_id or found.id), ask_at(clock.now(), zone))


def ask(session: Session, visit_id: UUID) -> None:
    """Say that the customer should be asked, if they came, were not asked too late, and have not spoken already."""
    try:
        seen = reviewable(session, visit_id)
    except (UnknownBooking, NothingToReview):
        return
    if seen.customer_id is None or is_stale(seen.ends_at, clock.now()) or reviewed(session, visit_id):
        return
    publish(session, ReviewAsked(seen.id, seen.customer_id))


def reviewable(session: Session, booking_id: UUID) -> BookingDetails:
    """The first appointment of the visit that took place. Raises UnknownBooking, NothingToReview."""
    took_place = [found for found in booking.visit(session, booking_id) if found.status == "done"]
    if not took_place:
        raise NothingToReview(_("You can say how it was as soon as your visit is over."))
    return took_place[0]


def reviewed(session: Session, visit_id: UUID) -> bool:
    return session.scalar(select(Review.id).where(Review.booking_id == visit_id)) is not None


def give(session: Session, booking_id: UUID, given: ReviewInput) -> None:
    """Store what a customer says about a visit; the first word on it stays.

    Shown at once unless a rule of moderation holds the words back. Raises UnknownBooking, NothingToReview, BadReview.
    """
    seen = reviewable(session, booking_id)
    words = clean_words(given.words)
    check(given, words)
    if seen.customer_id is None or seen.service_id is None:
        raise NothingToReview
    rule = judge(words)
    review_id = ids.uuid7()
    values = {
        "id": review_id,
        "booking_id": seen.visit_id or seen.id,
        "customer_id": seen.customer_id,
        "branch_id": seen.branch_id,
        "service_id": seen.service_id,
        "person_id": seen.person_id,
        "stars": given.stars,
        "low": given.stars <= LOW,
        "stages": {stage: given.stages[stage] for stage in STAGES if stage in given.stages},
        **ring(session).form(WORDS, review_id, words),
        "locale": given.locale,
        "status": "pending" if rule else "shown",
        "why": rule or "",
        "created_at": clock.now(),
    }
    session.execute(insert(Review).values(values).on_conflict_do_nothing(index_elements=["booking_id"]))


def check(given: ReviewInput, words: str) -> None:
    """Raises BadReview naming every field that is wrong."""
    wrong = {}
    if not 1 <= given.stars <= 5:
        wrong["stars"] = _("Choose one to five stars for your visit.")
    if any(not 1 <= stars <= 5 for stars in given.stages.values()):
        wrong["stages"] = _("A stage has one to five stars, or none.")
    if len(words) > LONGEST:
        wrong["words"] = _(
            "Shorten this to at most %(most)s characters; it has %(length)s now.", most=LONGEST, length=len(words)
        )
    if wrong:
        raise BadReview(_("Nothing was sent yet: please correct what is marked."), fields=wrong)


def show(session: Session, review_id: UUID, *, by: UUID | None) -> None:
    """Let everybody read it. Raises UnknownReview."""
    review = lock(session, review_id)
    if review.status != "shown":
        decide(session, review, "shown", "", by)


def hide(session: Session, review_id: UUID, reason: str, *, by: UUID | None) -> None:
    """Take it off the pages, for one of HIDE_REASONS. Raises UnknownReview, BadReview."""
    review = lock(session, review_id)
    if reason not in HIDE_REASONS:
        raise BadReview(_("Say why it is hidden."), fields={"reason": _("Choose a reason from the list.")})
    if (review.status, review.why) != ("hidden", reason):
        decide(session, review, "hidden", reason, by)


def answer(session: Session, review_id: UUID, text: str, *, by: UUID | None) -> None:
    """What the branch says to it, in public; an empty text takes the answer back. Raises UnknownReview, BadReview."""
    review = lock(session, review_id)
    words = clean_words(text)
    if len(words) > LONGEST:
        sentence = _("At most %(count)s characters.", count=LONGEST)
        raise BadReview(_("The answer was not saved."), fields={"answer": sentence})
    if words != review.answer:
        review.answer, review.answered_by = words, by if words else None
        review.answered_at = clock.now() if words else None
        session.flush()


def decide(session: Session, review: Review, status: str, why: str, by: UUID | None) -> None:
    review.status, review.why, review.decided_by, review.decided_at = status, why, by, clock.now()
    session.flush()


def lock(session: Session, review_id: UUID) -> Review:
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None:
        raise UnknownReview
    return review
