"""Signing in and out: a password, then a code from the phone."""

from __future__ import annotations

import math
from datetime import timedelta
from urllib.parse import urlencode

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import api as access
from blueprints.operator import credentials
from blueprints.operator.models import Operator
from blueprints.operator.pages.blueprint import GATE, PRODUCT, at_the_gate, wait_sentence
from blueprints.operator.service import accounts, entering, records
from shopbell import clock
from shopbell.http import current_principal, current_session, open_to_all
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import private, render, see
from shopbell.pages.targets import safe_target
from shopbell.qr import qr

LONGEST_FIELD = 300
HERE = "this is where operators sign in"
STEP = "an operator whose password was right shows a code here"


@GATE.get("/sign-in")
@open_to_all(HERE)
def sign_in_form() -> BaseResponse:
    if current_principal().kind == credentials.KIND:
        return see(wanted_page())
    return show_form()


@GATE.post("/sign-in")
@open_to_all(HERE)
def sign_in() -> BaseResponse:
    email, password = typed("email"), request.form.get("password", "")
    factor, browser = application().settings.rate_limit_factor, credentials.browser()
    if access.account_email(email) is None or not password:
        return show_form(422, email, _("Enter your e-mail address and your password."))
    outcome = entering.sign_in(current_session(), email, password, browser=browser, factor=factor, at=clock.now())
    match outcome:
        case entering.CodeWanted():
            response = see(address("/sign-in/code"))
            credentials.STEP.give(response, outcome.token)
            return response
        case entering.Wait():
            return later(show_form(429, email, wait_sentence(outcome.time)), outcome.time)
        case entering.Refused():
            return show_form(422, email, _("The e-mail address and the password do not belong together."))


@GATE.get("/sign-in/code")
@open_to_all(STEP)
def code_form() -> BaseResponse:
    found = at_step()
    return show_code(found) if found else redirect(address("/sign-in"), 303)


@GATE.post("/sign-in/code")
@open_to_all(STEP)
def code() -> BaseResponse:
    """Refusals are counted, and must be committed: they are answers."""
    found, step = at_step(), credentials.STEP.read() or ""
    if found is None:
        return redirect(address("/sign-in"), 303)
    factor, browser = application().settings.rate_limit_factor, credentials.browser()
    outcome = entering.show_code(
        current_session(), step, found, typed("code"), browser=browser, factor=factor, at=clock.now()
    )
    match outcome:
        case entering.SignedIn():
            response = entered(outcome)
            credentials.SESSION.give(response, outcome.token)
            credentials.BROWSER.give(response, outcome.known)
            credentials.STEP.take_back(response)
            return response
        case entering.Wait():
            return later(show_code(found, 429, wait_sentence(outcome.time)), outcome.time)
        case entering.Refused():
            sentence = _("This code is not the right one, or it was used already.")
            return show_code(found, 422, sentence)


def entered(outcome: entering.SignedIn) -> Response:
    """On to the console, past new recovery codes, which are shown only now."""
    if not outcome.recovery:
        return see(wanted_page())
    page = render("access/recovery_codes.html", chain=PRODUCT, codes=outcome.recovery, target=wanted_page())
    return private(page)


@GATE.post("/sign-out")
@open_to_all("signing out needs no rights")
def sign_out() -> BaseResponse:
    token = credentials.SESSION.read()
    if token:
        if current_principal().kind == credentials.KIND:
            records.note(current_session(), credentials.author(), "signed_out")
        entering.sign_out(current_session(), token)
    response = see("/sign-in")
    credentials.SESSION.take_back(response)
    return response


def at_step() -> Operator | None:
    return entering.at_step(current_session(), credentials.STEP.read(), at=clock.now())


def typed(name: str) -> str:
    """What was typed, fit to compare and to store: PostgreSQL takes no NUL."""
    return request.form.get(name, "").replace("\x00", "\ufffd")[:LONGEST_FIELD]


def wanted_page() -> str:
    return safe_target(request.args.get("next")) or "/"


def address(path: str) -> str:
    """A page of the gate that leads on to where this one does."""
    target = safe_target(request.args.get("next"))
    return f"{path}?{urlencode({'next': target})}" if target else path


def show_form(status: int = 200, email: str = "", problem: str = "") -> Response:
    return at_the_gate("sign_in.html", status, email=email, problem=problem)


def show_code(found: Operator, status: int = 200, problem: str = "") -> Response:
    """With the picture for the phone until a first code was shown."""
    secret = accounts.opened(found)
    drawing = None if found.totp_confirmed_at else qr(access.code_address(secret, found.email, PRODUCT))
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return at_the_gate("code.html", status, problem=problem, picture=drawing, key=groups, again=address("/sign-in"))


def later(response: Response, time: timedelta) -> Response:
    response.headers["Retry-After"] = str(math.ceil(time.total_seconds()))
    return response
