"""The own account: password, language, codes, PIN, and where one is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.access import credentials, queries, service
from blueprints.access.errors import PasswordsClosed, UnknownSession
from blueprints.access.pages.blueprint import OWN, typed, wait_sentence
from blueprints.access.pages.picture import picture
from blueprints.access.pages.sign_in import device, hand_over
from blueprints.access.service import admission, desk, entering, own, sessions, steps, totp, users
from shopbell import clock
from shopbell.http import current_principal, current_session, permit
from shopbell.http.context import application
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.pages import private, render
from shopbell.pages.environment import LANGUAGE
from shopbell.pages.forms import Form


def me() -> UUID:
    found = current_principal().id
    if found is None:
        raise UnknownSession
    return found


@OWN.get("")
@permit("access.account")
def account() -> Response:
    return show(Form())


@OWN.post("/password")
@permit("access.account")
def change_password() -> Response:
    """All sessions end; this browser gets a new one."""
    form, session = Form(request.form), current_session()
    if not admission.takes_password(session, me()):
        raise PasswordsClosed
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        form.errors, form.status = {"again": _("The two passwords are not the same.")}, 422
        return show(form)
    if not knows_password(form, "current"):
        return show(form)
    if not form.attempt(session, lambda: users.set_password(session, me(), password, by=me())):
        return show(form)
    browser = credentials.browser(device())
    proof = entering.welcome(session, queries.account(session, me()), browser, at=clock.now())
    return hand_over(make_response(done("password")), proof)


@OWN.post("/language")
@permit("access.account")
def change_language() -> Response:
    locale = typed("locale")
    own.speak(current_session(), me(), locale)
    response = make_response(done("language"))
    LANGUAGE.give(response, locale)
    return response


@OWN.post("/sessions/<uuid:session_id>/end")
@permit("access.account")
def end_session(session_id: UUID) -> Response:
    if not sessions.end(current_session(), me(), session_id):
        raise UnknownSession
    return done("sessions")


@OWN.post("/sessions/end")
@permit("access.account")
def end_other_sessions() -> Response:
    sessions.end_all(current_session(), me(), but=credentials.session_token() or "")
    return done("sessions")


@OWN.post("/pin")
@permit("access.account")
def set_pin() -> Response:
    form, session = Form(request.form), current_session()
    if not fresh() and not knows_password(form, "pin_password"):
        return show(form)
    if not form.attempt(session, lambda: desk.set_pin(session, me(), typed("pin").strip(), at=clock.now())):
        return show(form)
    return done("pin")


@OWN.post("/pin/removal")
@permit("access.account")
def remove_pin() -> Response:
    desk.remove_pin(current_session(), me())
    return done("pin")


@OWN.get("/codes")
@permit("access.account")
def codes() -> Response:
    """Put a phone's picture on the screen; when it is there already, back to the account."""
    if totp.is_on(current_session(), me()):
        return redirect(url_for("access_own.account"), 303)
    return show_codes(Form())


@OWN.post("/codes")
@permit("access.account")
def switch_codes_on() -> Response:
    form, session = Form(request.form), current_session()
    fresh: list[str] = []
    if not form.attempt(session, lambda: fresh.extend(totp.switch_on(session, me(), typed("code"), at=clock.now()))):
        return show_codes(form)
    return show_recovery(fresh)


@OWN.post("/codes/recovery")
@permit("access.account")
def renew_recovery_codes() -> Response:
    form = Form(request.form)
    if not has_code(form, "recovery_code"):
        return show(form)
    return show_recovery(totp.renew_recovery_codes(current_session(), me()))


@OWN.post("/codes/removal")
@permit("access.account")
def switch_codes_off() -> Response:
    """Whoever has a role that asks for codes is asked to set them up anew at the next sign-in."""
    form = Form(request.form)
    if not has_code(form, "code"):
        return show(form)
    totp.switch_off(current_session(), me(), by=me())
    return done("codes")


def fresh() -> bool:
    """Whether their provider has just let them in here."""
    return sessions.is_fresh(current_session(), credentials.session_token() or "", at=clock.now())


def knows_password(form: Form, field: str) -> bool:
    """Whether the field holds the own password; a wrong guess was counted, and the answer keeps that."""
    return proved(form, field, own.knows_password(current_session(), me(), request.form.get(field, ""), **now()))


def has_code(form: Form, field: str) -> bool:
    return proved(form, field, own.has_code(current_session(), me(), typed(field), **now()))


def now() -> dict[str, Any]:
    return {"factor": application().settings.rate_limit_factor, "at": clock.now()}


def proved(form: Form, field: str, proof: own.Proof) -> bool:
    if proof is True:
        return True
    waiting = isinstance(proof, timedelta)
    form.errors = {field: wait_sentence(proof) if isinstance(proof, timedelta) else _("This is not right.")}
    form.status = 429 if waiting else 422
    return False


def done(what: str) -> Response:
    return redirect(url_for("access_own.account", saved=what), 303)


def show(form: Form) -> Response:
    session = current_session()
    page = render(
        "access/account.html",
        form.status,
        form=form,
        account=queries.account(session, me()),
        sessions=queries.sessions(session, me()),
        here=service.resume(session, credentials.session_token() or "", at=clock.now()),
        codes_on=totp.is_on(session, me()),
        codes_required=steps.is_required(session, me()),
        codes_left=totp.left(session, me()),
        password_taken=admission.takes_password(session, me()),
        fresh=fresh(),
        has_pin=desk.has_pin(session, me()),
        records=queries.records(session, me()),
        locales=LOCALES,
    )
    return private(page)


def show_codes(form: Form) -> Response:
    return private(render("access/codes.html", form.status, form=form, drawing=picture(me())))


def show_recovery(codes: list[str]) -> Response:
    return private(render("access/own_recovery_codes.html", codes=codes))
