"""What the branding pages of HQ share."""

from __future__ import annotations

from flask import Blueprint, request

from blueprints.brand.rules import MAX_LOGO
from shopbell.http import current_principal
from tenants.settings.store import Author

PAGES = Blueprint("brand", "blueprints.brand", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 20
MAX_UPLOAD = 8 * 1024 * 1024
"""A photo may be sent and is then refused with the form kept; more than this is cut off."""


def uploaded() -> bytes:
    """The picture of the form; one byte more than allowed is enough to be refused."""
    upload = request.files.get("logo")
    return upload.read(MAX_LOGO + 1) if upload else b""


def author() -> Author:
    """Whoever makes the request."""
    person = current_principal()
    return Author(person.id, person.name)
