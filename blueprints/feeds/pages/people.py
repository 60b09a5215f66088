"""A person's calendars at head office: the one given out, and their own ones that are read."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.feeds import queries
from blueprints.feeds.links import feed_link
from blueprints.feeds.pages.blueprint import HQ_PAGES
from blueprints.feeds.rules.addresses import shown_address
from blueprints.feeds.service import calendars, feeds
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.tenancy import current_tenant

CLASHES_SHOWN = 50


@HQ_PAGES.get("/people/<uuid:person_id>/calendar")
@permit("staff.edit")
def calendar(person_id: UUID) -> Response:
    return show(person_id, Form())


@HQ_PAGES.post("/people/<uuid:person_id>/calendar/feed")
@permit("staff.edit")
def make_feed(person_id: UUID) -> Response:
    feeds.person_feed_url(current_session(), person_id)
    return back(person_id)


@HQ_PAGES.post("/people/<uuid:person_id>/calendar/feed/revocation")
@permit("staff.edit")
def revoke_feed(person_id: UUID) -> Response:
    session = current_session()
    staff.person(session, person_id)
    feeds.revoke_person_feed(session, person_id)
    return back(person_id)


@HQ_PAGES.post("/people/<uuid:person_id>/calendar/busy")
@permit("staff.edit")
def add_calendar(person_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: calendars.add_calendar(session, person_id, form.text("url"))):
        return show(person_id, form)
    return back(person_id)


@HQ_PAGES.post("/people/<uuid:person_id>/calendar/busy/<uuid:calendar_id>/removal")
@permit("staff.edit")
def remove_calendar(person_id: UUID, calendar_id: UUID) -> Response:
    calendars.remove_calendar(current_session(), person_id, calendar_id)
    return back(person_id)


@HQ_PAGES.post("/people/<uuid:person_id>/calendar/busy/<uuid:calendar_id>/reading")
@permit("staff.edit")
def read_calendar(person_id: UUID, calendar_id: UUID) -> Response:
    calendars.read_soon(current_session(), person_id, calendar_id)
    return back(person_id)


def show(person_id: UUID, form: Form) -> Response:
    session = current_session()
    person = staff.person(session, person_id)
    found = queries.feed_of(session, person_id=person_id)
    home = catalog.branch(session, person.home_branch_id).time_zone if person.home_branch_id else None
    response = render(
        "feeds/person.html",
        form.status,
        person=person,
        form=form,
        feed=found,
        address=feed_link(found.id, found.created_at) if found else "",
        calendars=queries.calendars_of(session, person_id),
        clashes=queries.clashes_of(session, person_id, clock.now(), CLASHES_SHOWN),
        zone=clock.zone(home or current_tenant().time_zone),
        shown_address=shown_address,
        trouble=trouble,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def back(person_id: UUID) -> Response:
    return redirect(url_for("calendars.calendar", person_id=person_id, saved=1), 303)


def trouble(code: str) -> str:
    """What went wrong with a calendar, in a sentence."""
    if code.startswith("http:"):
        return _("Its server answered with error %(number)s.", number=code.removeprefix("http:"))
    sentences = {
        "bad_address": _("The address leads to something that is no web page."),
        "private_address": _("The address leads into a private network, which is not allowed."),
        "unreachable": _("Its server cannot be reached."),
        "certificate": _("Its server's certificate is not valid."),
        "too_slow": _("Its server takes too long to answer."),
        "too_large": _("The calendar is larger than 5 MB."),
        "too_many": _("The calendar holds too many events, or one that recurs without end."),
        "too_many_redirects": _("The address leads from one to the next without end."),
        "not_a_calendar": _("What is found there is no calendar."),
    }
    return sentences.get(code, _("The calendar could not be read."))
