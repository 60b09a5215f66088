"""Choosing a password by a one-time link."""

from __future__ import annotations

from flask import make_response, redirect, request
from werkzeug.wrappers import Response

from blueprints.access import credentials
from blueprints.access.pages.blueprint import GATE, at_the_gate
from blueprints.access.service import links
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.i18n import gettext as _
from shopbell.pages.forms import Form

WHY_OPEN = "the link itself is the proof"


@GATE.get("/welcome/<token>")
@open_to_all(WHY_OPEN)
def welcome(token: str) -> Response:
    return show(token, Form())


@GATE.post("/welcome/<token>")
@open_to_all(WHY_OPEN)
def choose_password(token: str) -> Response:
    """The link opens no session: the new password is shown to be known by signing in with it."""
    form, session, now = Form(request.form), current_session(), clock.now()
    links.owner(session, token, at=now)
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        form.errors, form.status = {"again": _("The two passwords are not the same.")}, 422
    elif form.attempt(session, lambda: links.redeem(session, token, password, at=now)):
        response = make_response(redirect("/sign-in?welcome=1", 303))
        credentials.SESSION.take_back(response)
        return response
    return show(token, form)


def show(token: str, form: Form) -> Response:
    owner = links.owner(current_session(), token, at=clock.now())
    return at_the_gate("welcome.html", form.status, form=form, owner=owner)
