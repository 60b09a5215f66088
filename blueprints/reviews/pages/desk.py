"""Where head office and managers read reviews, decide what is shown, and answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from blueprints.reviews import queries, service
from blueprints.reviews.errors import BadReview, UnknownReview
from blueprints.reviews.queries import PAGE, ReviewView
from blueprints.reviews.rules.asking import LONGEST, STAGES
from blueprints.reviews.rules.moderation import HIDE_REASONS
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.http import current_principal, current_session, permit, permitted_at, permitted_branches, shows_people
from shopbell.pages import render
from shopbell.pages.forms import Form

PAGES = Blueprint("reviews_desk", __name__, template_folder="../templates", url_prefix="/hq")
STATES = ("pending", "shown", "hidden")
COUNTED_DAYS = 90


@PAGES.get("/reviews")
@permit("reviews.answer")
@shows_people
def reviews() -> Response:
    """A page of reviews in one state, those with few stars first; managers see their branches'."""
    return show_list(Form(request.args))


@PAGES.post("/reviews/<uuid:review_id>/shown")
@permit("reviews.answer")
def show(review_id: UUID) -> Response:
    return done(review_id, lambda who: service.show(current_session(), review_id, by=who))


@PAGES.post("/reviews/<uuid:review_id>/hidden")
@permit("reviews.answer")
def hide(review_id: UUID) -> Response:
    reason = request.form.get("reason", "")[:40]
    return done(review_id, lambda who: service.hide(current_session(), review_id, reason, by=who))


@PAGES.post("/reviews/<uuid:review_id>/answer")
@permit("reviews.answer")
def answer(review_id: UUID) -> Response:
    text = request.form.get("answer", "").replace("\x00", "\ufffd")[: LONGEST * 4]
    return done(review_id, lambda who: service.answer(current_session(), review_id, text, by=who))


def done(review_id: UUID, work: Callable[[UUID | None], None]) -> Response:
    """Do the work on a review of one's own branches, and show the list again: with what was typed if it was wrong."""
    found = reachable(review_id)
    try:
        work(current_principal().id)
    except BadReview as refusal:
        form = Form(request.form, refusal.fields)
        form.status = refusal.status
        return show_list(form, found)
    status = queries.review(current_session(), review_id).status
    return redirect(url_for("reviews_desk.reviews", status=status, saved="1", _anchor=f"r-{review_id}"), 303)


def reachable(review_id: UUID) -> ReviewView:
    """Raises UnknownReview, also for those of branches that are not one's own."""
    found = queries.review(current_session(), review_id)
    if not permitted_at(found.branch_id):
        raise UnknownReview
    return found


def show_list(form: Form, wrong: ReviewView | None = None) -> Response:
    session = current_session()
    branches = [branch for branch in catalog.branches(session) if permitted_at(branch.id)]
    chosen = form.id("branch")
    within = {chosen} & {branch.id for branch in branches} if chosen else permitted_branches()
    status = wrong.status if wrong else asked_status(queries.pending(session, within))
    found = [wrong] if wrong else queries.to_read(session, status, within, _id(request.args.get("before", "")))
    return render(
        "reviews/desk.html",
        form.status,
        reviews=found,
        form=form,
        wrong=wrong,
        state=status,
        states=STATES,
        pending=queries.pending(session, within),
        figures=queries.figures(session, clock.now() - timedelta(days=COUNTED_DAYS), within),
        days=COUNTED_DAYS,
        older=found[-1].id if len(found) == PAGE else None,
        branches=branches,
        places={branch.id: branch for branch in catalog.branches(session)},
        services={service.id: service for service in catalog.services(session, active_only=False)},
        people=staff.names(session, {review.person_id for review in found if review.person_id}),
        customers=crm.contacts(session, {review.customer_id for review in found}),
        stages=STAGES,
        reasons=HIDE_REASONS,
        longest=LONGEST,
    )


def asked_status(waiting: int) -> str:
    """?status=, else what has to be decided, else what is shown."""
    status = request.args.get("status", "")
    if status in STATES:
        return status
    return "pending" if waiting else "shown"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
