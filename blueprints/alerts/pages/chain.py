"""Where the chain, its regions and its branches have alerts sent. Managers see and set those of their own branches."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.alerts import queries, service
from blueprints.alerts.errors import UnknownChannel
from blueprints.alerts.models import AlertChannel
from blueprints.alerts.pages import forms
from blueprints.alerts.pages.blueprint import PAGES
from blueprints.catalog import api as catalog
from shopbell import i18n
from shopbell.http import concerns, current_principal, current_session, permit, permitted_at, permitted_branches
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import NOBODY, Form
from shopbell.tenancy import current_tenant

CHAIN = "chain"


@PAGES.get("/hq/alerts")
@permit("alerts.manage")
def channels() -> Response:
    session = current_session()
    rows = forms.shown(session, [found for found in queries.channels(session) if reaches(found)])
    return render("alerts/channels.html", rows=rows, kinds=forms.kind_names(), topics=dict(forms.topic_names(CHAIN)))


@PAGES.get("/hq/alerts/new")
@permit("alerts.manage")
def new() -> Response:
    return show_form(forms.fresh(), None)


@PAGES.post("/hq/alerts/new")
@permit("alerts.manage")
def add() -> Response:
    form, session = Form(request.form), current_session()
    made: list[AlertChannel] = []
    level, place_id = chosen(form)
    wanted = forms.read(form, level, place_id)
    if not form.attempt(session, lambda: made.append(service.add(session, wanted))):
        return show_form(form, None)
    concerns(made[0].id)
    return redirect(url_for(".channels", saved="1"), 303)


@PAGES.get("/hq/alerts/<uuid:channel_id>")
@permit("alerts.manage")
def edit(channel_id: UUID) -> Response:
    found = their_channel(channel_id)
    return show_form(forms.values(found), found)


@PAGES.post("/hq/alerts/<uuid:channel_id>")
@permit("alerts.manage")
def change(channel_id: UUID) -> Response:
    found, form, session = their_channel(channel_id), Form(request.form), current_session()
    wanted = forms.read(form, found.level, None)
    if not form.attempt(session, lambda: service.change(session, found, wanted)):
        return show_form(form, found)
    return redirect(url_for(".channels", saved="1"), 303)


@PAGES.post("/hq/alerts/<uuid:channel_id>/test")
@permit("alerts.manage")
def test(channel_id: UUID) -> Response:
    service.send_test(current_session(), their_channel(channel_id), current_principal().id)
    return redirect(url_for(".channels", sent="1"), 303)


@PAGES.post("/hq/alerts/<uuid:channel_id>/removal")
@permit("alerts.manage")
def remove(channel_id: UUID) -> Response:
    service.remove(current_session(), their_channel(channel_id))
    return redirect(url_for(".channels", saved="1"), 303)


def their_channel(channel_id: UUID) -> AlertChannel:
    """Raises UnknownChannel also for one of a place where somebody has nothing to say."""
    found = service.channel(current_session(), channel_id, lock=True)
    if not reaches(found):
        raise UnknownChannel
    return found


def reaches(found: AlertChannel) -> bool:
    """Whether the person decides for the channel's place."""
    if permitted_branches() is None:
        return True
    return found.branch_id is not None and permitted_at(found.branch_id)


def chosen(form: Form) -> tuple[str, UUID | None]:
    """Level and place as the form's list of places names them; a place that is not on it is nobody's."""
    known = {value for value, _name in places()}
    value = form.text("place_id")
    if value not in known:
        return "branch", NOBODY
    level, _colon, place_id = value.partition(":")
    return level, UUID(place_id) if place_id else None


def places() -> list[tuple[str, str]]:
    """Where the person may have alerts sent for."""
    session, mine = current_session(), permitted_branches()
    named = [
        (f"branch:{branch.id}", i18n.localized(branch.name, current_tenant().locale))
        for branch in catalog.branches(session)
        if mine is None or branch.id in mine
    ]
    if mine is not None:
        return named
    regions = [
        (f"region:{region.id}", i18n.localized(region.name, current_tenant().locale))
        for region in catalog.regions(session)
    ]
    return [("chain", _("The whole chain")), *regions, *named]


def show_form(form: Form, found: AlertChannel | None) -> Response:
    return render(
        "alerts/form.html",
        form.status,
        form=form,
        channel=found,
        address=service.shown_address(current_session(), found) if found else "",
        kinds=list(forms.kind_names().items()),
        topics=forms.topic_names(CHAIN),
        spoken=list(LOCALES.items()),
        places=places(),
        own=False,
    )
