"""Reading mail that came back. It is written by every mail server there is, by spammers too, and often broken.

The standard library's parser reads it by its old policy, which leaves strange headers as they are instead of failing.
"""

from __future__ import annotations

import email
import logging
import re
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32

from blueprints.messaging.channels.replies import STATUS, meaning
from blueprints.messaging.channels.returned.values import Report, without_addresses

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Of a report the beginning is enough: what follows is the mail it is about."""
MOST_PARTS = 50
CODE = re.compile(r"\b([245]\d\d)[ -]")
BOUNCED = re.compile(
    r"undeliver|not be delivered|returned mail|delivery (status|fail)|failure notice|delivery problem", re.I
)
MACHINES = re.compile(r"mailer-daemon|postmaster|<>", re.I)
#: Feedback types (RFC 5965) by which somebody complains; "not-spam" takes one back, and others are about forgeries.
COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other", "opt-out"})
ACTIONS = {"failed": "bounce", "delayed": "late", "delivered": "delivered"}


def read(raw: bytes) -> Report:
    """What a mail says about the one it answers. Never raises: what cannot be understood is `unreadable`."""
    try:
        return _read(email.message_from_bytes(raw[:LARGEST], policy=compat32))
    except Exception as error:
        # Whatever strangers send: a parser that fails must not keep the next report from being read.
        log.warning("a mail that came back could not be read: %s", type(error).__name__)
        return Report("unreadable")


def _read(message: Message) -> Report:
    parts = _parts(message)
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            return _complaint(_fields(part))
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            return _status(_fields(part))
    return _in_words(message, parts)


def _parts(message: Message) -> list[Message]:
    found = []
    for part in message.walk():
        found.append(part)
        if len(found) == MOST_PARTS:
            break
    return found


def _fields(part: Message) -> dict[str, str]:
    """All fields of a report, by name in lower case; of those about several recipients the first."""
    found: dict[str, str] = {}
    for name, value in _pairs(part):
        found.setdefault(name.lower(), " ".join(str(value).split()))
    return found


def _pairs(part: Message) -> Iterator[tuple[str, str]]:
    payload = part.get_payload()
    if not isinstance(payload, list):
        yield from _pairs_in(str(payload))
        return
    for block in payload[:MOST_PARTS]:
        if isinstance(block, Message):
            yield from ((name, str(value)) for name, value in block.items())
            inner = block.get_payload()
            if isinstance(inner, str):
                # Some parsers, ours for global reports, see further blocks as the text of the first one.
                yield from _pairs_in(inner)


def _pairs_in(text: str) -> Iterator[tuple[str, str]]:
    for line in re.sub(r"\r?\n[ \t]+", " ", text).splitlines()[:200]:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            yield name.strip(), value.strip()


def _complaint(fields: dict[str, str]) -> Report:
    told = fields.get("feedback-type", "").lower()
    if told in COMPLAINTS:
        return Report("complaint", "complaint", said=told)
    return Report("answer", said=without_addresses(f"feedback: {told}"))


def _status(fields: dict[str, str]) -> Report:
    action, status = fields.get("action", "").lower(), fields.get("status", "")
    diagnosis = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
    kind = ACTIONS.get(action) or ("bounce" if status.startswith("5") else "late" if status.startswith("4") else "")
    if kind == "delivered":
        return Report("delivered")
    if kind == "late":
        return Report("late", meaning(f"{status} {diagnosis}").reason, said=without_addresses(f"{status} {diagnosis}"))
    return _bounce(status, diagnosis) if kind == "bounce" else Report("answer", said=without_addresses(action))


def _bounce(status: str, diagnosis: str) -> Report:
    """The diagnosis is the other server's reply and says more than the status, which ours has made of it."""
    code = CODE.match(diagnosis)
    said = diagnosis if STATUS.search(diagnosis) else f"{status} {diagnosis}"
    means = meaning(said, int(code.group(1)) if code else 0)
    return Report("bounce", means.reason, means.is_dead, without_addresses(f"{status} {diagnosis}"))


def _in_words(message: Message, parts: list[Message]) -> Report:
    """Bounces of servers that make no report, and answers of people and of their machines."""
    subject, author = str(message.get("Subject", "")), str(message.get("From", ""))
    if message.get("X-Failed-Recipients") is None and not (BOUNCED.search(subject) or MACHINES.search(author)):
        return Report("answer")
    text = next((_text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    reply = next((line for line in text.splitlines() if CODE.search(line) or STATUS.search(line)), "")
    if not reply:
        return Report("bounce", "refused", said=without_addresses(subject))
    code, status = CODE.search(reply), STATUS.search(reply)
    means = meaning(reply, int(code.group(1)) if code else int(status.group(1)) * 100 if status else 0)
    return Report("bounce" if means.final else "late", means.reason, means.is_dead, without_addresses(reply))


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
