"""Conversations with mail servers that have habits of their own: aiosmtpd, told what to answer."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blueprints.messaging.channels import connection
from blueprints.messaging.channels.lanes import Lanes
from blueprints.messaging.channels.outcomes import NotNow, Refused
from blueprints.messaging.channels.smtp import Mailer, MailServer
from infra.devtools.mailbox import Listener
from tests.messaging.certificates import certificate

RAW = b"Subject: x\r\n\r\nx\r\n"
FROM = "shop@shopbell.example"


@dataclass
class Habits:
    """What a server offers and answers; and what it has seen: hosts that greeted, and who got a message."""

    offers: tuple[str, ...] = ()
    replies: dict[str, str] = field(default_factory=dict)
    most_in_a_session: int = 0
    greeted: int = 0
    got: list[str] = field(default_factory=list)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name, session.carried = hostname, 0
        self.greeted += 1
        return [*responses[:-1], *(f"250-{word}" for word in self.offers), responses[-1]]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.most_in_a_session and session.carried >= self.most_in_a_session:
            return "421 4.7.0 Too many messages in this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.replies.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        session.carried += 1
        self.got += envelope.rcpt_tos
        return self.replies.get("DATA", "250 OK")


@contextmanager
def serving(habits: Habits, scheme: str = "smtp", **options: object) -> Iterator[Mailer]:
    server = Listener(habits, "127.0.0.1", 0, **options)
    server.start()
    mailer = Mailer(MailServer.from_url(f"{scheme}://localhost:{server.port}"), step_seconds=3)
    try:
        yield mailer
    finally:
        mailer.close()
        server.close()


@pytest.fixture(params=[(), ("PIPELINING",)], ids=["in-turn", "together"])
def habits(request: pytest.FixtureRequest) -> Habits:
    return Habits(offers=request.param)


def test_a_refusal_has_a_reason_and_the_connection_serves_the_next_message(habits: Habits) -> None:
    habits.replies["gone@b.example"] = "550 5.1.1 No such user"
    with serving(habits) as mailer:
        with pytest.raises(Refused, match=r"550 5\.1\.1") as refused:
            mailer.send(FROM, "gone@b.example", RAW)
        mailer.send(FROM, "there@b.example", RAW)
    assert refused.value.reason == "no_such_address"
    assert habits.got == ["there@b.example"]
    assert habits.greeted == 1


def test_a_refused_message_is_refused_once(habits: Habits) -> None:
    habits.replies["DATA"] = "554 5.7.1 This looks like spam"
    with serving(habits) as mailer:
        with pytest.raises(Refused) as refused:
            mailer.send(FROM, "a@b.example", RAW)
        habits.replies.clear()
        mailer.send(FROM, "a@b.example", RAW)
    assert refused.value.reason == "spam"
    assert habits.greeted == 1


def test_commands_go_out_together_only_where_the_server_offers_it(
    habits: Habits, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    send = smtplib.SMTP.send

    def heard(self: smtplib.SMTP, text: bytes | str) -> None:
        said.append(text if isinstance(text, str) else text.decode())
        send(self, text)

    monkeypatch.setattr(smtplib.SMTP, "send", heard)
    with serving(habits) as mailer:
        mailer.send(FROM, "a@b.example", RAW)
    assert any("MAIL" in text and "DATA" in text for text in said) == bool(habits.offers)
    assert habits.got == ["a@b.example"]


def test_a_server_that_hangs_up_after_some_messages_loses_none(habits: Habits) -> None:
    habits.most_in_a_session = 2
    with serving(habits) as mailer:
        for number in range(5):
            mailer.send(FROM, f"{number}@b.example", RAW)
    assert len(habits.got) == 5
    assert habits.greeted == 3


def test_a_connection_says_goodbye_before_servers_have_had_enough(
    habits: Habits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_MESSAGES", 2)
    with serving(habits) as mailer:
        for number in range(4):
            mailer.send(FROM, f"{number}@b.example", RAW)
    assert habits.greeted == 2


def test_who_throttles_is_left_alone_and_others_are_not(habits: Habits) -> None:
    habits.replies["a@slow.example"] = "450 4.7.28 Rate limit exceeded"
    with serving(habits) as mailer:
        for _ in range(2):
            with pytest.raises(NotNow) as later:
                mailer.send(FROM, "a@slow.example", RAW)
            assert later.value.reason == "busy"
            assert later.value.retry_after > 0
        mailer.send(FROM, "a@quick.example", RAW)
    assert "slow down" in str(later.value)


def test_who_greylists_one_address_is_still_asked_for_others(habits: Habits) -> None:
    habits.replies["new@b.example"] = "451 4.7.1 Greylisted"
    with serving(habits) as mailer:
        with pytest.raises(NotNow) as later:
            mailer.send(FROM, "new@b.example", RAW)
        mailer.send(FROM, "old@b.example", RAW)
    assert (later.value.reason, later.value.retry_after) == ("greylisted", 60)


def test_addresses_beyond_ascii_need_a_server_that_takes_them(habits: Habits) -> None:
    with serving(habits) as mailer, pytest.raises(Refused, match="beyond ASCII"):
        mailer.send(FROM, "lan.nguyễn@b.example", RAW)
    with serving(habits, enable_SMTPUTF8=True) as mailer:
        mailer.send(FROM, "lan.nguyễn@b.example", RAW)
    assert habits.got == ["lan.nguyễn@b.example"]


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<x@y.example", "a b@c.example", ""])
def test_no_address_says_more_than_an_address(habits: Habits, address: str) -> None:
    with serving(habits) as mailer, pytest.raises(Refused):
        mailer.send(FROM, address, RAW)
    assert habits.greeted == 0


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    certificate(folder, "localhost")
    certificate(folder, "somebody.else.example")
    return folder


def context(folder: Path, name: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{name}.pem")
    return made


def test_with_starttls_mail_goes_to_whom_the_certificate_names(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    habits = Habits(offers=("PIPELINING",))
    monkeypatch.setenv("SSL_CERT_FILE", str(keys / "localhost.pem"))
    with serving(habits, "smtp+starttls", tls_context=context(keys, "localhost"), require_starttls=True) as mailer:
        mailer.send(FROM, "a@b.example", RAW)
    assert habits.got == ["a@b.example"]


@pytest.mark.parametrize(("trusted", "shown"), [("somebody.else.example", "localhost"), ("localhost", "")])
def test_without_a_certificate_to_trust_nothing_is_said(
    keys: Path, monkeypatch: pytest.MonkeyPatch, trusted: str, shown: str
) -> None:
    habits = Habits()
    monkeypatch.setenv("SSL_CERT_FILE", str(keys / f"{trusted}.pem"))
    options: dict[str, object] = {"tls_context": context(keys, shown)} if shown else {}
    with serving(habits, "smtp+starttls", **options) as mailer, pytest.raises(NotNow) as away:
        mailer.send(FROM, "a@b.example", RAW)
    assert away.value.reason == "unreachable"
    assert habits.got == []


def test_a_certificate_for_another_name_is_not_enough(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    habits = Habits()
    monkeypatch.setenv("SSL_CERT_FILE", str(keys / "somebody.else.example.pem"))
    options = {"tls_context": context(keys, "somebody.else.example")}
    with serving(habits, "smtp+starttls", **options) as mailer, pytest.raises(NotNow, match="not available"):
        mailer.send(FROM, "a@b.example", RAW)
    assert habits.got == []


def test_a_domain_takes_so_much_at_once_and_others_go_beside_it() -> None:
    lanes = Lanes(most=1)
    with lanes.lane("B.example"):
        with pytest.raises(NotNow) as later, lanes.lane("b.EXAMPLE"):
            pass
        with lanes.lane("c.example"):
            pass
    with lanes.lane("b.example"):
        pass
    assert later.value.retry_after > 0
