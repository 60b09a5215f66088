"""What somebody has sent to themselves."""

from __future__ import annotations

from uuid import UUID

from werkzeug.wrappers import Response

from blueprints.alerts import queries, service
from blueprints.alerts.models import AlertChannel
from blueprints.alerts.pages import forms
from blueprints.alerts.pages.blueprint import PAGES
from blueprints.alerts.pages.channels import Pages
from shopbell.http import current_principal, current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form


@PAGES.get("/alerts/mine")
@permit("alerts.read")
def mine() -> Response:
    session = current_session()
    rows = forms.shown(session, queries.channels(session, user_id=current_principal().id))
    return render("alerts/mine.html", rows=rows, kinds=forms.kind_names(), topics=dict(forms.topic_names(OWN.level)))


@PAGES.get("/alerts/mine/new")
@permit("alerts.read")
def mine_new() -> Response:
    return OWN.new()


@PAGES.post("/alerts/mine/new")
@permit("alerts.read")
def mine_add() -> Response:
    return OWN.add()


@PAGES.get("/alerts/mine/<uuid:channel_id>")
@permit("alerts.read")
def mine_edit(channel_id: UUID) -> Response:
    return OWN.edit(channel_id)


@PAGES.post("/alerts/mine/<uuid:channel_id>")
@permit("alerts.read")
def mine_change(channel_id: UUID) -> Response:
    return OWN.change(channel_id)


@PAGES.post("/alerts/mine/<uuid:channel_id>/test")
@permit("alerts.read")
def mine_test(channel_id: UUID) -> Response:
    return OWN.test(channel_id)


@PAGES.post("/alerts/mine/<uuid:channel_id>/removal")
@permit("alerts.read")
def mine_remove(channel_id: UUID) -> Response:
    return OWN.remove(channel_id)


def my_channel(channel_id: UUID) -> AlertChannel:
    return service.channel(current_session(), channel_id, user_id=current_principal().id, lock=True)


def myself(_form: Form) -> tuple[str, UUID | None]:
    return OWN.level, current_principal().id


OWN = Pages(".mine", "user", places=list, owner=myself, find=my_channel)
