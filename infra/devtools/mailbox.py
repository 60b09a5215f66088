"""The development mailbox: a real SMTP server that keeps what it is given.

Recipients with these beginnings misbehave on purpose, so that a sender's handling can be seen and tested:

- `refused…@` is answered 550, `full…@` 452, for ever;
- `greylist…@` is answered 451 the first time a message arrives and accepted after that;
- `cut…@` has its message kept, and the connection closed before the answer, once for each message.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from asyncio import WriteTransport
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.devtools.journal import Entry, Journal
from infra.devtools.looped import LoopedServer

MAX_MAIL_BYTES = 5_000_000
SUMMARY_HEADERS = ("From", "To", "Subject", "Message-ID", "Date")


class Mailbox:
    """What arrived, by id. The raw bytes stay as they came; a summary is read from them once."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> str:
        """Keep one message and return its id."""
        parsed = parse(raw)
        mail_id = secrets.token_hex(8)
        self.journal.put(
            mail_id,
            {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "envelope_from": sender,
                "envelope_to": recipients,
                **{name.lower().replace("-", "_"): str(parsed.get(name, "")) for name in SUMMARY_HEADERS},
                "raw": base64.b64encode(raw).decode(),
            },
        )
        return mail_id

    def listing(self, *, to: str = "", limit: int = 200) -> list[Entry]:
        """Summaries, newest first; `to` finds messages whose recipients or subject contain it."""
        wanted = to.casefold()
        found = []
        for entry in self.journal.newest():
            if wanted in " ".join([*entry["envelope_to"], entry["to"], entry["subject"]]).casefold():
                found.append(entry)
                if len(found) == limit:
                    break
        return found

    def message(self, mail_id: str) -> EmailMessage | None:
        """One message, parsed, or None."""
        entry = self.journal.get(mail_id)
        return None if entry is None else parse(base64.b64decode(entry["raw"]))


def parse(raw: bytes) -> EmailMessage:
    """Read a message leniently: whatever is sent can be looked at."""
    return message_from_bytes(raw, policy=modern)


def part_text(message: EmailMessage, kind: str) -> str:
    """The first `plain` or `html` body of a message, or nothing."""
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())


def addresses(message: EmailMessage, header: str) -> str:
    """An address header as a reader would write it, or nothing."""
    value = message.get(header)
    if not isinstance(value, AddressHeader):
        return str(value or "")
    return ", ".join(str(address) for address in value.addresses)


class _Handler:
    """Hooks that aiosmtpd calls by name."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._seen: set[str] = set()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what large servers offer: commands may come together (RFC 2920)."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Accept a recipient, or refuse those whose name asks for it."""
        if address.startswith("refused"):
            return "550 5.1.1 There is no such mailbox"
        if address.startswith("full"):
            return "452 4.2.2 The mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, with the misbehaviour its recipient asks for."""
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        recipients = [str(address) for address in envelope.rcpt_tos]
        if self._first_time("greylist", recipients, raw):
            return "451 4.7.1 Come back later"
        mail_id = self._mailbox.keep(str(envelope.mail_from), recipients, raw)
        if self._first_time("cut", recipients, raw) and server.transport is not None:
            # Closed without a goodbye: the sender cannot know whether the message was taken.
            cast(WriteTransport, server.transport).abort()
        return f"250 2.0.0 Kept as {mail_id}"

    def _first_time(self, name: str, recipients: list[str], raw: bytes) -> bool:
        if not any(address.startswith(name) for address in recipients):
            return False
        key = f"{name} {recipients} {parse(raw).get('Message-ID', '')}"
        known = key in self._seen
        self._seen.add(key)
        return not known


class Listener(LoopedServer):
    """A real SMTP server: aiosmtpd with these options, which calls the handler's hooks."""

    def __init__(self, handler: object, host: str, port: int, **options: Any) -> None:
        super().__init__("smtp")
        self._handler = handler
        self._options = {"data_size_limit": MAX_MAIL_BYTES, "hostname": "localhost", **options}
        self._wanted = (host, port)

    def _protocol(self) -> SMTP:
        return SMTP(self._handler, loop=self._loop, **self._options)

    async def _open(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, *self._wanted)


class SmtpServer(Listener):
    """The development mailbox's server."""

    def __init__(self, mailbox: Mailbox, host: str, port: int) -> None:
        super().__init__(_Handler(mailbox), host, port, enable_SMTPUTF8=True, ident="development mailbox")
