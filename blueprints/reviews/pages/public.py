"""The page on which a customer says how a visit was. It needs no JavaScript and no account."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, Response, request, url_for

from blueprints.booking.api import BookingDetails, UnknownBooking
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.reviews import queries, service
from blueprints.reviews.errors import BadReview
from blueprints.reviews.links import read_review_token
from blueprints.reviews.rules.asking import LONGEST, STAGES
from blueprints.reviews.service import ReviewInput
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.errors import DomainError, NotFound
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import current_locale
from shopbell.i18n import gettext as _
from shopbell.pages import private, render, see
from shopbell.text import N_

PAGES = Blueprint("reviews", __name__, template_folder="../templates")
WHY_OPEN = "customers come by a signed link, without an account"
PER_MINUTE = 20


class UnknownReviewLink(NotFound):
    """A link to a visit that we did not make, or that has run out."""

    code = "unknown_link"
    title = N_("This link does not work any more")


@dataclass
class ReviewForm:
    """The form: what was chosen and typed, and a sentence for each field that is wrong."""

    stars: str = ""
    stages: dict[str, str] = field(default_factory=dict)
    words: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def sent() -> ReviewForm:
        stages = {stage: request.form.get(stage, "")[:1] for stage in STAGES}
        words = request.form.get("words", "").replace("\x00", "\ufffd")[: LONGEST * 4]
        return ReviewForm(request.form.get("stars", "")[:1], stages, words)

    def read(self) -> ReviewInput:
        """The choices as numbers; what is none becomes 0, which is no number of stars."""
        stages = {stage: _number(text) for stage, text in self.stages.items() if text}
        return ReviewInput(_number(self.stars), stages, self.words, current_locale())


@PAGES.get("/r/<token>")
@open_to_all(WHY_OPEN)
def review(token: str) -> Response:
    """The form, or what was said already. ?stars= chooses them beforehand; nothing is stored by opening it."""
    try:
        seen = visit_of(token)
    except DomainError as error:
        return nothing(error)
    given = queries.review_of(current_session(), seen.visit_id or seen.id)
    if given is not None:
        return show("reviews/thanks.html", 200, seen, review=given)
    return show_form(token, seen, ReviewForm(request.args.get("stars", "")[:1]))


@PAGES.post("/r/<token>")
@open_to_all(WHY_OPEN)
@limited("reviews", per_minute=PER_MINUTE)
def give(token: str) -> Response:
    """Store it; a second click leads to what was stored by the first."""
    form = ReviewForm.sent()
    try:
        seen = visit_of(token)
        service.give(current_session(), seen.id, form.read())
    except BadReview as refusal:
        form.errors = refusal.fields
        return show_form(token, seen, form, refusal.status)
    except DomainError as error:
        return nothing(error)
    return see(url_for("reviews.review", token=token))


def visit_of(token: str) -> BookingDetails:
    """The visit of the link, which has taken place. Raises UnknownReviewLink, NothingToReview."""
    try:
        return service.reviewable(current_session(), read_review_token(token, clock.now()))
    except (BadToken, UnknownBooking):
        raise UnknownReviewLink from None


def show_form(token: str, seen: BookingDetails, form: ReviewForm, status: int = 200) -> Response:
    return show("reviews/form.html", status, seen, form=form, token=token, stages=STAGES, longest=LONGEST)


def show(template: str, status: int, seen: BookingDetails, **context: object) -> Response:
    session = current_session()
    branch = catalog.branch(session, seen.branch_id)
    return private(
        render(
            template,
            status,
            brand=brand.shown(branch),
            branch=branch,
            service=catalog.service(session, seen.service_id),
            person=staff.person(session, seen.person_id) if seen.person_id else None,
            seen=seen,
            **context,
        )
    )


def nothing(error: DomainError) -> Response:
    """The link does not work, or the visit has not taken place."""
    session = current_session()
    return private(
        render(
            "storefront/problem.html",
            error.status,
            brand=brand.shown(),
            branches=catalog.branches(session),
            error=error,
            address="/",
            way_out=_("Book an appointment"),
        )
    )


def _number(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0
