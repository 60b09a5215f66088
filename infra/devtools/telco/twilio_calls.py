"""What Twilio posts to its customers: status callbacks and replies, both signed with the account's token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from infra.devtools.accounts import Account
from infra.devtools.journal import Entry
from infra.devtools.telco.callbacks import Callbacks
from infra.devtools.telco.console import Console
from infra.devtools.telco.plans import Step
from infra.devtools.telco.twilio import ERRORS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """The X-Twilio-Signature of a form post."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class TwilioCalls:
    """Tells the customer."""

    def __init__(self, callbacks: Callbacks, console: Console, account: Account) -> None:
        self._callbacks = callbacks
        self._console = console
        self._account = account

    def tell(self, entry: Entry, step: Step) -> bool:
        """Post a status to the address that came with the text."""
        url = str(entry["callback"]) or self._console.address("twilio", "report")
        return not url or self._post(url, _status(entry, step))

    def reply(self, entry: Entry) -> bool:
        """Post what somebody wrote back. True also when nobody wants to know."""
        url = self._console.address("twilio", "reply")
        return not url or self._post(url, _reply(entry))

    def _post(self, url: str, form: dict[str, str]) -> bool:
        signed = signature(self._account.token, url, form)
        headers = {"X-Twilio-Signature": signed, "User-Agent": "TwilioProxy/1.1", **FORM}
        return 0 < self._callbacks.post(url, urlencode(form), headers) < 500


def _status(entry: Entry, step: Step) -> dict[str, str]:
    sid = str(entry["id"]).upper() if entry["plan"] == "wrong_case" else str(entry["id"])
    form = {
        "AccountSid": str(entry["account"]),
        "ApiVersion": "2010-04-01",
        "From": str(entry["from"]),
        "To": str(entry["to"]),
        "MessageSid": sid,
        "MessageStatus": step.status,
        "SmsSid": sid,
        "SmsStatus": step.status,
    }
    if step.reason:
        form["ErrorCode"] = str(ERRORS[step.reason])
    if step.status in ("delivered", "undelivered"):
        form["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
    return form


def _reply(entry: Entry) -> dict[str, str]:
    # Whoever wrote is the number our text went to, and it is now the sender.
    return {
        "AccountSid": str(entry["account"]),
        "ApiVersion": "2010-04-01",
        "Body": str(entry["body"]),
        "From": str(entry["to"]),
        "To": str(entry["from"]),
        "MessageSid": str(entry["id"]),
        "SmsMessageSid": str(entry["id"]),
        "SmsSid": str(entry["id"]),
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": str(entry["num_segments"]),
    }


def reply_id() -> str:
    """An id for a text that came in."""
    return "SM" + secrets.token_hex(16)
