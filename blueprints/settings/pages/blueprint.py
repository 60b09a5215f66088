"""The settings' pages under /hq."""

from flask import Blueprint

PAGES = Blueprint("settings", "blueprints.settings", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 25
