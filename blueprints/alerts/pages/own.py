"""What somebody has sent to themselves."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.alerts import queries, service
from blueprints.alerts.models import AlertChannel
from blueprints.alerts.pages import forms
from blueprints.alerts.pages.blueprint import PAGES
from shopbell.http import concerns, current_principal, current_session, permit
from shopbell.i18n import LOCALES
from shopbell.pages import render
from shopbell.pages.forms import Form

LEVEL = "user"


@PAGES.get("/alerts/mine")
@permit("alerts.read")
def mine() -> Response:
    session = current_session()
    rows = forms.shown(session, queries.channels(session, user_id=current_principal().id))
    return render("alerts/mine.html", rows=rows, kinds=forms.kind_names(), topics=dict(forms.topic_names(LEVEL)))


@PAGES.get("/alerts/mine/new")
@permit("alerts.read")
def mine_new() -> Response:
    return show_form(forms.fresh(), None)


@PAGES.post("/alerts/mine/new")
@permit("alerts.read")
def mine_add() -> Response:
    form, session = Form(request.form), current_session()
    made: list[AlertChannel] = []
    wanted = forms.read(form, LEVEL, current_principal().id)
    if not form.attempt(session, lambda: made.append(service.add(session, wanted))):
        return show_form(form, None)
    concerns(made[0].id)
    return redirect(url_for(".mine", saved="1"), 303)


@PAGES.get("/alerts/mine/<uuid:channel_id>")
@permit("alerts.read")
def mine_edit(channel_id: UUID) -> Response:
    found = my_channel(channel_id)
    return show_form(forms.values(found), found)


@PAGES.post("/alerts/mine/<uuid:channel_id>")
@permit("alerts.read")
def mine_change(channel_id: UUID) -> Response:
    found, form, session = my_channel(channel_id), Form(request.form), current_session()
    wanted = forms.read(form, LEVEL, current_principal().id)
    if not form.attempt(session, lambda: service.change(session, found, wanted)):
        return show_form(form, found)
    return redirect(url_for(".mine", saved="1"), 303)


@PAGES.post("/alerts/mine/<uuid:channel_id>/test")
@permit("alerts.read")
def mine_test(channel_id: UUID) -> Response:
    service.send_test(current_session(), my_channel(channel_id), current_principal().id)
    return redirect(url_for(".mine", sent="1"), 303)


@PAGES.post("/alerts/mine/<uuid:channel_id>/removal")
@permit("alerts.read")
def mine_remove(channel_id: UUID) -> Response:
    service.remove(current_session(), my_channel(channel_id))
    return redirect(url_for(".mine", saved="1"), 303)


def my_channel(channel_id: UUID) -> AlertChannel:
    return service.channel(current_session(), channel_id, user_id=current_principal().id, lock=True)


def show_form(form: Form, found: AlertChannel | None) -> Response:
    return render(
        "alerts/form.html",
        form.status,
        form=form,
        channel=found,
        address=service.shown_address(current_session(), found) if found else "",
        kinds=list(forms.kind_names().items()),
        topics=forms.topic_names(LEVEL),
        spoken=list(LOCALES.items()),
        places=[],
        own=True,
    )
