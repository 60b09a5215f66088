"""Mail over SMTP, over connections that stay open between messages."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
from dataclasses import dataclass
from time import monotonic
from urllib.parse import unquote, urlsplit

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused

IDLE_SECONDS = 10.0
MOST_IDLE = 16
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
SCHEMES = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
FAILURES = (smtplib.SMTPException, OSError)


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
        self._idle: list[tuple[float, smtplib.SMTP]] = []

    def send(self, sender: str, recipient: str, raw: bytes) -> str:
        """Hand over one message and return the server's last reply. Raises Refused, NotNow or InDoubt."""
        connection = self._with_envelope(sender, recipient)
        try:
            code, reply = connection.docmd("DATA")
        except FAILURES as error:
            connection.close()
            raise NotNow(_spoken(error)) from error
        if code != 354:
            raise self._refusal(connection, code, reply)
        try:
            connection.send(LEADING_DOT.sub(b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
            code, reply = connection.getreply()
        except FAILURES as error:
            connection.close()
            raise InDoubt(f"the connection ended before the answer: {_spoken(error)}") from error
        if code != 250:
            raise self._refusal(connection, code, reply)
        self._keep(connection)
        return _text(reply)

    def close(self) -> None:
        """Say goodbye on every open connection."""
        with self._lock:
            connections, self._idle = [connection for _, connection in self._idle], []
        for connection in connections:
            try:
                connection.quit()
            except FAILURES:
                connection.close()

    def _with_envelope(self, sender: str, recipient: str) -> smtplib.SMTP:
        """A connection that has taken sender and recipient. Nothing is at stake yet, so a stale one is replaced."""
        kept = self._kept()
        if kept is not None:
            try:
                return self._address(kept, sender, recipient)
            except FAILURES:
                kept.close()
        fresh = self._connect()
        try:
            return self._address(fresh, sender, recipient)
        except smtplib.SMTPNotSupportedError as error:
            fresh.close()
            raise Refused("the mail server takes no addresses beyond ASCII") from error
        except FAILURES as error:
            fresh.close()
            raise NotNow(_spoken(error)) from error

    def _address(self, connection: smtplib.SMTP, sender: str, recipient: str) -> smtplib.SMTP:
        options = () if (sender + recipient).isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        code, reply = connection.mail(sender, options)
        if code == 250:
            code, reply = connection.rcpt(recipient)
        if code == 421:
            raise smtplib.SMTPServerDisconnected(_text(reply))
        if code not in (250, 251):
            raise self._refusal(connection, code, reply)
        return connection

    def _kept(self) -> smtplib.SMTP | None:
        with self._lock:
            used_at, connection = self._idle.pop() if self._idle else (0.0, None)
        if connection is None or monotonic() - used_at <= IDLE_SECONDS:
            return connection
        try:
            connection.rset()
        except FAILURES:
            connection.close()
            return None
        return connection

    def _keep(self, connection: smtplib.SMTP) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append((monotonic(), connection))
                return
        connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        connection = None
        try:
            connection = self._opened()
            if server.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except FAILURES as error:
            if connection is not None:
                connection.close()
            raise NotNow(f"the mail server {server.host}:{server.port} is not available: {_spoken(error)}") from error
        return connection

    def _opened(self) -> smtplib.SMTP:
        server, seconds = self._server, self._step_seconds
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=seconds)

    def _refusal(self, connection: smtplib.SMTP, code: int, reply: bytes) -> Refused | NotNow:
        """What a reply means; the connection is cleared for the next message, or closed."""
        try:
            usable = code != 421 and connection.rset()[0] == 250
        except FAILURES:
            usable = False
        if usable:
            self._keep(connection)
        else:
            connection.close()
        reason = f"{code} {_text(reply)}"
        return Refused(reason) if 500 <= code < 600 else NotNow(reason)


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace").strip()


def _spoken(error: BaseException) -> str:
    return str(error) or type(error).__name__
