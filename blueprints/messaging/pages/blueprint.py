"""Where the pages of messaging lie."""

from flask import Blueprint

PAGES = Blueprint("messaging", __name__, template_folder="../templates", url_prefix="/hq")
