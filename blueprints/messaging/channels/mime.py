"""A message as the bytes a mail server takes: text, HTML, and the appointment as a calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime

from blueprints.messaging.rules import address_fits
from shopbell.text import one_line

LONGEST_HEADER = 200


@dataclass(frozen=True)
class Mail:
    """What an e-mail is made of. `calendar` is an iCalendar document with its METHOD, or None."""

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


def build(mail: Mail) -> bytes:
    """The message in CRLF lines. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=policy_for(mail))
    message["From"] = _address(mail.sender_name, mail.sender)
    message["To"] = _address(mail.recipient_name, mail.recipient)
    message["Subject"] = _header(mail.subject)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64" if not mail.text.isascii() else None)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html", cte="base64" if not mail.html.isascii() else None)
    if mail.calendar is not None:
        _attach_calendar(message, mail.calendar)
    return message.as_bytes()


def _header(text: str) -> str:
    # A line end in a header would begin another one.
    return one_line(text)[:LONGEST_HEADER]


def _address(name: str, spec: str) -> Address:
    if not address_fits(spec):
        raise ValueError(f"{_header(spec)!r} is not an e-mail address")
    try:
        return Address(_header(name), addr_spec=spec)
    except (HeaderParseError, IndexError) as error:
        raise ValueError(f"{spec!r} is not an e-mail address") from error


def policy_for(mail: Mail) -> EmailPolicy[EmailMessage]:
    """Plain SMTP unless an address itself needs more than ASCII."""
    return SMTP if (mail.recipient + mail.sender).isascii() else SMTPUTF8


def _attach_calendar(message: EmailMessage, calendar: str) -> None:
    method = "CANCEL" if "METHOD:CANCEL" in calendar else "PUBLISH"
    message.add_attachment(
        calendar.encode(), maintype="text", subtype="calendar", filename="appointment.ics", cte="base64"
    )
    part = list(message.iter_attachments())[-1]
    part.set_param("charset", "utf-8")
    part.set_param("method", method)
