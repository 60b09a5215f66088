"""Head office's page of messages: what was sent, what failed, and what nobody can be sure of."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from blueprints.messaging import queries
from blueprints.messaging.pages.blueprint import PAGES
from blueprints.messaging.queries import PAGE, MessageView
from blueprints.messaging.rules import STATES
from shopbell import clock
from shopbell.http import current_session, permit, shows_people
from shopbell.pages import render
from shopbell.phone import masked

COUNTED_DAYS = 7


@PAGES.get("/messages")
@permit("messaging.read")
@shows_people
def messages() -> Response:
    """Messages of one state or of all, newest first, a page at a time."""
    session = current_session()
    asked = request.args.get("state", "")
    state = asked if asked in STATES else ""
    found = queries.latest(session, state=state, before=_id(request.args.get("before", "")))
    return render(
        "messaging/messages.html",
        state=state,
        messages=found,
        recipients={message.id: _shown(message) for message in found},
        counts=queries.counts(session, clock.now() - timedelta(days=COUNTED_DAYS)),
        older=found[-1].id if len(found) == PAGE else None,
        days=COUNTED_DAYS,
    )


def _shown(message: MessageView) -> str:
    """Enough of an address to recognise it; the whole one is on the customer's card."""
    if message.channel == "sms":
        return masked(message.recipient)
    local, _, domain = message.recipient.rpartition("@")
    return f"{local[:2]}…@{domain}"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
