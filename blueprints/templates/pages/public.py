"""Where short links lead."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from blueprints.messaging import api as messaging
from blueprints.templates.service import short_links
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.pages import private

PUBLIC = Blueprint("short_links", "blueprints.templates", template_folder="templates")
PER_MINUTE = 60


@PUBLIC.get("/s/<code>")
@open_to_all("whoever has the text message may follow its link")
@limited("short_links", per_minute=PER_MINUTE)
def follow(code: str) -> Response:
    """Lead to the page of this host that the code stands for, and count it. Raises UnknownShortLink."""
    session = current_session()
    path, message_id = short_links.follow(session, code)
    messaging.note_click(session, message_id)
    return private(redirect(path))  # type: ignore[arg-type]
