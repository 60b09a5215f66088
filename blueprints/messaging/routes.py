"""Where providers of text messages report what became of one, and bring what people answered."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.messaging.channels.sms.contract import Callback
from blueprints.messaging.links import hook_link, receipt_link
from blueprints.messaging.service import hooks as door
from blueprints.messaging.service import intake, receipts
from shopbell.http import client_address, current_session, open_to_all

hooks = Blueprint("messaging_hooks", __name__)


@hooks.post("/hooks/twilio/<uuid:message_id>")
@open_to_all("the provider has no account here; its signature is checked instead")
def receipt(message_id: UUID) -> ResponseReturnValue:
    """Take a receipt. A genuine one is answered 204, whatever it changes, so that it is not sent again."""
    session = current_session()
    account, heard = door.of_message(session, message_id, callback(receipt_link(message_id)))
    receipts.take(session, account.key, [(message_id, one) for one in heard.receipts if one.ref])
    return "", 204


@hooks.post("/hooks/sms/<hook>")
@open_to_all("the provider has no account here; the address is secret, and what is signed is checked")
def report(hook: str) -> ResponseReturnValue:
    """Take what an account of the chain's own tells, and answer as its provider wants it."""
    session = current_session()
    account = door.at_hook(door.own(session), hook, client_address())
    heard = door.read(account, callback(hook_link(hook)))
    intake.take(session, account, heard)
    return heard.answer, {"Content-Type": heard.content_type}


def callback(url: str) -> Callback:
    """The request as a provider made it; `url` is the address that we gave out, not the one a proxy passed on."""
    return Callback(url, {name.lower(): value for name, value in request.headers}, request.get_data())
