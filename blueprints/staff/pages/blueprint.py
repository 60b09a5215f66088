"""The staff pages under /hq."""

from flask import Blueprint

PAGES = Blueprint("staff", "blueprints.staff", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 25
