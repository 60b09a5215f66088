"""The blueprint that the pages of alerts share."""

from flask import Blueprint

PAGES = Blueprint("alerts", __name__, template_folder="../templates")
