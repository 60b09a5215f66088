"""Where the installation's providers of text messages and of mail report, for whichever chain it is about."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.messaging.api import Callback, report, take_notification, take_signed
from shopbell.http import client_address, open_to_all
from shopbell.http.context import application
from tenants.resolve import Directory

hooks = Blueprint("carriers", __name__)


@hooks.post("/hooks/sms/<hook>")
@open_to_all("the provider has no account here; the address is secret, and what is signed is checked")
def take(hook: str) -> ResponseReturnValue:
    """Take what an account tells, and answer as its provider wants it; what failed is sent again by it."""
    database = application().database
    url = f"{application().settings.own_url('start')}{request.path}"
    callback = Callback(url, {name.lower(): value for name, value in request.headers}, request.get_data())
    heard = report(database, Directory(database), hook, client_address(), callback)
    return heard.answer, {"Content-Type": heard.content_type}


@hooks.post("/hooks/mail")
@open_to_all("the program has no account here; its signature is checked instead")
def take_mail_report() -> ResponseReturnValue:
    """Take a report about a mail, in our own form or as the mail that came back to `?recipient=`."""
    database = application().database
    headers = {name.lower(): value for name, value in request.headers}
    recipient = request.args.get("recipient", "")
    take_signed(database, Directory(database).by_id, headers, request.get_data(), recipient)
    return "", 204


@hooks.post("/hooks/ses")
@open_to_all("Amazon has no account here; its signature is checked instead")
def take_ses() -> ResponseReturnValue:
    """Take what Amazon SNS brings from SES; one that failed is sent again by it."""
    database = application().database
    take_notification(database, Directory(database).by_id, request.get_data())
    return "", 204
