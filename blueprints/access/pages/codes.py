"""The second step of signing in: a code from the phone, which is put there first when a role asks for it."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FlaskResponse
from flask import make_response, redirect, request
from werkzeug.wrappers import Response

from blueprints.access import credentials, queries
from blueprints.access.errors import BadCode
from blueprints.access.pages.blueprint import GATE, at_the_gate, later, typed, wait_sentence, wanted_page
from blueprints.access.pages.picture import picture
from blueprints.access.pages.sign_in import START, device, hand_over, signed_in
from blueprints.access.service import entering, steps, totp
from blueprints.access.service.throttle import THROTTLE
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.http.context import application
from shopbell.i18n import gettext as _

WHY_OPEN = "somebody whose password was right shows a code here"


@GATE.get("/sign-in/code")
@open_to_all(WHY_OPEN)
def code_form() -> Response:
    user_id = at_step()
    return show(user_id) if user_id else redirect("/sign-in", 303)


@GATE.post("/sign-in/code")
@open_to_all(WHY_OPEN)
def code() -> Response:
    """Refusals are counted for this person, and must be committed: they are answers."""
    user_id = at_step()
    if user_id is None:
        return redirect("/sign-in", 303)
    session, now, browser = current_session(), clock.now(), credentials.browser(device())
    who = entering.guesser(session, f"code {user_id}", user_id, browser, at=now)
    waiting = THROTTLE.wait(session, who, factor=application().settings.rate_limit_factor, at=now)
    if waiting is not None:
        return later(show(user_id, 429, wait_sentence(waiting)), waiting)
    codes = shown(user_id, typed("code"))
    if codes is None:
        THROTTLE.record_failure(session, who, at=now)
        return show(user_id, 422, _("This code is not the right one, or it was used already."))
    THROTTLE.forget(session, who.subject)
    steps.finish(session, user_id)
    proof = entering.welcome(session, queries.account(session, user_id), browser, at=now)
    if not codes:
        response = signed_in(proof)
    else:
        page = at_the_gate("recovery_codes.html", codes=codes, target=wanted_page(START))
        response = hand_over(make_response(page), proof)
    credentials.STEP.take_back(response)
    return response


def at_step() -> UUID | None:
    return steps.whose(current_session(), credentials.STEP.read(), at=clock.now())


def shown(user_id: UUID, code: str) -> list[str] | None:
    """None for a wrong code; else the recovery codes to show, if this was the first code of a new phone."""
    session, now = current_session(), clock.now()
    if totp.is_on(session, user_id):
        return [] if totp.accepts(session, user_id, code, at=now) else None
    try:
        return totp.switch_on(session, user_id, code, at=now)
    except BadCode:
        return None


def show(user_id: UUID, status: int = 200, problem: str = "") -> FlaskResponse:
    session = current_session()
    drawing = None if totp.is_on(session, user_id) else picture(user_id)
    return at_the_gate("code.html", status, problem=problem, drawing=drawing, next=request.args.get("next"))
