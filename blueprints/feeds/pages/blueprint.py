"""Where the pages of feeds live."""

from flask import Blueprint

PAGES = Blueprint("feeds", "blueprints.feeds", template_folder="templates")
HQ_PAGES = Blueprint("calendars", "blueprints.feeds", template_folder="templates", url_prefix="/hq")
