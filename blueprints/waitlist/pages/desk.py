"""Where head office and managers see who waits, what was offered and what it brought."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from blueprints.staff import api as staff
from blueprints.waitlist import service
from blueprints.waitlist.access import require_seen
from blueprints.waitlist.errors import BadWish
from blueprints.waitlist.queries import desk, views
from blueprints.waitlist.queries.desk import PAGE, STATES, Filter
from shopbell import clock
from shopbell.http import current_session, permit, permitted_at, permitted_branches, shows_people
from shopbell.pages import render
from shopbell.pages.forms import NOBODY, Form, weekday_names

PAGES = Blueprint("waitlist_desk", __name__, template_folder="../templates", url_prefix="/hq")
COUNTED_DAYS = 30


@PAGES.get("/waitlist")
@permit("waitlist.manage")
@shows_people
def waitlist() -> Response:
    """A page of wishes in the order of joining; managers see their branches'."""
    return show_list(Form(request.args))


@PAGES.post("/waitlist/<uuid:wish_id>/removal")
@permit("waitlist.manage")
def remove(wish_id: UUID) -> Response:
    """Take a wish off the list, with a reason that the customer reads too."""
    session = current_session()
    require_seen(views.wish(session, wish_id))
    try:
        service.remove(session, wish_id, request.form.get("reason", "").replace("\x00", "\ufffd"))
    except BadWish as refusal:
        form = Form(request.form, {"reason": refusal.fields["reason"]})
        form.status = refusal.status
        return show_list(form, wrong=wish_id)
    return redirect(url_for("waitlist_desk.waitlist", saved="1"), 303)


def show_list(form: Form, wrong: UUID | None = None) -> Response:
    session = current_session()
    seen = [branch for branch in catalog.branches(session) if permitted_at(branch.id)]
    chosen = form.id("branch")
    within = frozenset({chosen} & {branch.id for branch in seen}) if chosen else permitted_branches()
    state = form.text("state") if form.text("state") in STATES else "open"
    after = form.id("after")
    wishes = desk.page(session, Filter(state, form.id("service"), within), after=None if after == NOBODY else after)
    offers = views.offers_of(session, [wish.id for wish in wishes])
    people = {item.person_id for wish in wishes for guest in wish.asked for item in guest.items}
    people |= {offer.person_id for found in offers.values() for offer in found}
    return render(
        "waitlist/desk.html",
        form.status,
        form=form,
        state=state,
        states=STATES,
        wrong=wrong,
        wishes=wishes,
        offers=offers,
        more=wishes[-1].id if len(wishes) == PAGE else None,
        branches=seen,
        places={branch.id: branch for branch in catalog.branches(session)},
        services={found.id: found for found in catalog.services(session, active_only=False)},
        people=staff.names(session, {person_id for person_id in people if person_id}),
        customers=crm.contacts(session, {wish.customer_id for wish in wishes}),
        figures=desk.figures(session, clock.now() - timedelta(days=COUNTED_DAYS), within),
        days=COUNTED_DAYS,
        weekdays=weekday_names(),
    )
