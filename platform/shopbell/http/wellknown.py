"""/.well-known/security.txt (RFC 9116): whom to tell about a hole. Without a contact in the settings there is none."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response

from shopbell import clock
from shopbell.errors import NotFound
from shopbell.http.context import application
from shopbell.http.permissions import open_to_all

SECURITY = "/.well-known/security.txt"
VALID = timedelta(days=180)
"""The RFC wants less than a year, so that nobody writes to people who have left."""
DAY = 24 * 3600


def install_wellknown(app: Flask) -> None:
    app.add_url_rule(SECURITY, "security_txt", security_txt)


@open_to_all("whoever finds a hole has to find out whom to tell")
def security_txt() -> Response:
    contact = application().settings.security_contact
    if not contact:
        raise NotFound
    expires = (clock.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
    return Response(text, mimetype="text/plain", headers={"Cache-Control": f"public, max-age={DAY}"})
