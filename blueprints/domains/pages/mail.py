"""The page of the sender of e-mails: its domain, the records to add, and what was found of them."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.domains import queries, service
from blueprints.domains.pages.blueprint import PAGES
from blueprints.domains.rules import GIVE_UP_AFTER
from shopbell import clock
from shopbell.dkim import ALGORITHMS, Algorithm
from shopbell.errors import Invalid
from shopbell.http import current_session, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form

REFRESH_SECONDS = "4"


@PAGES.get("/mail")
@permit("domains.edit")
def mail() -> Response:
    return show(Form({"mailbox": "hello"}))


@PAGES.post("/mail")
@permit("domains.edit")
def choose_mail() -> Response:
    """Note the sender, and have a worker look for the record of its key."""
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.choose(session, form.text("domain"), form.text("mailbox"))):
        return show(form)
    return done("chosen")


@PAGES.post("/mail/check")
@permit("domains.edit")
def check_mail() -> Response:
    service.look_again(current_session())
    return done("looking")


@PAGES.post("/mail/keys")
@permit("domains.edit")
def add_mail_key() -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.add_key(session, algorithm(form.text("algorithm")))):
        return show(form)
    return done("key")


@PAGES.post("/mail/keys/<uuid:key_id>/removal")
@permit("domains.edit")
def remove_mail_key(key_id: UUID) -> Response:
    service.remove_key(current_session(), key_id)
    return done("key_removed")


@PAGES.post("/mail/removal")
@permit("domains.edit")
def give_up_mail() -> Response:
    service.give_up(current_session())
    return done("given_up")


def algorithm(text: str) -> Algorithm:
    for one in ALGORITHMS:
        if one == text:
            return one
    raise Invalid(_("Choose how the key signs."))


def done(what: str) -> Response:
    return redirect(url_for(".mail", done=what), 303)


def show(form: Form) -> Response:
    settings = application().settings
    view = queries.mail_view(current_session())
    response = render(
        "domains/mail.html",
        form.status,
        form=form,
        view=view,
        given_up=view is not None and not view.seen and view.since + GIVE_UP_AFTER <= clock.now(),
        standard=settings.mail_from,
        bounces=settings.own_mail.bounce_domain,
    )
    # A worker looks within seconds.
    if view is not None and not view.tries:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response
