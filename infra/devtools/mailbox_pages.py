"""The mailbox as pages and as JSON."""

from __future__ import annotations

import base64
import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from infra.devtools.journal import Entry
from infra.devtools.mailbox import Mailbox, addresses, part_text
from infra.devtools.pages import draw, stylesheet
from infra.devtools.returns import ANSWERS, Returns
from infra.devtools.web import Request, Response, answer_json, answer_page

REFRESH_SECONDS = 4
PREFERS = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
MAIL_HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def mailbox_app(mailbox: Mailbox, returns: Returns, request: Request) -> Response:
    """Answer a request to the mailbox's port."""
    if request.path == "/":
        return _front(mailbox, request)
    if request.path == "/devtools.css":
        return stylesheet()
    if request.path == "/mailbox/messages.json":
        entries = mailbox.listing(to=request.one("to"), limit=request.whole("limit", 200, 100_000))
        return answer_json({"total": mailbox.journal.total, "messages": [_in_full(mailbox, e) for e in entries]})
    parts = request.path.strip("/").split("/")
    if parts[0] == "messages" and parts[2:] == ["answer"] and request.method == "POST":
        return _answer(mailbox, returns, parts[1], request)
    if parts[0] == "messages" and len(parts) >= 2:
        return _one(mailbox, parts[1], parts[2:], request)
    return answer_page(draw("missing.html", title="Mailbox"), 404)


def _front(mailbox: Mailbox, request: Request) -> Response:
    to = request.one("to")
    paused = bool(request.one("pause"))
    page = draw("mailbox.html", title="Mailbox", entries=mailbox.listing(to=to, limit=100), to=to, paused=paused)
    return answer_page(page, refresh_seconds=0 if paused else REFRESH_SECONDS)


def _answer(mailbox: Mailbox, returns: Returns, mail_id: str, request: Request) -> Response:
    """Send the mail back as another mail server would."""
    entry, answer = mailbox.journal.get(mail_id), request.form.get("answer", [""])[0]
    if entry is None or answer not in ANSWERS:
        return answer_page(draw("missing.html", title="Mailbox"), 404)
    said = returns.send(entry["envelope_from"], entry["envelope_to"][0], answer)
    return Response(303, headers={"Location": f"/messages/{mail_id}?{urlencode({'said': said})}"})


def _one(mailbox: Mailbox, mail_id: str, rest: list[str], request: Request) -> Response:
    message = mailbox.message(mail_id)
    if message is None:
        return answer_page(draw("missing.html", title="Mailbox"), 404)
    if rest == ["html"]:
        shown = as_shown(message, request.one("scheme", "light")).encode()
        return Response(200, shown, headers={"Content-Security-Policy": MAIL_HTML_POLICY})
    if rest == ["raw"]:
        return Response(200, message.as_bytes(), "text/plain; charset=utf-8")
    if len(rest) == 2 and rest[0] == "attachments":
        return _attachment(message, rest[1])
    scheme = "dark" if request.one("scheme") == "dark" else "light"
    entry = mailbox.journal.get(mail_id) or {}
    page = draw(
        "mail.html",
        title="Mailbox",
        mail_id=mail_id,
        scheme=scheme,
        said=request.one("said"),
        answers={name: answer[0] for name, answer in ANSWERS.items()},
        back=entry.get("envelope_from", ""),
        headers=[(name, str(value)) for name, value in message.items()],
        **_shown(message),
    )
    return answer_page(page)


def _shown(message: EmailMessage) -> dict[str, Any]:
    return {
        "subject": str(message.get("Subject", "")),
        "sender": addresses(message, "From"),
        "recipient": addresses(message, "To"),
        "date": str(message.get("Date", "")),
        "message_id": str(message.get("Message-ID", "")),
        "text": part_text(message, "plain"),
        "html": part_text(message, "html"),
        "attachments": _attachments(message),
    }


def as_shown(message: EmailMessage, scheme: str) -> str:
    """The HTML with its pictures, as a mail program in light or in dark shows it."""
    html = part_text(message, "html")
    for part in message.walk():
        cid, payload = str(part.get("Content-ID", "")).strip("<>"), part.get_payload(decode=True)
        if cid and isinstance(payload, bytes):
            data = base64.b64encode(payload).decode()
            html = html.replace(f"cid:{cid}", f"data:{part.get_content_type()};base64,{data}")
    return PREFERS.sub("@media all" if scheme == "dark" else "@media not all", html)


def _attachments(message: EmailMessage) -> list[dict[str, Any]]:
    found = []
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        size = len(payload) if isinstance(payload, bytes) else 0
        found.append({"name": part.get_filename() or "unnamed", "type": part.get_content_type(), "size": size})
    return found


def _attachment(message: EmailMessage, number: str) -> Response:
    parts = list(message.iter_attachments())
    if not number.isascii() or not number.isdigit() or int(number) >= len(parts):
        return answer_page(draw("missing.html", title="Mailbox"), 404)
    payload = parts[int(number)].get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    # Always as plain text: an attachment is looked at here, never run.
    return Response(200, body, "text/plain; charset=utf-8")


def _in_full(mailbox: Mailbox, entry: Entry) -> Entry:
    message = mailbox.message(entry["id"])
    shown = {} if message is None else _shown(message)
    return {name: value for name, value in entry.items() if name != "raw"} | shown
