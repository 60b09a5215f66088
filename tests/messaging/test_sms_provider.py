"""The SMS contract, held against the telco simulator over real HTTP."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs
from uuid import uuid4

import pytest

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused
from blueprints.messaging.channels.sms.contract import Found, TextMessage
from blueprints.messaging.channels.sms.twilio import TwilioSms, is_genuine, signature
from infra.devtools.telco import stories
from infra.devtools.tools import DevTools
from infra.devtools.web import Request, Response, WebServer
from tests.messaging.conftest import ACCOUNT, SENDER, twilio, until

TO = "+84901234567"
CALLBACK = "http://127.0.0.1:9/hooks"
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)


def sent(sms: TwilioSms, number: str, body: str, callback: str = CALLBACK) -> str:
    """Hand a text over; returns its reference."""
    return sms.send(message(number, body, callback)).ref


def found_by(sms: TwilioSms, number: str, body: str, since: datetime) -> list[Found]:
    return sms.find(message(number, body), since)


def message(number: str, body: str, callback: str = CALLBACK) -> TextMessage:
    return TextMessage(uuid4(), number, body, "", callback)


def test_a_message_is_taken_with_a_reference(sms: TwilioSms, devtools: DevTools) -> None:
    ref = sent(sms, TO, "Hẹn gặp bạn lúc 14:30")
    (entry,) = devtools.telco.messages()
    assert entry["id"] == ref
    assert ref.startswith("SM")
    assert (entry["to"], entry["from"], entry["body"]) == (TO, SENDER, "Hẹn gặp bạn lúc 14:30")
    assert (entry["num_segments"], entry["encoding"]) == (1, "UCS-2")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
        ("not a number", 21211),
        ("", 21604),
        (SENDER, 21266),
    ],
)
def test_a_refusal_is_final_and_carries_the_providers_reason(sms: TwilioSms, number: str, code: int) -> None:
    with pytest.raises(Refused, match=rf"^{code} \S"):
        sent(sms, number, "x")


@pytest.mark.parametrize(("body", "code"), [("", 21602), ("x" * 1601, 21617)])
def test_a_text_the_provider_cannot_take_is_refused(sms: TwilioSms, body: str, code: int) -> None:
    with pytest.raises(Refused, match=rf"^{code} "):
        sent(sms, TO, body)


def test_wrong_credentials_are_our_fault_and_not_the_messages(devtools: DevTools) -> None:
    base = f"http://127.0.0.1:{devtools.ports['telco simulator']}"
    stranger = twilio(base, token="wrong")
    with pytest.raises(NotNow, match="20003 Authenticate"):
        sent(stranger, TO, "x")
    assert devtools.telco.messages() == []


def test_a_busy_provider_may_be_asked_again(sms: TwilioSms) -> None:
    for _ in range(2):
        with pytest.raises(NotNow, match="20429"):
            sent(sms, "+15005550029", "x")
    assert sent(sms, "+15005550029", "x")


def test_a_broken_answer_is_a_doubt_because_the_message_may_have_been_taken(sms: TwilioSms) -> None:
    with pytest.raises(InDoubt, match="20500"):
        sent(sms, "+15005550050", "x")


def test_a_connection_cut_before_the_answer_is_a_doubt_that_asking_settles(sms: TwilioSms) -> None:
    with pytest.raises(InDoubt):
        sent(sms, "+15005550060", "only once")
    (found,) = found_by(sms, "+15005550060", "only once", datetime.now(UTC) - timedelta(minutes=1))
    assert found.ref.startswith("SM")


def test_a_slow_answer_is_a_doubt(devtools: DevTools) -> None:
    base = f"http://127.0.0.1:{devtools.ports['telco simulator']}"
    hasty = twilio(base, step_seconds=0.2)
    devtools.telco.set_weather(latency_ms=600)
    with pytest.raises(InDoubt):
        sent(hasty, TO, "x")


def test_a_provider_that_is_away_leaves_no_doubt() -> None:
    nobody = twilio("http://127.0.0.1:9")
    with pytest.raises(NotNow, match="cannot be reached"):
        sent(nobody, TO, "x")


def test_asking_finds_the_text_for_the_number_over_several_pages(sms: TwilioSms) -> None:
    wanted = sent(sms, TO, "the one")
    sent(sms, "+84907654321", "the one")
    for number in range(60):
        sent(sms, TO, f"another {number}")
    assert [found.ref for found in found_by(sms, TO, "the one", BEFORE)] == [wanted]
    assert found_by(sms, TO, "never sent", BEFORE) == []
    assert found_by(sms, TO, "the one", datetime.now(UTC) + timedelta(minutes=6)) == []


@pytest.mark.parametrize(
    ("ours", "signed"),
    [
        ("https://lumi.example/hooks", "https://lumi.example:443/hooks"),
        ("http://lumi.localhost:8000/hooks", "http://lumi.localhost/hooks"),
    ],
)
def test_a_signature_counts_with_and_without_the_port(ours: str, signed: str) -> None:
    form = {"MessageSid": ["SM1"]}
    assert is_genuine("t", ours, form, signature("t", signed, form))


class Listener:
    """A callback address that keeps what it is told."""

    def __init__(self, *, failures: int = 0) -> None:
        self.failures = failures
        self.statuses: list[str] = []
        self.genuine: list[bool] = []
        self.server = WebServer("127.0.0.1", 0, self.answer)
        self.server.start()
        self.url = f"http://lumi.localhost:{self.server.port}/hooks/1"

    def answer(self, request: Request) -> Response:
        if self.failures:
            self.failures -= 1
            return Response(503)
        form = parse_qs(request.body.decode())
        self.statuses += form["MessageStatus"]
        self.genuine.append(is_genuine(ACCOUNT.token, self.url, form, request.headers["x-twilio-signature"]))
        return Response(204)


def test_receipts_come_signed_and_in_order(sms: TwilioSms) -> None:
    listener = Listener()
    sent(sms, TO, "x", listener.url)
    until(lambda: len(listener.statuses) == 3)
    listener.server.close()
    assert listener.statuses == ["queued", "sent", "delivered"]
    assert all(listener.genuine)


def test_a_receipt_nobody_took_is_repeated(sms: TwilioSms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "RETRY_AFTER_SECONDS", (0.1, 0.1, 0.1))
    listener = Listener(failures=2)
    sent(sms, TO, "x", listener.url)
    until(lambda: "delivered" in listener.statuses)
    listener.server.close()
    assert set(listener.statuses) == {"queued", "sent", "delivered"}


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        ("+15005550030", ["queued", "sent", "undelivered"]),
        ("+15005550031", ["queued", "failed"]),
        ("+15005550062", ["delivered", "sent", "queued", "delivered", "sent"]),
    ],
)
def test_numbers_that_misbehave_tell_their_own_story(sms: TwilioSms, number: str, statuses: list[str]) -> None:
    listener = Listener()
    sent(sms, number, "x", listener.url)
    until(lambda: len(listener.statuses) == len(statuses))
    listener.server.close()
    assert listener.statuses == statuses
