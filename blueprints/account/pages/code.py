"""Entering the code, and saying which of those who share the address one is."""

from __future__ import annotations

from flask import Response, request

from blueprints.account import rules
from blueprints.account.known import PROOF
from blueprints.account.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, agent, go_on, page, wanted_page
from blueprints.account.service import proving
from blueprints.account.service.proving import CodeWanted, WhoWanted, Wrong
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.pages.forms import Form


@PAGES.get("/code")
@open_to_all(WHY_OPEN)
def code() -> Response:
    step = proving.look(current_session(), PROOF.read(), at=clock.now())
    return code_page(Form(), step) if isinstance(step, CodeWanted) else go_on(step)


@PAGES.post("/code")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
def enter_code() -> Response:
    """A code that is not six digits is no try."""
    form, session, token, now = Form(request.form), current_session(), PROOF.read(), clock.now()
    digits = rules.read_code(form.text("code"))
    sentence = _("Enter the six digits of the code.")
    if digits:
        step = proving.show(session, token, digits, agent=agent(), at=now)
        if not isinstance(step, Wrong):
            return go_on(step)
        sentence = wrong(step.left)
    form.errors, form.status = {"code": sentence}, 422
    expected = proving.look(session, token, at=now)
    return code_page(form, expected) if isinstance(expected, CodeWanted) else go_on(expected)


@PAGES.get("/who")
@open_to_all(WHY_OPEN)
def who() -> Response:
    step = proving.look(current_session(), PROOF.read(), at=clock.now())
    return page("who.html", people=step.people, next=wanted_page()) if isinstance(step, WhoWanted) else go_on(step)


@PAGES.post("/who")
@open_to_all(WHY_OPEN)
@limited("account", per_minute=PER_MINUTE)
def say_who() -> Response:
    chosen = Form(request.form).id("person")
    return go_on(proving.choose(current_session(), PROOF.read(), chosen, agent=agent(), at=clock.now()))


def wrong(left: int) -> str:
    tries = ngettext("You have %(n)s more try.", "You have %(n)s more tries.", left)
    return _("This code is not right.") + " " + tries


def code_page(form: Form, step: CodeWanted) -> Response:
    return page("code.html", form.status, form=form, step=step, next=wanted_page())
