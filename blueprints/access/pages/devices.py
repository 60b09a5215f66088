"""Where head office and managers register the shared devices of their branches, and take them back."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.access import credentials
from blueprints.access.errors import UnknownDevice
from blueprints.access.pages.blueprint import OFFICE
from blueprints.access.pages.sign_in import device as this_device
from blueprints.access.service import desk
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, UnknownBranch
from shopbell import clock
from shopbell.http import current_principal, current_session, permit, permitted_at, permitted_branches
from shopbell.pages import render
from shopbell.pages.forms import Form


@OFFICE.get("/devices")
@permit("access.devices")
def devices() -> Response:
    return show(Form())


@OFFICE.post("/devices")
@permit("access.devices")
def register() -> Response:
    """This very browser becomes a shared device of a branch."""
    form, session = Form(request.form), current_session()
    branch_id, tokens = form.id("branch"), list[str]()
    if branch_id is None or branch_id not in {branch.id for branch in own_branches()}:
        raise UnknownBranch
    by, origin = current_principal().id, credentials.origin()

    def work() -> None:
        tokens.append(desk.register(session, branch_id, form.text("name"), by=by, origin=origin, at=clock.now()))

    if not form.attempt(session, work):
        return show(form)
    response = make_response(redirect(url_for("access_hq.devices", saved="1"), 303))
    credentials.DEVICE.give(response, tokens[0])
    return response


@OFFICE.post("/devices/<uuid:device_id>/removal")
@permit("access.devices")
def revoke(device_id: UUID) -> Response:
    session = current_session()
    if not permitted_at(desk.device(session, device_id).branch_id):
        raise UnknownDevice
    desk.revoke(session, device_id, at=clock.now())
    return redirect(url_for("access_hq.devices", saved="1"), 303)


def own_branches() -> list[BranchView]:
    return [branch for branch in catalog.branches(current_session()) if permitted_at(branch.id)]


def show(form: Form) -> Response:
    session = current_session()
    return render(
        "access/devices.html",
        form.status,
        form=form,
        devices=desk.devices(session, permitted_branches()),
        this=this_device(),
        branches=own_branches(),
        names={branch.id: branch.name for branch in catalog.branches(session)},
    )
