"""The mailbox as pages and as JSON."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from infra.devtools.journal import Entry
from infra.devtools.mailbox import Mailbox, addresses, part_text
from infra.devtools.pages import draw, stylesheet
from infra.devtools.web import Request, Response, answer_json, answer_page

REFRESH_SECONDS = 4
MAIL_HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def mailbox_app(mailbox: Mailbox, request: Request) -> Response:
    """Answer a request to the mailbox's port."""
    if request.path == "/":
        return _front(mailbox, request)
    if request.path == "/devtools.css":
        return stylesheet()
    if request.path == "/mailbox/messages.json":
        entries = mailbox.listing(to=request.one("to"), limit=request.whole("limit", 200, 100_000))
        return answer_json({"total": mailbox.journal.total, "messages": [_in_full(mailbox, e) for e in entries]})
    parts = request.path.strip("/").split("/")
    if parts[0] == "messages" and len(parts) >= 2:
        return _one(mailbox, parts[1], parts[2:])
    return answer_page(draw("missing.html", title="Mailbox"), 404)


def _front(mailbox: Mailbox, request: Request) -> Response:
    to = request.one("to")
    paused = bool(request.one("pause"))
    page = draw("mailbox.html", title="Mailbox", entries=mailbox.listing(to=to, limit=100), to=to, paused=paused)
    return answer_page(page, refresh_seconds=0 if paused else REFRESH_SECONDS)


def _one(mailbox: Mailbox, mail_id: str, rest: list[str]) -> Response:
    message = mailbox.message(mail_id)
    if message is None:
        return answer_page(draw("missing.html", title="Mailbox"), 404)
    if rest == ["html"]:
        page = part_text(message, "html").encode()
        return Response(200, page, headers={"Content-Security-Policy": MAIL_HTML_POLICY})
    if rest == ["raw"]:
        return Response(200, message.as_bytes(), "text/plain; charset=utf-8")
    if len(rest) == 2 and rest[0] == "attachments":
        return _attachment(message, rest[1])
    return answer_page(draw("mail.html", title="Mailbox", mail_id=mail_id, **_shown(message)))


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
