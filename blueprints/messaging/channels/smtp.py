"""Mail over SMTP, with a connection that each thread keeps open between messages."""

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
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
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
        """Read `smtp+starttls://user:password@host:587`. Raises ValueError with a sentence."""
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
        self._kept = threading.local()

    def send(self, sender: str, recipient: str, raw: bytes) -> str:
        """Hand over one message and return the server's last reply. Raises Refused, NotNow or InDoubt."""
        connection = self._envelope(sender, recipient)
        try:
            code, reply = connection.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise NotNow(_spoken(error)) from error
        if code != 354:
            raise self._refusal(code, reply)
        try:
            connection.send(LEADING_DOT.sub(b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
            code, reply = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise InDoubt(f"the connection ended before the answer: {_spoken(error)}") from error
        if code != 250:
            raise self._refusal(code, reply)
        self._kept.used_at = monotonic()
        return _text(reply)

    def close(self) -> None:
        """Say goodbye on this thread's connection."""
        connection = getattr(self._kept, "connection", None)
        if connection is not None:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()
            self._kept.connection = None

    def _envelope(self, sender: str, recipient: str) -> smtplib.SMTP:
        """A connection that has taken sender and recipient. Nothing is at stake yet, so a stale one is replaced."""
        for fresh in (False, True):
            connection = self._connect() if fresh else self._usable()
            options = () if (sender + recipient).isascii() else ("SMTPUTF8", "BODY=8BITMIME")
            try:
                code, reply = connection.mail(sender, options)
                if code == 250:
                    code, reply = connection.rcpt(recipient)
            except smtplib.SMTPNotSupportedError as error:
                raise Refused("the mail server takes no addresses beyond ASCII") from error
            except (smtplib.SMTPException, OSError) as error:
                self._hang_up()
                if fresh:
                    raise NotNow(_spoken(error)) from error
                continue
            if code in (250, 251):
                return connection
            if code != 421 or fresh:
                raise self._refusal(code, reply)
            self._hang_up()
        raise NotNow("the mail server keeps closing the connection")

    def _usable(self) -> smtplib.SMTP:
        connection: smtplib.SMTP | None = getattr(self._kept, "connection", None)
        if connection is None or connection.sock is None:
            return self._connect()
        if monotonic() - self._kept.used_at > IDLE_SECONDS:
            try:
                connection.rset()
            except (smtplib.SMTPException, OSError):
                return self._connect()
        return connection

    def _connect(self) -> smtplib.SMTP:
        self._hang_up()
        server = self._server
        try:
            connection = self._opened()
            if server.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"the mail server {server.host}:{server.port} is not available: {_spoken(error)}") from error
        self._kept.connection = connection
        self._kept.used_at = monotonic()
        return connection

    def _opened(self) -> smtplib.SMTP:
        server, seconds = self._server, self._step_seconds
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=seconds)

    def _refusal(self, code: int, reply: bytes) -> Refused | NotNow:
        reason = f"{code} {_text(reply)}"
        connection = self._kept.connection
        try:
            if code == 421 or connection.rset()[0] != 250:
                self._hang_up()
        except (smtplib.SMTPException, OSError):
            self._hang_up()
        return Refused(reason) if 500 <= code < 600 else NotNow(reason)

    def _hang_up(self) -> None:
        connection = getattr(self._kept, "connection", None)
        if connection is not None:
            connection.close()
        self._kept.connection = None


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace").strip()


def _spoken(error: BaseException) -> str:
    return str(error) or type(error).__name__
