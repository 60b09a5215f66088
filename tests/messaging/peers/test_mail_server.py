"""Our mailer against aiosmtpd's own server, with answers that are scripted for each step of a conversation."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused, Trouble
from blueprints.messaging.channels.smtp import Mailer, MailServer

RAW = b"Subject: x\r\n\r\nx\r\n"
LONG = "250-first of several lines\r\n250 2.0.0 taken"
HANG_UP = "hang up"


class Script:
    """Answers by step; a step that is not in it is answered as the server would by itself."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._said(server, "MAIL", "250 2.1.0 ok")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._said(server, "RCPT", "250 2.1.5 ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken += 1
        return self._said(server, "DATA", "250 2.0.0 taken")

    def _said(self, server: SMTP, step: str, otherwise: str) -> str:
        answer = self.answers.get(step, otherwise)
        if answer == HANG_UP:
            transport: Any = server.transport
            transport.abort()
        return answer


@pytest.fixture(scope="module")
def script() -> Iterator[tuple[Script, int]]:
    script = Script()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(script, hostname="127.0.0.1", port=port)
    controller.start()
    yield script, port
    controller.stop()


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", "421 4.3.2 shutting down", NotNow),
        ("MAIL", "451 4.3.0 not now", NotNow),
        ("MAIL", "550 5.7.1 sender rejected", Refused),
        ("RCPT", "421 4.7.0 too many connections", NotNow),
        ("RCPT", "450 4.2.1 mailbox busy", NotNow),
        ("RCPT", "452 4.2.2 mailbox full", NotNow),
        ("RCPT", "550 5.1.1 no such user", Refused),
        ("RCPT", "551 5.1.6 moved", Refused),
        ("RCPT", "553 5.1.3 bad address", Refused),
        ("DATA", "451 4.7.1 greylisted", NotNow),
        ("DATA", "452 4.3.1 out of storage", NotNow),
        ("DATA", "550 5.7.1 spam", Refused),
        ("DATA", "552 5.3.4 too big", Refused),
        ("DATA", "554 5.6.0 unacceptable", Refused),
        ("RCPT", HANG_UP, NotNow),
        ("DATA", HANG_UP, InDoubt),
    ],
)
def test_every_answer_is_taken_for_what_it_is_and_the_next_mail_goes_through(
    script: tuple[Script, int], step: str, answer: str, outcome: type[Trouble]
) -> None:
    answers, port = script
    mailer = Mailer(MailServer.from_url(f"smtp://127.0.0.1:{port}"), step_seconds=3)
    answers.answers, answers.taken = {step: answer}, 0
    with pytest.raises(outcome):
        mailer.send("from@shop.example", "to@customer.example", RAW)
    assert answers.taken == (1 if step == "DATA" else 0)
    answers.answers = {"DATA": LONG}
    assert "taken" in mailer.send("from@shop.example", "to@other.example", RAW)
    mailer.close()
