"""Where the installation's providers of text messages report, for whichever chain it is about."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.messaging.api import Callback, report
from shopbell.http import client_address, open_to_all
from shopbell.http.context import application
from tenants.resolve import Directory

hooks = Blueprint("carriers", __name__)


@hooks.post("/hooks/sms/<hook>")
@open_to_all("the provider has no account here; the address is secret, and what is signed is checked")
def take(hook: str) -> ResponseReturnValue:
    """Take receipts and replies, and answer as the provider wants it; one that failed is sent again by it."""
    database = application().database
    url = f"{application().settings.own_url('start')}{request.path}"
    callback = Callback(url, {name.lower(): value for name, value in request.headers}, request.get_data())
    heard = report(database, Directory(database).by_id, hook, client_address(), callback)
    return heard.answer, {"Content-Type": heard.content_type}
