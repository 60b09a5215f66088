"""The identity provider's own word that somebody has signed out there: their sessions here end at once."""

from __future__ import annotations

import logging
from uuid import UUID

from flask import Response, jsonify, request

from blueprints.access import oidc
from blueprints.access.pages.blueprint import GATE, apart
from blueprints.access.service import oidc_settings, records, sessions
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited

log = logging.getLogger(__name__)
PER_MINUTE = 600
"""At the end of the day a whole chain signs out at its provider."""


@GATE.post("/sign-in/with/<uuid:provider_id>/signed-out")
@open_to_all("a provider speaks here, and proves itself by its signature")
@limited("signed-out", per_minute=PER_MINUTE)
def signed_out(provider_id: UUID) -> Response:
    """Back-channel logout: 200 whether there was a session or not, 400 for a token that is not to be trusted."""
    with apart() as session:
        provider = oidc_settings.provider(session, provider_id)
    try:
        connection = oidc_settings.connection(provider)
        found = oidc.left(connection, request.form.get("logout_token", ""), at=clock.now())
    except oidc.Refusal as refusal:
        log.warning("%s said that somebody signed out: %s %s", provider.issuer, refusal.code, refusal.told)
        return answer({"error": "invalid_request", "error_description": refusal.code}, 400)
    session = current_session()
    for user_id in sessions.end_through(
        session, provider.id, subject=found.subject, sid=found.sid, before=found.before
    ):
        records.note(session, user_id, "provider_signed_out", by=None, detail=provider.name)
    return answer({}, 200)


def answer(document: dict[str, str], status: int) -> Response:
    response = jsonify(document)
    response.status_code, response.headers["Cache-Control"] = status, "no-store"
    return response
