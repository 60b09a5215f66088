"""A message as the bytes a mail server takes: text, HTML, and the appointment as a calendar file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime

UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})
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


def one_line(value: str) -> str:
    """Text fit for a header: control characters and line ends become spaces, so no header can be smuggled in."""
    plain = "".join(" " if unicodedata.category(letter) in UNWANTED else letter for letter in value)
    return " ".join(plain.split())[:LONGEST_HEADER]


def build(mail: Mail) -> bytes:
    """The message in CRLF lines. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=policy_for(mail))
    message["From"] = Address(one_line(mail.sender_name), addr_spec=mail.sender)
    message["To"] = Address(one_line(mail.recipient_name), addr_spec=mail.recipient)
    message["Subject"] = one_line(mail.subject)
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
