"""Own domains at head office: host names that lead to the chain, and the sender of its e-mails."""

from __future__ import annotations

from flask import Blueprint

PAGES = Blueprint("domains", __name__, template_folder="../templates", url_prefix="/hq/domains")
