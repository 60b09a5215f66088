"""Twilio Messages (2010-04-01): send, look for what was sent, check the signature of what it tells."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import urllib3

from blueprints.messaging.channels.outcomes import InDoubt, NotNow
from blueprints.messaging.channels.sms.contract import (
    Accepted,
    Callback,
    Capabilities,
    Forged,
    Found,
    Heard,
    Receipt,
    Reply,
    TextMessage,
    refusal,
)
from blueprints.messaging.channels.sms.http import FORM, Http
from shopbell.sms_providers import SmsProvider

BASE = "https://api.twilio.com"
PAGE_SIZE = 50
MOST_PAGES = 10
CLOCK_DIFFERENCE = timedelta(minutes=5)
#: Answers that speak of our account or of the service and not of this message.
NOT_THE_MESSAGE = frozenset({401, 403, 404, 429})
#: Twilio's codes, of answers and of receipts. https://www.twilio.com/docs/api/errors
REASONS = {
    21211: "bad_number",
    21214: "bad_number",
    21217: "bad_number",
    21265: "bad_number",
    21266: "bad_number",
    21408: "unroutable",
    21602: "content_refused",
    21603: "sender_refused",
    21604: "bad_number",
    21606: "sender_refused",
    21610: "opted_out",
    21611: "too_fast",
    21612: "unroutable",
    21614: "bad_number",
    21617: "too_long",
    21659: "sender_refused",
    21660: "sender_refused",
    30001: "too_fast",
    30002: "account",
    30003: "unreachable",
    30004: "opted_out",
    30005: "bad_number",
    30006: "bad_number",
    30007: "content_refused",
    30008: "provider_error",
    30034: "sender_refused",
}
STATUSES = {
    "accepted": "sending",
    "scheduled": "sending",
    "queued": "sending",
    "sending": "sending",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "partially_delivered": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
NOTHING_TO_SAY = "<Response/>"


class TwilioSms:
    """An account, or a part of one."""

    caps = Capabilities()

    def __init__(self, account: SmsProvider, *, step_seconds: float) -> None:
        self.key = account.key
        self._account = account
        self._path = f"/2010-04-01/Accounts/{account.identity}/Messages.json"
        credentials = urllib3.make_headers(basic_auth=f"{account.identity}:{account.secret}")
        self._headers = {**credentials, "Accept": "application/json"}
        self._http = Http(account.base or BASE, step_seconds=step_seconds)

    def send(self, text: TextMessage) -> Accepted:
        fields = {"To": text.to, "Body": text.body, **self._sender(text)}
        if text.callback:
            fields["StatusCallback"] = text.callback
        headers = {**self._headers, **FORM}
        status, answer, wait = self._http.ask("POST", self._path, headers, urlencode(fields))
        if status == 201 and isinstance(answer.get("sid"), str):
            return Accepted(answer["sid"], segments=_count(answer.get("num_segments")))
        said = f"{answer.get('code', status)} {answer.get('message', 'no reason given')}"
        if status in NOT_THE_MESSAGE:
            raise refusal(said, "too_fast" if status == 429 else "account", wait)
        if 400 <= status < 500 and status != 408:
            raise refusal(said, REASONS.get(_number(answer.get("code")), "refused"), wait)
        raise InDoubt(said, reason="provider_error")

    def find(self, text: TextMessage, since: datetime) -> list[Found]:
        """The list is read by number alone: a message still waiting there has no DateSent to filter by."""
        found = []
        for entry in self._newest_first(text.to):
            if parsedate_to_datetime(entry["date_created"]) < since - CLOCK_DIFFERENCE:
                break
            # A trial account puts a sentence before the text.
            if str(entry["body"]).endswith(text.body):
                found.append(Found(str(entry["sid"]), STATUSES.get(str(entry["status"]), "sending")))
        return found

    def hear(self, callback: Callback) -> Heard:
        form = parse_qs(callback.body.decode("utf-8", "replace"), keep_blank_values=True)
        if not is_genuine(self._account.secret, callback.url, form, callback.headers.get("x-twilio-signature", "")):
            raise Forged("not signed with the account's token")
        told = {name: values[0] for name, values in form.items()}
        receipts: tuple[Receipt, ...] = ()
        replies: tuple[Reply, ...] = ()
        if told.get("MessageStatus"):
            receipts = (_receipt(told),)
        elif told.get("From") and "Body" in told:
            replies = (Reply(told.get("MessageSid", ""), told["From"], told.get("To", ""), told["Body"]),)
        return Heard(receipts, replies, NOTHING_TO_SAY, "text/xml")

    def close(self) -> None:
        self._http.close()

    def _sender(self, text: TextMessage) -> dict[str, str]:
        sender = text.sender or self._account.sender
        return {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}

    def _newest_first(self, to: str) -> Iterator[dict[str, Any]]:
        page: str | None = f"{self._path}?{urlencode({'To': to, 'PageSize': PAGE_SIZE})}"
        for _ in range(MOST_PAGES):
            if page is None:
                return
            status, answer, _wait = self._http.ask("GET", page, self._headers)
            if status != 200 or not isinstance(answer.get("messages"), list):
                raise NotNow(f"{status} {answer.get('message', 'no list')}", reason="unavailable")
            yield from answer["messages"]
            page = answer.get("next_page_uri")
        raise NotNow("the provider's list is too long to be sure", reason="unavailable")


def signature(token: str, url: str, form: Mapping[str, Sequence[str]]) -> str:
    """The X-Twilio-Signature of a form post: HMAC-SHA1 over the address and the sorted names with their values.

    A name's repeated values are taken once each, sorted.
    """
    signed = url + "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def is_genuine(token: str, url: str, form: Mapping[str, Sequence[str]], given: str) -> bool:
    """Whether a callback was signed with our token, for this address with or without its port."""
    spellings = (signature(token, spelling, form) for spelling in _with_and_without_port(url))
    return any(hmac.compare_digest(spelling.encode(), given.encode()) for spelling in spellings)


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return urlunsplit(parts._replace(netloc=host)), urlunsplit(parts._replace(netloc=f"{host}:{port}"))


def _receipt(told: Mapping[str, str]) -> Receipt:
    word, code = told["MessageStatus"], told.get("ErrorCode", "")
    status = STATUSES.get(word, "")
    reason = REASONS.get(_number(code), "refused") if status == "failed" else ""
    return Receipt(told.get("MessageSid", ""), status, f"{code} {word}".strip(), reason, number=told.get("To", ""))


def _number(code: object) -> int:
    return int(str(code)) if str(code).isdigit() else 0


def _count(segments: object) -> int | None:
    """Zero with a messaging service, which cuts the text up later."""
    return _number(segments) or None
