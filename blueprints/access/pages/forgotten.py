"""Asking for a link, when the password was forgotten."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import credentials, rules
from blueprints.access.pages.blueprint import GATE, at_the_gate, later, typed, wait_sentence
from blueprints.access.service import forgotten
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages.forms import Form

WHY_OPEN = "whoever forgot their password cannot sign in to say so"


@GATE.get("/sign-in/forgotten")
@open_to_all(WHY_OPEN)
def forgotten_form() -> Response:
    if request.args.get("sent"):
        return at_the_gate("forgotten_sent.html", minutes=int(rules.FORGOTTEN_LIFE.total_seconds()) // 60)
    return show(Form())


@GATE.post("/sign-in/forgotten")
@open_to_all(WHY_OPEN)
def ask_for_link() -> BaseResponse:
    """The same answer for everybody, whether they have an account or not."""
    form, email = Form(request.form), rules.account_email(typed("email"))
    if email is None:
        form.errors, form.status = {"email": _("Enter your e-mail address, for example an@example.com.")}, 422
        return show(form)
    factor, address = application().settings.rate_limit_factor, credentials.origin().address
    waiting = forgotten.ask(current_session(), email, address, factor=factor, at=clock.now())
    if waiting is not None:
        form.status = 429
        why = _("Too many links were asked for from here.")
        return later(show(form, wait_sentence(waiting, why)), waiting)
    return redirect(url_for("access.forgotten_form", sent="1"), 303)


def show(form: Form, waiting: str = "") -> Response:
    return at_the_gate("forgotten.html", form.status, form=form, waiting=waiting)
