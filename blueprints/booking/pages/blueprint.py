"""The booking book's pages under /hq."""

from flask import Blueprint

PAGES = Blueprint("booking_pages", "blueprints.booking", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 25
