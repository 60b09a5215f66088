"""The inbox: what customers wrote back, and answering it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.crm import api as crm
from blueprints.inbox import queries, service
from blueprints.inbox.access import seen
from blueprints.inbox.queries import PAGE, ConversationView, EntryView
from blueprints.inbox.rules import LONGEST, STATES
from blueprints.inbox.service import Member
from shopbell import clock
from shopbell.http import current_principal, current_session, permit, permitted_at, permitted_branches, shows_people
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import NOBODY, Form
from shopbell.tenancy import current_tenant

PAGES = Blueprint("inbox", __name__, template_folder="templates", url_prefix="/hq")


@PAGES.get("/inbox")
@permit("inbox.answer")
@shows_people
def inbox() -> Response:
    """A page of conversations in one state, the latest first; branches see their own."""
    session, form = current_session(), Form(request.args)
    branches = [branch for branch in catalog.branches(session) if permitted_at(branch.id)]
    chosen = form.id("branch")
    within = frozenset({chosen} & {branch.id for branch in branches}) if chosen else permitted_branches()
    state = form.text("state") if form.text("state") in STATES else "open"
    before = form.id("before")
    found = queries.conversations(session, state, within, None if before == NOBODY else before)
    return render(
        "inbox/inbox.html",
        conversations=found,
        form=form,
        state=state,
        unread=queries.unread(session, within),
        older=found[-1].id if len(found) == PAGE else None,
        branches=branches,
        places={branch.id: branch for branch in branches},
        said=queries.last_words(session, [one.id for one in found]),
        people=crm.contacts(session, {one.customer_id for one in found if one.customer_id}),
        zone=current_tenant().time_zone,
    )


@PAGES.get("/inbox/<uuid:conversation_id>")
@permit("inbox.answer")
@shows_people
def conversation(conversation_id: UUID) -> Response:
    """What was said, and the field for the answer. Looking at it is reading it."""
    found = seen(conversation_id)
    service.read(current_session(), conversation_id)
    return show(found, Form())


@PAGES.post("/inbox/<uuid:conversation_id>/answers")
@permit("inbox.answer")
def answer(conversation_id: UUID) -> Response:
    found, form, session = seen(conversation_id), Form(request.form), current_session()
    words = form.text("words").replace("\x00", "\ufffd")
    if not form.attempt(session, lambda: service.answer(session, conversation_id, words, member())):
        return show(found, form)
    return back(conversation_id, "answer")


@PAGES.post("/inbox/<uuid:conversation_id>/assignment")
@permit("inbox.answer")
def assign(conversation_id: UUID) -> Response:
    """Take it, or give it back to everybody."""
    seen(conversation_id)
    mine = Form(request.form).text("to") == "me"
    service.assign(current_session(), conversation_id, member() if mine else Member(None, ""))
    return back(conversation_id, "assigned")


@PAGES.post("/inbox/<uuid:conversation_id>/state")
@permit("inbox.answer")
def set_state(conversation_id: UUID) -> Response:
    """Close it, or open it again."""
    seen(conversation_id)
    opened = Form(request.form).text("state") == "open"
    service.close(current_session(), conversation_id, opened=opened)
    if opened:
        return back(conversation_id, "opened")
    return redirect(url_for("inbox.inbox", saved="closed"), 303)


def member() -> Member:
    person = current_principal()
    return Member(person.id, person.name)


def back(conversation_id: UUID, saved: str) -> Response:
    return redirect(url_for("inbox.conversation", conversation_id=conversation_id, saved=saved, _anchor="end"), 303)


def show(found: ConversationView, form: Form) -> Response:
    session = current_session()
    branch = catalog.branch(session, found.branch_id) if found.branch_id else None
    people = crm.contacts(session, {found.customer_id}) if found.customer_id else {}
    entries, zone = queries.entries(session, found.id), branch.time_zone if branch else current_tenant().time_zone
    starts_at, on_board = appointment(entries, branch) if branch else (None, "")
    return render(
        "inbox/conversation.html",
        form.status,
        conversation=found,
        entries=entries,
        form=form,
        branch=branch,
        starts_at=starts_at,
        on_board=on_board,
        customer=people.get(found.customer_id) if found.customer_id else None,
        deeds=deeds(),
        mine=found.assigned_id is not None and found.assigned_id == current_principal().id,
        longest=LONGEST,
        zone=zone,
    )


def appointment(entries: Sequence[EntryView], branch: BranchView) -> tuple[datetime | None, str]:
    """What they wrote about last: when it begins, and where it stands on the board; nothing when it is not known, not
    kept any more, or another branch's."""
    booking_id = next((one.booking_id for one in reversed(entries) if one.booking_id), None)
    if booking_id is None or not current_principal().may_at("frontdesk.use", branch.id):
        return None, ""
    try:
        found = booking.details(current_session(), booking_id)
    except UnknownBooking:
        return None, ""
    if found.branch_id != branch.id:
        return None, ""
    day, _minute = clock.local_minutes(found.starts_at, clock.zone(branch.time_zone))
    return found.starts_at, f"{url_for('frontdesk_pages.shell', slug=branch.slug)}#{day.isoformat()}/{found.id}"


def deeds() -> dict[str, str]:
    return {
        "confirmed": _("The appointment was confirmed."),
        "cancelled": _("The appointment was cancelled."),
        "too_late": _("It was too late to cancel; the customer was told that somebody will get in touch."),
        "stopped": _("Nothing more is sent to this number."),
        "started": _("This number is written to again."),
    }
