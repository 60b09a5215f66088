"""The Twilio Messages contract: create, list, fetch, signed status callbacks and signed replies.

Written from the provider's published behaviour: HTTP Basic with account and token, form fields, 201 with the
resource, errors as {code, message, more_info, status}; a list is newest first, in pages, by To, From and DateSent.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from infra.devtools.accounts import Account
from infra.devtools.journal import Entry
from infra.devtools.telco.doors import Door
from infra.devtools.telco.network import Sent
from infra.devtools.web import Request, Response, answer_json

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SENDER = re.compile(r"\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11}")
MAX_BODY = 1600
PATH = re.compile(r"/2010-04-01/Accounts/(?P<account>[^/]+)/Messages(?:/(?P<sid>[^/.]+))?\.json")

#: Refusals by the plan of a number: provider's code and sentence ({to} is the number).
REFUSALS: dict[str, tuple[int, str]] = {
    "invalid": (21211, "Invalid 'To' Phone Number: {to}"),
    "unroutable": (21612, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"),
    "no_permission": (
        21408,
        "Permission to send an SMS or MMS has not been enabled for the region indicated by the 'To' number: {to}.",
    ),
    "stopped": (21610, "Attempt to send to unsubscribed recipient"),
    "landline": (21614, "To number: {to}, is not a mobile number"),
}
BUSY = (429, 20429, "Too Many Requests")
BROKEN = (500, 20500, "Internal Server Error")
#: Answers while a text is turned away.
TURNED_AWAY = {"busy": BUSY, "full": BUSY, "broken": BROKEN}
#: Why a text that was accepted did not arrive.
ERRORS = {"absent": 30003, "lost": 30008, "stopped": 30004}


class MessagesApi:
    """Answers API requests for one account."""

    def __init__(self, door: Door, account: Account) -> None:
        self._door = door
        self._telco = door.telco
        self._account = account

    def answer(self, request: Request) -> Response:
        """Answer one API request, after the weather of the day."""
        if self._door.weathered():
            return problem(*BROKEN)
        match = PATH.fullmatch(request.path)
        if match is None:
            return problem(404, 20404, f"The requested resource {request.path} was not found")
        if not self._known(request.headers, match["account"]):
            return problem(401, 20003, "Authenticate")
        if match["sid"]:
            return self._fetch(match["sid"], request)
        if request.method == "POST":
            return self._create({name: values[-1] for name, values in request.form.items()})
        return self._list(request)

    def _known(self, headers: Mapping[str, str], account: str) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        try:
            sid, _, token = base64.b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            return False
        right = hmac.compare_digest(token.encode(), self._account.token.encode())
        return scheme.lower() == "basic" and right and sid == account == self._account.sid

    def _create(self, form: dict[str, str]) -> Response:
        wrong = complaint(form)
        if wrong is not None:
            return problem(400, *wrong)
        to, body = form["To"], form["Body"]
        obstacle = self._telco.obstacle(to, body)
        if obstacle in REFUSALS:
            code, sentence = REFUSALS[obstacle]
            return problem(400, code, sentence.format(to=to))
        if obstacle in TURNED_AWAY:
            return problem(*TURNED_AWAY[obstacle])
        entry = self._telco.accept(
            Sent(
                id="SM" + secrets.token_hex(16),
                dialect="twilio",
                account=self._account.sid,
                sender=form["From"],
                to=to,
                body=body,
                callback=form.get("StatusCallback", ""),
            )
        )
        return self._door.accepted(entry, answer_json(resource(entry), 201))

    def _fetch(self, sid: str, request: Request) -> Response:
        entry = self._telco.journal.get(sid)
        if entry is None or entry["dialect"] != "twilio":
            return problem(404, 20404, f"The requested resource {request.path} was not found")
        return answer_json(resource({"id": sid, **entry}))

    def _list(self, request: Request) -> Response:
        try:
            wanted = wants(request.query)
        except ValueError:
            return problem(400, 20001, "Invalid date: use YYYY-MM-DD")
        size = max(request.whole("PageSize", 50, 1000), 1)
        page = request.whole("Page", 0, 1_000_000)
        found = [entry for entry in self._telco.messages(dialect="twilio") if wanted(entry)]
        rows = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        again = {name: values[-1] for name, values in request.query.items() if name not in ("Page", "PageSize")}
        return answer_json(
            {
                "messages": [resource(entry) for entry in rows],
                "page": page,
                "page_size": size,
                "start": page * size,
                "end": page * size + max(len(rows) - 1, 0),
                "uri": _page_uri(request.path, again, page, size),
                "first_page_uri": _page_uri(request.path, again, 0, size),
                "next_page_uri": _page_uri(request.path, again, page + 1, size) if more else None,
                "previous_page_uri": _page_uri(request.path, again, page - 1, size) if page else None,
            }
        )


def complaint(form: Mapping[str, str]) -> tuple[int, str] | None:
    """What the provider would say is wrong with a create request: code and sentence, or nothing."""
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    callback = form.get("StatusCallback", "")
    findings = (
        (not to, 21604, "A 'To' phone number is required."),
        (not E164.fullmatch(to), 21211, f"Invalid 'To' Phone Number: {to}"),
        (not sender, 21603, "A 'From' phone number is required."),
        (not SENDER.fullmatch(sender), 21212, f"Invalid 'From' Phone Number: {sender}"),
        (sender == to, 21266, "'To' and 'From' number cannot be the same"),
        (not body, 21602, "Message body is required."),
        (len(body) > MAX_BODY, 21617, "The concatenated message body exceeds the 1600 character limit."),
        (
            bool(callback) and not _is_web_address(callback),
            21609,
            f"The 'StatusCallback' URL {callback} is not a valid URL.",
        ),
    )
    return next(((code, sentence) for wrong, code, sentence in findings if wrong), None)


def wants(query: Mapping[str, list[str]]) -> Callable[[Entry], bool]:
    """The filter a list request asks for. Raises ValueError for a bad date."""
    to, sender = query.get("To", [""])[0], query.get("From", [""])[0]
    exact = _day(query.get("DateSent"))
    # `DateSent>=2026-01-01` reaches a server as the name `DateSent>` with the value after the equals sign.
    since = _day(query.get("DateSent>"))
    until = _day(query.get("DateSent<"))

    def fits(entry: Entry) -> bool:
        if (to and entry["to"] != to) or (sender and entry["from"] != sender):
            return False
        if not (exact or since or until):
            return True
        if entry["date_sent"] is None:
            return False
        sent = datetime.fromisoformat(entry["date_sent"]).date()
        return (not exact or sent == exact) and (not since or sent >= since) and (not until or sent <= until)

    return fits


def resource(entry: Entry) -> dict[str, Any]:
    """A message as the API shows it."""
    uri = f"/2010-04-01/Accounts/{entry['account']}/Messages/{entry['id']}"
    return {
        "account_sid": entry["account"],
        "api_version": "2010-04-01",
        "body": entry["body"],
        "date_created": _mail_date(entry["date_created"]),
        "date_sent": _mail_date(entry["date_sent"]),
        "date_updated": _mail_date(entry["date_updated"]),
        "direction": "outbound-api",
        "error_code": ERRORS.get(str(entry["reason"])),
        "error_message": None,
        "from": entry["from"],
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(entry["num_segments"]),
        "price": None,
        "price_unit": "USD",
        "sid": entry["id"],
        "status": entry["status"],
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": entry["to"],
        "uri": f"{uri}.json",
    }


def problem(status: int, code: int, message: str) -> Response:
    """An error as the provider words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return answer_json({"code": code, "message": message, "more_info": more, "status": status}, status)


def _page_uri(path: str, again: Mapping[str, str], page: int, size: int) -> str:
    return f"{path}?{urlencode({**again, 'PageSize': size, 'Page': page})}"


def _day(values: list[str] | None) -> date | None:
    return date.fromisoformat(values[0][:10]) if values else None


def _mail_date(moment: str | None) -> str | None:
    return None if moment is None else format_datetime(datetime.fromisoformat(moment))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in parts.netloc
    except ValueError:
        return False
