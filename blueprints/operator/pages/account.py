"""The own account: password, phone, recovery codes, and where one is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from blueprints.access import api as access
from blueprints.operator import credentials, rules
from blueprints.operator.models import Operator
from blueprints.operator.pages.blueprint import PAGES, PRODUCT, show, wait_sentence
from blueprints.operator.queries import sessions
from blueprints.operator.service import codes, own, records
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import see
from shopbell.pages.forms import Form
from shopbell.qr import qr


@PAGES.get("/account")
@permit("operator.account")
def account() -> Response:
    return show_account(me(), Form())


@PAGES.post("/account/password")
@permit("operator.account")
def change_password() -> Response:
    """All other sessions end."""
    form, directory, found, by = Form(request.form), current_session(), me(), credentials.author()
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        form.errors, form.status = {"again": _("The two passwords are not the same.")}, 422
        return show_account(found, form)
    current = request.form.get("current", "")
    if not proved(form, "current", own.knows_password(directory, found, current, **now())):
        return show_account(found, form)
    if not form.attempt(directory, lambda: own.change_password(directory, found, password, here(), by=by)):
        return show_account(found, form)
    return done("password")


@PAGES.post("/account/phone")
@permit("operator.account")
def offer_phone() -> Response:
    """Whoever shows a code, of the phone or on paper, may set up another phone."""
    form, found = Form(request.form), me()
    if not has_code(form, found, "phone_code"):
        return show_account(found, form)
    secret, ticket = own.offer_phone(found, at=clock.now())
    return show_phone(found, secret, ticket, Form())


@PAGES.post("/account/phone/confirmation")
@permit("operator.account")
def change_phone() -> Response:
    form, directory, found, by, at = Form(request.form), current_session(), me(), credentials.author(), clock.now()
    ticket, fresh = request.form.get("ticket", ""), list[str]()
    secret = own.offered(found, ticket, at=at)

    def change() -> None:
        fresh.extend(own.change_phone(directory, found, secret, form.text("code"), here(), by=by, at=at))

    if not form.attempt(directory, change):
        return show_phone(found, secret, ticket, form)
    return show("recovery_codes.html", codes=fresh)


@PAGES.post("/account/recovery")
@permit("operator.account")
def renew_recovery_codes() -> Response:
    form, found = Form(request.form), me()
    if not has_code(form, found, "recovery_code"):
        return show_account(found, form)
    fresh = codes.renew_recovery_codes(current_session(), found, by=credentials.author())
    return show("recovery_codes.html", codes=fresh)


@PAGES.post("/account/sessions/<uuid:session_id>/end")
@permit("operator.account")
def end_session(session_id: UUID) -> Response:
    own.end_session(current_session(), session_id, by=credentials.author())
    return done("sessions")


@PAGES.post("/account/sessions/end")
@permit("operator.account")
def end_other_sessions() -> Response:
    directory, by = current_session(), credentials.author()
    if own.end_others(directory, me().id, here()):
        records.note(directory, by, "sessions")
    return done("sessions")


def me() -> Operator:
    return own.account(current_session(), credentials.author())


def here() -> str:
    """The token of the session that asks."""
    return credentials.SESSION.read() or ""


def now() -> dict[str, Any]:
    return {"factor": application().settings.rate_limit_factor, "at": clock.now()}


def has_code(form: Form, found: Operator, field: str) -> bool:
    proof = own.has_code(current_session(), found, form.text(field), by=credentials.author(), **now())
    return proved(form, field, proof)


def proved(form: Form, field: str, proof: own.Proof) -> bool:
    """A wrong guess was counted, and the answer keeps that."""
    if isinstance(proof, timedelta):
        form.errors, form.status = {field: wait_sentence(proof)}, 429
    elif not proof:
        form.errors, form.status = {field: _("This is not right.")}, 422
    return proof is True


def done(what: str) -> Response:
    return see(url_for("operator.account", saved=what))


def show_account(found: Operator, form: Form) -> Response:
    directory = current_session()
    return show(
        "account.html",
        form.status,
        form=form,
        account=found,
        roles=rules.ROLES,
        codes_left=codes.left(directory, found),
        sessions=sessions.open_sessions(directory, found.id, at=clock.now()),
        here=sessions.id_of(directory, here()),
    )


def show_phone(found: Operator, secret: str, ticket: str, form: Form) -> Response:
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    drawing = {"drawing": qr(access.code_address(secret, found.email, PRODUCT)), "secret": groups}
    return show("phone.html", form.status, form=form, drawing=drawing, ticket=ticket)
