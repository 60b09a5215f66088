"""One conversation with a mail server: opened, perhaps encrypted, used for many messages.

smtplib speaks the protocol; what it lacks is here: commands that go out together where the server allows it (RFC 2920,
one way there and back instead of three), and the difference between a reply, a refusal and a doubt.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from time import monotonic

IDLE_SECONDS = 10.0
MOST_MESSAGES = 100
"""What many servers take in one session before they hang up."""
FAILURES = (smtplib.SMTPException, OSError)
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
GO_AHEAD = 354
CLOSING = 421


@dataclass(frozen=True)
class Reply:
    """A reply of the server: its code, and its words in one line for each of its lines."""

    code: int
    text: str


class Connection:
    """A connection that is open. Not safe between threads. What goes wrong on the network is raised as FAILURES."""

    def __init__(self, link: smtplib.SMTP) -> None:
        self._link = link
        self._carried = 0
        self._used_at = monotonic()
        self._clean = True
        self._pipelines = link.has_extn("pipelining")

    @staticmethod
    def opened(scheme: str, host: str, port: int, user: str, password: str, *, seconds: float) -> Connection:
        """Connect, greet, encrypt with a certificate that is checked (smtps, smtp+starttls), sign in with a user."""
        link = _connected(scheme, host, port, seconds)
        try:
            if scheme == "smtp+starttls":
                link.starttls(context=ssl.create_default_context())
            link.ehlo_or_helo_if_needed()
            if user:
                link.login(user, password)
        except FAILURES:
            link.close()
            raise
        return Connection(link)

    @property
    def reusable(self) -> bool:
        return self._clean and self._carried < MOST_MESSAGES

    def envelope(self, sender: str, recipient: str, size: int) -> Reply | None:
        """Say from whom and to whom, and that a message comes; None when the server waits for it, else its refusal."""
        commands = [
            f"MAIL FROM:<{sender}>{self._options(sender + recipient, size)}",
            f"RCPT TO:<{recipient}>",
            "DATA",
        ]
        replies = self._together(commands) if self._pipelines else self._in_turn(commands)
        if any(reply.code == CLOSING for reply in replies):
            raise smtplib.SMTPServerDisconnected(next(reply.text for reply in replies if reply.code == CLOSING))
        *before, last = replies
        refusal = next((reply for reply in before if reply.code not in (250, 251)), None)
        if refusal is None and len(replies) == len(commands) and last.code == GO_AHEAD:
            return None
        if last.code == GO_AHEAD:
            # It waits for a message to nobody: an empty one, which it refuses (RFC 2920, 3.1).
            self._link.send(b".\r\n")
            self._reply()
        self._reset()
        return refusal or last

    def data(self, raw: bytes) -> Reply:
        """The message itself, and what the server says of it. From the first byte on a failure is a doubt."""
        self._link.send(LEADING_DOT.sub(b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
        reply = self._reply()
        self._carried += 1
        self._used_at = monotonic()
        if reply.code != 250:
            self._reset()
        return reply

    def is_alive(self) -> bool:
        """Whether it can be used again; a server may have hung up on one that was idle."""
        if monotonic() - self._used_at <= IDLE_SECONDS:
            return True
        try:
            return self._link.rset()[0] == 250
        except FAILURES:
            return False

    def quit(self) -> None:
        """Say goodbye."""
        try:
            self._link.quit()
        except FAILURES:
            self._link.close()

    def close(self) -> None:
        self._link.close()

    def _options(self, addresses: str, size: int) -> str:
        options = f" SIZE={size}" if self._link.has_extn("size") else ""
        if addresses.isascii():
            return options
        if not self._link.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError("SMTPUTF8 is not offered")
        return f"{options} SMTPUTF8 BODY=8BITMIME"

    def _together(self, commands: list[str]) -> list[Reply]:
        self._say("\r\n".join(commands))
        return [self._reply() for _ in commands]

    def _in_turn(self, commands: list[str]) -> list[Reply]:
        """One by one, up to the first that is refused."""
        replies = []
        for command in commands:
            self._say(command)
            replies.append(self._reply())
            if replies[-1].code not in (250, 251):
                break
        return replies

    def _say(self, text: str) -> None:
        self._link.send(text.encode() + b"\r\n")

    def _reply(self) -> Reply:
        code, text = self._link.getreply()
        return Reply(code, text.decode("utf-8", "replace").strip())

    def _reset(self) -> None:
        try:
            self._clean = self._link.rset()[0] == 250
        except FAILURES:
            self._clean = False


def spoken(error: BaseException) -> str:
    """A failure in words."""
    return str(error) or type(error).__name__


def _connected(scheme: str, host: str, port: int, seconds: float) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=seconds)
