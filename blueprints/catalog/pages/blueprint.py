"""The catalogue's pages under /hq."""

from flask import Blueprint

PAGES = Blueprint("catalog", "blueprints.catalog", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 25
