"""Mail over SMTP, over connections that stay open between messages."""

from __future__ import annotations

import smtplib
import threading
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from blueprints.messaging.channels.connection import FAILURES, Connection, Reply, spoken
from blueprints.messaging.channels.lanes import Lanes
from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused, Trouble
from blueprints.messaging.channels.replies import Meaning, meaning
from blueprints.messaging.rules import address_fits

MOST_IDLE = 16
SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out: scheme smtp, smtps (TLS from the start) or smtp+starttls."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @staticmethod
    def from_url(url: str) -> MailServer:
        """Read `smtp+starttls://{user}:{password}@host:587`. Raises ValueError with a sentence."""
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise ValueError(f"A mail server is written as {', '.join(SCHEMES)}://host:port, not {parts.scheme!r}.")
        return MailServer(
            parts.scheme,
            parts.hostname,
            parts.port or SCHEMES[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )


class Mailer:
    """Hands messages to one mail server. Safe between threads; `step_seconds` bounds each step on the network."""

    def __init__(self, server: MailServer, *, step_seconds: float) -> None:
        self._server = server
        self._step_seconds = step_seconds
        self._lock = threading.Lock()
        self._lanes = Lanes()
        self._idle: list[Connection] = []

    def send(self, sender: str, recipient: str, raw: bytes) -> str:
        """Hand over one message and return the server's last reply. Raises Refused, NotNow or InDoubt."""
        if not (address_fits(sender) and address_fits(recipient)):
            raise Refused("this is not an e-mail address", reason="no_such_address")
        domain = recipient.rpartition("@")[2]
        with self._lanes.lane(domain):
            connection = self._with_envelope(sender, recipient, len(raw), domain)
            try:
                reply = connection.data(raw)
            except FAILURES as error:
                connection.close()
                said = f"the connection ended before the answer: {spoken(error)}"
                raise InDoubt(said, reason="no_answer") from error
            self._keep(connection)
            if reply.code != 250:
                raise self._refusal(reply, domain)
        return reply.text

    def close(self) -> None:
        """Say goodbye on every open connection."""
        with self._lock:
            connections, self._idle = self._idle, []
        for connection in connections:
            connection.quit()

    def _with_envelope(self, sender: str, recipient: str, size: int, domain: str) -> Connection:
        """A connection that waits for the message. Nothing is at stake yet, so a stale one is replaced."""
        kept = self._kept()
        if kept is not None:
            try:
                return self._addressed(kept, sender, recipient, size, domain)
            except FAILURES:
                kept.close()
        fresh = self._connect()
        try:
            return self._addressed(fresh, sender, recipient, size, domain)
        except smtplib.SMTPNotSupportedError as error:
            fresh.close()
            said = "the mail server takes no addresses beyond ASCII"
            raise Refused(said, reason="not_our_letters") from error
        except FAILURES as error:
            fresh.close()
            means = meaning(spoken(error), 421)
            raise NotNow(spoken(error), reason=means.reason, retry_after=means.retry_after) from error

    def _addressed(self, connection: Connection, sender: str, recipient: str, size: int, domain: str) -> Connection:
        refusal = connection.envelope(sender, recipient, size)
        if refusal is None:
            return connection
        self._keep(connection)
        raise self._refusal(refusal, domain)

    def _refusal(self, reply: Reply, domain: str) -> Trouble:
        """What a reply means; a domain that has had enough of us gets nothing more for a while."""
        means: Meaning = meaning(reply.text, reply.code)
        if means.reason == "busy":
            self._lanes.close(domain, means.retry_after)
        said = f"{reply.code} {reply.text}"
        if means.final:
            return Refused(said, reason=means.reason)
        return NotNow(said, reason=means.reason, retry_after=means.retry_after)

    def _kept(self) -> Connection | None:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None or connection.is_alive():
            return connection
        connection.close()
        return None

    def _keep(self, connection: Connection) -> None:
        """For the next message; a connection that has carried enough says goodbye."""
        if not connection.reusable:
            connection.quit()
            return
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        connection.quit()

    def _connect(self) -> Connection:
        server = self._server
        try:
            return Connection.opened(
                server.scheme, server.host, server.port, server.user, server.password, seconds=self._step_seconds
            )
        except FAILURES as error:
            said = f"the mail server {server.host}:{server.port} is not available: {spoken(error)}"
            raise NotNow(said, reason="unreachable") from error
