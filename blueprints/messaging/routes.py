"""Where the SMS provider reports what became of a message."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints.messaging import queries
from blueprints.messaging.channels.twilio import is_genuine
from blueprints.messaging.errors import BadSignature, UnknownMessage
from blueprints.messaging.links import receipt_link
from blueprints.messaging.service.receipts import take_receipt
from shopbell import runtime
from shopbell.http import current_session, open_to_all

hooks = Blueprint("messaging_hooks", __name__)


@hooks.post("/hooks/twilio/<uuid:message_id>")
@open_to_all("the provider has no account here; its signature is checked instead")
def receipt(message_id: UUID) -> ResponseReturnValue:
    """Take a receipt. A genuine one is answered 204, whatever it changes, so that it is not sent again."""
    session = current_session()
    if not queries.is_text_message(session, message_id):
        raise UnknownMessage
    form = request.form.to_dict(flat=False)
    given = request.headers.get("X-Twilio-Signature", "")
    # The address we gave out, not the one a proxy passed on: that is what the provider signed.
    if not is_genuine(runtime.settings().sms_auth_token, receipt_link(message_id), form, given):
        raise BadSignature
    take_receipt(
        session,
        message_id,
        ref=request.form.get("MessageSid", ""),
        status=request.form.get("MessageStatus", ""),
        error=request.form.get("ErrorCode", ""),
    )
    return "", 204
