"""A message as the bytes a mail server takes: text, HTML with its pictures, and the appointment as a calendar file.

Written by hand, because building the same few shapes with the standard library's message objects takes as long as
sending them does; the tests read every shape back with those.
"""

from __future__ import annotations

import base64
import binascii
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from blueprints.messaging.rules import address_fits
from shopbell.text import one_line

LONGEST_HEADER = 200
LONGEST_LINE = 900
WORD_BYTES = 39
"""Of text in an encoded word: 52 letters of base64, so that even behind "Subject: " a line keeps to RFC 2047's 76."""
ADDRESS = re.compile(r"[^\s\"(),:;<>@\[\\\]]+@[^\s\"(),:;<>@\[\\\]]+")
_PRINTABLE = bytes(range(32, 127)) + b"\n\t"


@dataclass(frozen=True)
class Picture:
    """A picture that the HTML shows as cid:`cid`."""

    cid: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Unsubscribe:
    """How somebody leaves the list by one click of their mail program (RFC 8058): an https address that takes a POST,
    and perhaps a mailbox."""

    link: str
    mailbox: str = ""


@dataclass(frozen=True)
class Mail:
    """What an e-mail is made of. `calendar` is an iCalendar document with its METHOD, or None. Mail with an
    `unsubscribe` is marketing. `feedback_id` names, for receivers' statistics, what kind of mail it is."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str | None
    calendar: str | None
    language: str
    written_at: datetime
    pictures: tuple[Picture, ...] = ()
    unsubscribe: Unsubscribe | None = None
    feedback_id: str = ""


def build(mail: Mail) -> bytes:
    """The message in CRLF lines. Raises ValueError for an address that is none."""
    lines = [*_headers(mail), *_content(mail)]
    return b"\r\n".join(line.encode() if isinstance(line, str) else line for line in lines)


def _headers(mail: Mail) -> Iterator[str]:
    yield f"From: {_mailbox(mail.sender_name, mail.sender)}"
    yield f"To: {_mailbox(mail.recipient_name, mail.recipient)}"
    yield f"Subject: {_text(mail.subject)}"
    yield f"Date: {format_datetime(mail.written_at)}"
    yield f"Message-ID: <{mail.message_id}>"
    yield f"Content-Language: {mail.language}"
    yield "Auto-Submitted: auto-generated"
    # Outlook's own way to be told that nobody reads answers by machines.
    yield "X-Auto-Response-Suppress: OOF, AutoReply"
    if mail.unsubscribe:
        ways = [f"<mailto:{mail.unsubscribe.mailbox}>"] if mail.unsubscribe.mailbox else []
        yield "List-Unsubscribe: " + ",\r\n ".join([f"<{mail.unsubscribe.link}>", *ways])
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        yield "Precedence: bulk"
    if mail.feedback_id:
        yield f"Feedback-ID: {mail.feedback_id}"
    yield "MIME-Version: 1.0"


def _content(mail: Mail) -> list[str | bytes]:
    """The fields that describe the content, an empty line, and the content."""
    boundary = f"=_{mail.message_id.partition('@')[0]}"
    found = _leaf("text/plain; charset=utf-8", mail.text)
    if mail.html is not None:
        rich = _leaf("text/html; charset=utf-8", mail.html)
        if mail.pictures:
            pictures = [_picture(picture) for picture in mail.pictures]
            rich = _several('related; type="text/html"', f"{boundary}.r", [rich, *pictures])
        found = _several("alternative", f"{boundary}.a", [found, rich])
    if mail.calendar is not None:
        found = _several("mixed", f"{boundary}.m", [found, _calendar(mail.calendar)])
    return found


def _several(kind: str, boundary: str, parts: list[list[str | bytes]]) -> list[str | bytes]:
    lines: list[str | bytes] = [f'Content-Type: multipart/{kind}; boundary="{boundary}"', ""]
    for part in parts:
        lines += [f"--{boundary}", *part]
    return [*lines, f"--{boundary}--", ""]


def _leaf(kind: str, text: str) -> list[str | bytes]:
    """A text as it is where it may be, else in whichever encoding is the shorter one."""
    data = "\n".join(text.splitlines()).encode("utf-8", "replace") + b"\n"
    strange = len(data.translate(None, _PRINTABLE))
    if strange * 2 > len(data) * 0.37:
        encoding, body = "base64", _base64(data)
    elif strange or max(map(len, data.split(b"\n"))) > LONGEST_LINE:
        encoding, body = "quoted-printable", binascii.b2a_qp(data).replace(b"\n", b"\r\n")
    else:
        encoding, body = "7bit", data.replace(b"\n", b"\r\n")
    return [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", "", body]


@lru_cache(maxsize=64)
def _picture(picture: Picture) -> list[str | bytes]:
    """Remembered: all messages of a chain show the same one."""
    name = f"logo.{picture.media_type.rpartition('/')[2]}"
    return [
        f'Content-Type: {picture.media_type}; name="{name}"',
        "Content-Transfer-Encoding: base64",
        f"Content-ID: <{picture.cid}>",
        f'Content-Disposition: inline; filename="{name}"',
        "",
        _base64(picture.content),
    ]


def _calendar(calendar: str) -> list[str | bytes]:
    method = "CANCEL" if "METHOD:CANCEL" in calendar else "PUBLISH"
    return [
        f'Content-Type: text/calendar; charset="utf-8"; method="{method}"; name="appointment.ics"',
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="appointment.ics"',
        "",
        _base64(calendar.encode()),
    ]


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _text(text: str) -> str:
    """A header's text, in one logical line whatever was in it: a line end would begin another header."""
    plain = one_line(text)[:LONGEST_HEADER]
    if plain.isascii() and "=?" not in plain:
        return "\r\n ".join(textwrap.wrap(plain, 76, break_long_words=False, break_on_hyphens=False))
    return _words(plain)


def _words(text: str) -> str:
    """Encoded words (RFC 2047), never parted inside a letter. Readers leave out the white space between them."""
    chunks, chunk = [], b""
    for letter in text:
        data = letter.encode("utf-8", "replace")
        if len(chunk) + len(data) > WORD_BYTES:
            chunks.append(chunk)
            chunk = b""
        chunk += data
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(one).decode()}?=" for one in [*chunks, chunk])


def _mailbox(name: str, address: str) -> str:
    if not (address_fits(address) and ADDRESS.fullmatch(address)):
        raise ValueError(f"{one_line(address)[:LONGEST_HEADER]!r} is not an e-mail address")
    shown = one_line(name)[:LONGEST_HEADER]
    if not shown:
        return address
    if shown.isascii() and "=?" not in shown:
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_words(shown)}\r\n <{address}>"
