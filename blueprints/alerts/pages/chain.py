"""Where the chain, its regions and its branches have alerts sent. Managers see and set those of their own branches."""

from __future__ import annotations

from uuid import UUID

from werkzeug.wrappers import Response

from blueprints.alerts import queries, service
from blueprints.alerts.errors import UnknownChannel
from blueprints.alerts.models import AlertChannel
from blueprints.alerts.pages import forms
from blueprints.alerts.pages.blueprint import PAGES
from blueprints.alerts.pages.channels import Pages
from blueprints.catalog import api as catalog
from shopbell import i18n
from shopbell.http import current_session, permit, permitted_at, permitted_branches
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import NOBODY, Form
from shopbell.tenancy import current_tenant


@PAGES.get("/hq/alerts")
@permit("alerts.manage")
def channels() -> Response:
    session = current_session()
    rows = forms.shown(session, [found for found in queries.channels(session) if reaches(found)])
    topics = dict(forms.topic_names(SHOPS.level))
    return render("alerts/channels.html", rows=rows, kinds=forms.kind_names(), topics=topics)


@PAGES.get("/hq/alerts/new")
@permit("alerts.manage")
def new() -> Response:
    return SHOPS.new()


@PAGES.post("/hq/alerts/new")
@permit("alerts.manage")
def add() -> Response:
    return SHOPS.add()


@PAGES.get("/hq/alerts/<uuid:channel_id>")
@permit("alerts.manage")
def edit(channel_id: UUID) -> Response:
    return SHOPS.edit(channel_id)


@PAGES.post("/hq/alerts/<uuid:channel_id>")
@permit("alerts.manage")
def change(channel_id: UUID) -> Response:
    return SHOPS.change(channel_id)


@PAGES.post("/hq/alerts/<uuid:channel_id>/test")
@permit("alerts.manage")
def test(channel_id: UUID) -> Response:
    return SHOPS.test(channel_id)


@PAGES.post("/hq/alerts/<uuid:channel_id>/removal")
@permit("alerts.manage")
def remove(channel_id: UUID) -> Response:
    return SHOPS.remove(channel_id)


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


SHOPS = Pages(".channels", "chain", places=places, owner=chosen, find=their_channel)
