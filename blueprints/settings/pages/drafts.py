"""Drafts: what they would change and break, publishing and discarding them."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking import api as booking
from blueprints.settings import queries, service
from blueprints.settings.errors import DraftOutdated
from blueprints.settings.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.settings.pages.shown import Names, value_text
from blueprints.settings.queries import Draft
from blueprints.settings.rights import author, may_say, require_to_say
from shopbell import clock
from shopbell.http import current_principal, current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.paging import paging
from tenants.settings import store


@PAGES.get("/settings/drafts")
@permit("settings.edit")
def drafts() -> Response:
    """Everybody's open drafts, and the last ones that were published."""
    session = current_session()
    return render(
        "settings/drafts.html",
        open=queries.drafts(session),
        published=queries.drafts(session, "published"),
        names=Names(session),
        value_text=value_text,
    )


@PAGES.get("/settings/drafts/<uuid:draft_id>")
@permit("settings.edit")
def draft(draft_id: UUID) -> Response:
    return show(queries.draft(current_session(), draft_id))


@PAGES.post("/settings/drafts/<uuid:draft_id>/publication")
@permit("settings.edit")
def publish_draft(draft_id: UUID) -> Response:
    """What is published is what was seen: a preview that is out of date is shown once more."""
    session, person = current_session(), current_principal()
    found = theirs(draft_id)
    try:
        service.publish(session, draft_id, request.form.get("seen", ""), author(person))
    except DraftOutdated as error:
        return show(found, error.title, error.status)
    return redirect(url_for("settings.drafts", published="1"), 303)


@PAGES.post("/settings/drafts/<uuid:draft_id>/removal")
@permit("settings.edit")
def discard_draft(draft_id: UUID) -> Response:
    theirs(draft_id)
    service.discard(current_session(), draft_id, author(current_principal()))
    return redirect(url_for("settings.drafts", discarded="1"), 303)


@PAGES.post("/settings/drafts/<uuid:draft_id>/changes/<int:number>/removal")
@permit("settings.edit")
def take_out(draft_id: UUID, number: int) -> Response:
    theirs(draft_id)
    service.take_out_of_draft(current_session(), draft_id, number)
    return redirect(url_for("settings.draft", draft_id=draft_id), 303)


def theirs(draft_id: UUID) -> Draft:
    """The draft, if everything in it may be said by this person. Raises UnknownDraft or Forbidden."""
    session, person = current_session(), current_principal()
    found = queries.draft(session, draft_id)
    for one in found.changes:
        require_to_say(session, person, one.change.place)
    return found


def show(found: Draft, wrong: str = "", status: int = 200) -> Response:
    """The changes, who else is at them, and a page of the appointments that they would break."""
    session, person = current_session(), current_principal()
    said, names = store.said(session), Names(session)
    is_open = found.state == "open"
    impact = queries.impact_of(session, [one.change for one in found.changes] if is_open else [])
    page = paging(impact.total, PAGE_SIZE)
    ids = [branch.id for branch in impact.branches]
    broken = booking.list_broken(session, impact.changed, ids, clock.now(), start=page.start, limit=PAGE_SIZE)
    return render(
        "settings/draft.html",
        status,
        draft=found,
        wrong=_(wrong) if wrong else "",
        is_open=is_open,
        seen=queries.fingerprint(said, found),
        meanwhile=queries.changed_meanwhile(said, found) if is_open else {},
        others=queries.others_at_it(found, queries.drafts(session)) if is_open else {},
        mine=all(may_say(session, person, one.change.place) for one in found.changes),
        impact=impact,
        hit=[branch for branch in impact.branches if branch.id in impact.counts],
        places={branch.id: branch for branch in impact.branches},
        broken=broken if impact.total else [],
        page=page,
        names=names,
        causes=cause_names(),
        value_text=value_text,
    )


def cause_names() -> dict[str, str]:
    return {
        "hours": _("Outside the new hours"),
        "service": _("No longer given there"),
        "longer": _("No room for the longer time"),
        "price": _("Told another price"),
        "terms": _("Made on milder terms"),
    }
