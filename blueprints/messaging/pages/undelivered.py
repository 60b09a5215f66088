"""The desk of what was given up: by cause, to be looked at and tried again when the cause is gone."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.messaging.pages import words
from blueprints.messaging.pages.blueprint import PAGES
from blueprints.messaging.queries.undelivered import Cause, heaps
from blueprints.messaging.service import undelivered as service
from shopbell import clock
from shopbell.http import current_principal, current_session, permit, permitted_branches
from shopbell.pages import render


@PAGES.get("/messages/undelivered")
@permit("messaging.read")
def undelivered() -> Response:
    """Everything that was given up, in heaps; ?again= says how many of one were just tried again."""
    return render(
        "messaging/undelivered.html",
        words=words,
        heaps=heaps(current_session(), clock.now(), permitted_branches()),
        again=request.args.get("again", type=int),
        at_once=service.AT_ONCE,
    )


@PAGES.post("/messages/undelivered/again")
@permit("messaging.replay")
def all_again() -> Response:
    """Try a whole heap again, as far as it is worth it."""
    cause = Cause(request.form.get("channel", ""), request.form.get("reason", ""))
    number = service.replay_all(current_session(), cause, permitted_branches(), current_principal().name)
    return redirect(url_for("messaging.undelivered", again=number), 303)
