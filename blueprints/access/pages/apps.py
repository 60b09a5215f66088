"""Apps of partners: letting one act for oneself, seeing which one has let in, and shutting them out again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from authlib.oauth2.rfc6749.errors import OAuth2Error
from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import oauth
from blueprints.access.errors import BadAuthorization
from blueprints.access.pages.account import me
from blueprints.access.pages.blueprint import GATE, OWN, at_the_gate
from blueprints.access.service import consents
from blueprints.access.service.consents import Lent
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from shopbell.http import current_principal, current_session, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import private, render
from shopbell.pages.forms import Form


@GATE.get("/authorize")
@permit("access.account")
def authorize() -> BaseResponse:
    """Ask whether an app may act for whoever is signed in."""
    try:
        return ask(oauth.asked(), Form())
    except OAuth2Error as error:
        return turned_away(error)


@GATE.post("/authorize")
@permit("access.account")
def decide() -> BaseResponse:
    """Back to the app, with a code or with a no."""
    form = Form(request.form)
    try:
        grant = oauth.asked()
        if form.text("decision") != "allow":
            return oauth.answered(grant, None)
        branch_ids = chosen(form, grant)
        if form.errors:
            return ask(grant, form)
        return oauth.answered(grant, Lent(me(), tuple(grant.request.scope.split()), branch_ids))
    except OAuth2Error as error:
        return turned_away(error)


def turned_away(error: OAuth2Error) -> BaseResponse:
    """Only an address that was registered is told what was wrong; otherwise nobody is sent anywhere."""
    if getattr(error, "redirect_uri", None):
        return oauth.refused(error)
    sentence = _(
        "The app that sent you here is not registered, or asks to be answered at an address that is not its own."
    )
    raise BadAuthorization(sentence)


def chosen(form: Form, grant: Any) -> frozenset[UUID] | None:
    """The branches that were ticked, None for all; with none ticked the form says what is wrong."""
    if form.text("reach") != "some":
        return None
    offered = {str(branch.id): branch.id for branch in reachable(grant)}
    found = frozenset(offered[text] for text in form.values.getlist("branches") if text in offered)
    if not found:
        form.errors, form.status = {"branches": _("Tick at least one branch.")}, 422
    return found


def reachable(grant: Any) -> list[BranchView]:
    """The branches at which the app could do anything: its own, as far as they are one's own."""
    own, limit = current_principal().branch_ids, grant.request.client.known.branch_ids
    return [
        branch
        for branch in catalog.branches(current_session())
        if (own is None or branch.id in own) and (limit is None or branch.id in limit)
    ]


def ask(grant: Any, form: Form) -> Response:
    labels = application().scopes
    parts = urlsplit(grant.redirect_uri)
    g.form_target = f" {parts.scheme}://{parts.netloc}"
    return at_the_gate(
        "authorize.html",
        form.status,
        form=form,
        app=grant.request.client.known.name,
        site=parts.netloc,
        wishes=[_(labels[name]) for name in labels if name in grant.request.scope.split()],
        branches=reachable(grant),
    )


@OWN.get("/apps")
@permit("access.account")
def apps() -> Response:
    labels = application().scopes
    found = consents.apps(current_session(), me())
    wishes = {app.client_pk: [_(labels[name]) for name in labels if name in app.scopes] for app in found}
    return private(render("access/apps.html", apps=found, wishes=wishes))


@OWN.post("/apps/<uuid:client_pk>/removal")
@permit("access.account")
def shut_out(client_pk: UUID) -> BaseResponse:
    """The app's tokens are worth nothing from this moment on."""
    consents.end_app(current_session(), me(), client_pk)
    return redirect(url_for("access_own.apps", saved="1"), 303)
