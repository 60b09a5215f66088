"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import credentials, rules, service
from blueprints.access.pages.blueprint import GATE, at_the_gate, later, wait_sentence, wanted_page
from blueprints.access.pages.oidc_farewell import farewell
from blueprints.access.service import admission, desk, oidc_settings, ways
from shopbell import clock
from shopbell.http import current_principal, current_session, open_to_all
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages.environment import LANGUAGE
from shopbell.pages.targets import safe_target

START = "/start"


@GATE.get("/sign-in")
@open_to_all("this is where people sign in")
def sign_in_form() -> BaseResponse:
    if current_principal().kind == "staff":
        return redirect(wanted_page(START), 303)
    return show_form()


@GATE.post("/sign-in")
@open_to_all("this is where people sign in")
def sign_in() -> BaseResponse:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    problems = missing(email, password)
    if problems:
        return show_form(422, email, problems)
    factor = application().settings.rate_limit_factor
    browser = credentials.browser(device())
    outcome = service.sign_in(current_session(), email, password, browser=browser, factor=factor, at=clock.now())
    match outcome:
        case service.SignedIn():
            return signed_in(outcome)
        case service.CodeWanted():
            response = make_response(redirect(url_for("access.code_form", next=request.args.get("next")), 303))
            credentials.STEP.give(response, outcome.token)
            return response
        case service.Wait():
            return wait(email, outcome.time)
        case service.Elsewhere():
            name = admission.only_way(current_session()) or ""
            return show_form(
                422, email, {"email": _("Sign in with %(name)s: passwords are not taken here.", name=name)}
            )
        case service.Refused():
            return show_form(422, email, {"email": _("The e-mail address and the password do not belong together.")})


@GATE.get("/sign-out")
@open_to_all("signing out needs no rights")
def sign_out_form() -> BaseResponse:
    if current_principal().kind != "staff":
        return redirect("/sign-in", 303)
    return at_the_gate("sign_out.html")


@GATE.post("/sign-out")
@open_to_all("signing out needs no rights")
def sign_out() -> BaseResponse:
    """At a shared device the next one takes over; elsewhere somebody may sign out of their provider, too."""
    token = credentials.session_token()
    through = farewell(token) if token else None
    if token:
        service.sign_out(current_session(), token)
    if through and not device():
        response = at_the_gate("signed_out.html", through=through)
    else:
        response = make_response(redirect(url_for("access.switch") if device() else "/sign-in", 303))
    credentials.SESSION.take_back(response)
    return response


def device() -> desk.Device | None:
    """The shared device that asks, if it is one."""
    token = credentials.DEVICE.read()
    return desk.recognise(current_session(), token, address=credentials.origin().address, at=clock.now())


def show_form(
    status: int = 200, email: str = "", problems: dict[str, str] | None = None, waiting: str = ""
) -> Response:
    providers = [found for found in oidc_settings.providers(current_session()) if found.active]
    return at_the_gate(
        "sign_in.html",
        status,
        email=email,
        problems=problems or {},
        wait_sentence=waiting,
        providers=ways.through(providers, safe_target(request.args.get("next"))),
        only_provider=any(found.exclusive for found in providers),
        others=ways.others(device() is not None),
    )


def wait(email: str, time: timedelta) -> Response:
    return later(show_form(429, email, waiting=wait_sentence(time)), time)


def missing(email: str, password: str) -> dict[str, str]:
    problems = {}
    if rules.account_email(email) is None:
        problems["email"] = _("Enter your e-mail address, for example an@example.com.")
    if not password:
        problems["password"] = _("Enter your password.")
    return problems


def signed_in(proof: service.SignedIn, target: str = "") -> Response:
    """Hand out the cookies; a browser without a language yet speaks the account's from now on."""
    response = make_response(redirect(target or wanted_page(START), 303))
    return hand_over(response, proof)


def hand_over(response: Response, proof: service.SignedIn) -> Response:
    credentials.SESSION.give(response, proof.token)
    if proof.browser:
        credentials.BROWSER.give(response, proof.browser)
    if proof.account.locale and LANGUAGE.read() is None:
        LANGUAGE.give(response, proof.account.locale)
    return response
