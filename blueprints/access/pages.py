"""Sign-in, sign-out, and the way from there to one's work."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import credentials, rules, service
from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.http import current_principal, current_session, open_to_all, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.pages import render
from shopbell.pages.environment import LANGUAGE_COOKIE, YEAR_SECONDS

blp = Blueprint("access", __name__, template_folder="templates")

START = "/start"


@blp.get("/sign-in")
@open_to_all("this is where people sign in")
def sign_in_form() -> BaseResponse:
    if current_principal().kind == "staff":
        return redirect(wanted_page(), 303)
    return show_form()


@blp.post("/sign-in")
@open_to_all("this is where people sign in")
def sign_in() -> BaseResponse:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    problems = missing(email, password)
    if problems:
        return show_form(422, email, problems)
    outcome = service.sign_in(
        current_session(),
        email,
        password,
        origin=credentials.origin(),
        factor=application().settings.rate_limit_factor,
        at=clock.now(),
        old_token=credentials.session_token(),
    )
    match outcome:
        case service.SignedIn():
            return signed_in(outcome)
        case service.Wait():
            return wait(email, outcome.time)
        case service.Refused():
            return show_form(422, email, {"email": _("The e-mail address and the password do not belong together.")})


@blp.get("/sign-out")
@open_to_all("signing out needs no rights")
def sign_out_form() -> BaseResponse:
    if current_principal().kind != "staff":
        return redirect("/sign-in", 303)
    return at_the_gate("sign_out.html")


@blp.post("/sign-out")
@open_to_all("signing out needs no rights")
def sign_out() -> BaseResponse:
    token = credentials.session_token()
    if token:
        service.sign_out(current_session(), token)
    response = make_response(redirect("/sign-in", 303))
    credentials.take_back(response)
    return response


@blp.get(START)
@permit("access.start")
def start() -> BaseResponse:
    """Where this person works: head office, their one branch, or a choice of several."""
    person, permissions = current_principal(), application().permissions
    offices = [entry.endpoint for entry in application().navigation if person.may(entry.permission)]
    if offices and any(permissions[name].chain_wide for name in person.permissions & set(rules.ticked(permissions))):
        return redirect(url_for(offices[0]), 303)
    branches = [branch for branch in catalog.branches(current_session()) if person.may_at("frontdesk.use", branch.id)]
    if offices and not branches:
        return redirect(url_for(offices[0]), 303)
    if len(branches) == 1:
        return redirect(f"/b/{branches[0].slug}/", 303)
    return at_the_gate("start.html", branches=branches)


def at_the_gate(template: str, status: int = 200, **context: Any) -> Response:
    """A page outside the consoles, under the chain's own name."""
    chain = brand.brand(current_session()).display_name
    return render(f"access/{template}", status, chain=chain, **context)


def show_form(status: int = 200, email: str = "", problems: dict[str, str] | None = None) -> Response:
    return at_the_gate("sign_in.html", status, email=email, problems=problems or {}, wait_sentence=None)


def wait(email: str, time: timedelta) -> Response:
    """Too many guesses: say for how long, in whole minutes unless it is less than one."""
    seconds = math.ceil(time.total_seconds())
    if seconds > 60:
        minutes = math.ceil(seconds / 60)
        span = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
    else:
        span = ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds)
    sentence = _("There were too many attempts to sign in.") + " " + span
    response = at_the_gate("sign_in.html", 429, email=email, problems={}, wait_sentence=sentence)
    response.headers["Retry-After"] = str(seconds)
    return response


def missing(email: str, password: str) -> dict[str, str]:
    problems = {}
    if rules.account_email(email) is None:
        problems["email"] = _("Enter your e-mail address, for example an@example.com.")
    if not password:
        problems["password"] = _("Enter your password.")
    return problems


def signed_in(proof: service.SignedIn) -> Response:
    """Hand out the cookie; a browser without a language yet speaks the account's from now on."""
    response = make_response(redirect(wanted_page(), 303))
    credentials.give(response, proof.token)
    if proof.account.locale and LANGUAGE_COOKIE not in request.cookies:
        response.set_cookie(
            LANGUAGE_COOKIE,
            proof.account.locale,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=credentials.over_tls(),
        )
    return response


def wanted_page() -> str:
    return rules.safe_target(request.args.get("next")) or START
