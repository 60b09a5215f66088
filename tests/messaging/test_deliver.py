"""Sending and settling, with real providers, at every point where the process may die."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from blueprints.messaging.channels.outcomes import InDoubt, NotNow
from blueprints.messaging.channels.sms.contract import Accepted, Capabilities, TextMessage
from blueprints.messaging.models import Message
from blueprints.messaging.rules import ASK_SECONDS, REPEAT_SECONDS
from blueprints.messaging.service import deliver, reporting
from blueprints.messaging.service.kinds import SEND
from blueprints.messaging.service.marking import Attempt, Way
from blueprints.messaging.service.reporting import Outcome
from infra.devtools.tools import DevTools
from shopbell import clock, due, ids, runtime
from shopbell.claims import Batch, Turn
from shopbell.due import Claimed
from shopbell.tenancy import TenantContext
from tests.messaging.outside import EMAIL, PHONE, Killed, book, die, installed, later, message, messages
from tests.support.database import RolledBackDatabase
from tests.support.letters import new_message
from tests.support.world import Shop

LEASE = 61
"""Seconds after which the work of a dead process is found again."""
RunJobs = Callable[[], int]

pytestmark = pytest.mark.usefixtures("outside")


def copies(devtools: DevTools, channel: str) -> int:
    """How many copies of the customer's messages the provider has."""
    if channel == "sms":
        return len(devtools.telco.messages(to=PHONE))
    return len(devtools.mailbox.listing(to=EMAIL))


def die_once(monkeypatch: pytest.MonkeyPatch, run_jobs: RunJobs, channel: str, *, after: bool) -> None:
    """Run jobs in a process that is killed at the first message of a channel."""
    with monkeypatch.context() as doomed:
        die(doomed, channel, after=after)
        with pytest.raises(Killed):
            run_jobs()


def test_a_message_goes_out_once_and_is_known_by_the_providers_reference(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    book(session, shop)
    run_jobs()
    run_jobs()
    sms, mail = message(session, "sms"), message(session, "email")
    (theirs,) = outside.telco.messages(to=PHONE)
    assert (sms.state, sms.provider_ref, sms.attempts, sms.sent_at) == ("sent", theirs["id"], 1, clock.now())
    assert theirs["body"] == sms.body
    assert theirs["callback"] == f"http://lumi-test.localhost:8000/hooks/twilio/{sms.id}"
    assert (mail.state, mail.attempts, mail.resends, mail.unknown_at) == ("sent", 1, 0, None)
    (letter,) = outside.mailbox.listing(to=EMAIL)
    assert letter["message_id"] == f"<{mail.id}@shopbell.localhost>"


class Provider:
    """An account that takes everything, or lets everybody wait in vain."""

    caps = Capabilities()

    def __init__(self, key: str, *, hangs: bool = False) -> None:
        self.key, self.hangs, self.asked = key, hangs, list[UUID]()

    def send(self, text: TextMessage) -> Accepted:
        self.asked.append(text.id)
        if self.hangs:
            Event().wait(0.2)
            raise InDoubt("no answer", reason="unavailable")
        return Accepted(str(text.id))


@pytest.mark.usefixtures("session")
def test_a_provider_that_hangs_holds_a_handful_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "HUNG_SECONDS", 0.1)
    hanging, well = Provider("hanging", hangs=True), Provider("well")
    accounts: list[Any] = [hanging] * (2 * deliver.HANDS) + [well] * 3
    attempts = []
    for one in accounts:
        text = {"id": ids.uuid7(), "recipient": PHONE, "body": "Hello", "purpose": "reminder", "segments": 1}
        content = SimpleNamespace(**text, encoding="GSM-7", attempts=0)
        row = Claimed(ids.uuid7(), ids.uuid7(), SEND, str(content.id), {}, 1, ids.uuid7())
        attempts.append(Attempt(row, ids.uuid7(), content, Way(one.key, 0, one)))
    outcomes = deliver.hand_over(attempts)
    assert len(hanging.asked) == deliver.HANDS
    troubles = [type(outcome.trouble) for outcome in outcomes if outcome.attempt.way.account == "hanging"]
    assert sorted(troubles, key=lambda kind: kind.__name__) == [InDoubt] * deliver.HANDS + [NotNow] * deliver.HANDS
    assert all(outcome.accepted for outcome in outcomes if outcome.attempt.way.account == "well")


@pytest.mark.parametrize("after", [True, False], ids=["after the provider took it", "before it was handed over"])
def test_an_sms_in_the_air_at_a_kill_is_unknown_until_the_provider_was_asked(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    book(session, shop, email=None)
    die_once(monkeypatch, run_jobs, "sms", after=after)
    assert message(session, "sms").state == "sending"
    with later(LEASE):
        run_jobs()
        sms = message(session, "sms")
        assert (sms.state, sms.unknown_at) == ("unknown", clock.now())
        for seconds in ASK_SECONDS[:2]:
            with later(seconds):
                run_jobs()
        with later(sum(ASK_SECONDS[:2])):
            run_jobs()
    sms = message(session, "sms")
    assert sms.state == "sent"
    assert copies(outside, "sms") == 1
    assert outside.telco.messages()[0]["id"] == sms.provider_ref
    assert (sms.attempts, sms.resends) == (1 if after else 2, 0)
    assert sms.unknown_at is not None


def test_an_sms_is_resent_only_after_it_was_missing_twice(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(session, shop, email=None)
    die_once(monkeypatch, run_jobs, "sms", after=False)
    with later(LEASE):
        run_jobs()
        with later(ASK_SECONDS[0]):
            run_jobs()
            assert message(session, "sms").state == "unknown"
    assert copies(outside, "sms") == 0


def test_while_the_provider_cannot_be_asked_an_sms_stays_unknown(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(session, shop, email=None)
    die_once(monkeypatch, run_jobs, "sms", after=True)
    away = replace(runtime.settings(), sms_api_base="http://127.0.0.1:9")
    with installed(away):
        passed = LEASE
        for seconds in (0, *ASK_SECONDS):
            passed += seconds
            with later(passed):
                run_jobs()
                assert message(session, "sms").state == "unknown"
    assert "a person has to decide" in str(message(session, "sms").provider_error)
    assert copies(outside, "sms") == 1


@pytest.mark.parametrize(("after", "delivered"), [(True, 2), (False, 1)])
def test_an_email_in_the_air_at_a_kill_goes_out_again_once_under_the_same_id(
    session: Session,
    shop: Shop,
    run_jobs: RunJobs,
    outside: DevTools,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,
    delivered: int,
) -> None:
    book(session, shop)
    die_once(monkeypatch, run_jobs, "email", after=after)
    with later(LEASE):
        run_jobs()
        assert message(session, "email").state == "unknown"
        assert copies(outside, "email") == delivered - 1
        with later(REPEAT_SECONDS):
            run_jobs()
    mail = message(session, "email")
    assert (mail.state, mail.resends, mail.attempts) == ("sent", 1, 2)
    assert copies(outside, "email") == delivered
    assert len({letter["message_id"] for letter in outside.mailbox.listing(to=EMAIL)}) == 1


def test_an_email_in_doubt_twice_is_left_for_everybody_to_see(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(session, shop)
    die_once(monkeypatch, run_jobs, "email", after=True)
    passed: float = LEASE
    with later(passed):
        run_jobs()
    passed += REPEAT_SECONDS
    with later(passed):
        die_once(monkeypatch, run_jobs, "email", after=True)
    for seconds in (LEASE, LEASE, REPEAT_SECONDS, 3600):
        passed += seconds
        with later(passed):
            run_jobs()
    mail = message(session, "email")
    assert (mail.state, mail.resends) == ("unknown", 1)
    assert "not sent a third time" in str(mail.provider_error)
    assert copies(outside, "email") == 2


def test_a_message_in_somebodys_hands_is_left_alone(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = book(session, shop, email=None)
    die_once(monkeypatch, run_jobs, "sms", after=True)
    key = str(message(session, "sms").id)
    due.schedule(session, SEND, key, clock.now())
    session.flush()
    with later(1):
        run_jobs()
        assert message(session, "sms").state == "sending"
    assert message(session, "sms").booking_id == made.id
    assert copies(outside, "sms") == 1


def test_who_reports_too_late_changes_nothing(
    session: Session,
    shop: Shop,
    run_jobs: RunJobs,
    outside: DevTools,
    database: RolledBackDatabase,
    tenant: TenantContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book(session, shop, email=None)
    die_once(monkeypatch, run_jobs, "sms", after=True)
    token = message(session, "sms").attempt_token
    with later(LEASE):
        run_jobs()
        sms = message(session, "sms")
        assert (sms.state, sms.attempt_token) == ("unknown", token)
        before = (sms.state, sms.provider_ref)
        row = Claimed(ids.uuid7(), tenant.id, SEND, str(sms.id), {}, 1, ids.uuid7())
        attempt = Attempt(row, ids.uuid7(), sms, Way("twilio", 0))
        batch = Batch(database, tenant, [row], timedelta(seconds=60), Turn(0.0))
        with database.transaction(tenant) as inner:
            reporting.report(inner, batch, [Outcome(attempt, Accepted("SM-late"))])
        assert (message(session, "sms").state, message(session, "sms").provider_ref) == before


@pytest.mark.parametrize(
    ("number", "reason"), [("+15005550001", "21211"), ("+15005550004", "21610"), ("+15005550009", "21614")]
)
def test_a_refused_number_fails_with_the_providers_reason(
    session: Session, shop: Shop, run_jobs: RunJobs, number: str, reason: str
) -> None:
    id_ = queued(session, shop, number)
    run_jobs()
    sms = found(session, id_)
    assert sms.state == "failed"
    assert str(sms.provider_error).startswith(reason)


@pytest.mark.parametrize(
    ("number", "attempts", "doubted"),
    [("+15005550029", 3, False), ("+15005550050", 2, True), ("+15005550060", 1, True)],
    ids=["busy twice", "answered 500", "took it and hung up"],
)
def test_trouble_that_passes_costs_time_and_no_copies(
    session: Session,
    shop: Shop,
    run_jobs: RunJobs,
    outside: DevTools,
    number: str,
    attempts: int,
    doubted: bool,
) -> None:
    id_ = queued(session, shop, number)
    passed = 0
    for seconds in (0, *range(1, 12)):
        passed += seconds
        with later(passed):
            run_jobs()
    sms = found(session, id_)
    assert (sms.state, sms.attempts, sms.unknown_at is not None) == ("sent", attempts, doubted)
    assert len(outside.telco.messages(to=number)) == 1


def test_a_provider_that_is_away_delays_messages_and_loses_none(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    book(session, shop)
    away = replace(runtime.settings(), sms_api_base="http://127.0.0.1:9", smtp_url="smtp://127.0.0.1:9")
    with installed(away):
        run_jobs()
    assert {(each.state, each.attempts) for each in messages(session)} == {("queued", 1)}
    assert all(
        "reached" in str(each.provider_error) or "available" in str(each.provider_error) for each in messages(session)
    )
    with later(5):
        run_jobs()
    assert {(each.state, each.attempts, each.provider_error) for each in messages(session)} == {("sent", 2, None)}
    assert (copies(outside, "sms"), copies(outside, "email")) == (1, 1)


def test_a_message_nobody_takes_is_given_up_with_the_reason(session: Session, shop: Shop, run_jobs: RunJobs) -> None:
    book(session, shop, email=None, starts_at=clock.now() + timedelta(days=20, hours=2))
    with installed(replace(runtime.settings(), sms_api_base="http://127.0.0.1:9")):
        for hours in range(0, 12):
            for minutes in (0, 1, 2, 10, 30):
                with later(hours=hours, minutes=minutes):
                    run_jobs()
    sms = message(session, "sms")
    assert sms.state == "failed"
    assert str(sms.provider_error).startswith("given up: ")


def test_a_message_that_comes_too_late_is_not_sent(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    made = book(session, shop, email=None)
    with installed(replace(runtime.settings(), sms_api_base="http://127.0.0.1:9")):
        run_jobs()
    with clock.frozen(made.starts_at):
        run_jobs()
    sms = message(session, "sms")
    assert (sms.state, sms.reason) == ("dropped", "too_late")
    assert copies(outside, "sms") == 0


def test_a_mailbox_that_does_not_exist_fails_and_one_that_waits_is_tried_again(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    book(session, shop, email="refused@example.com")
    book(session, shop, email="greylist@example.com", phone="+8613800138009")
    run_jobs()
    with later(120):
        run_jobs()
    by_recipient = {each.recipient: each for each in messages(session, channel="email")}
    assert by_recipient["refused@example.com"].state == "failed"
    assert str(by_recipient["refused@example.com"].provider_error).startswith("550")
    assert (by_recipient["greylist@example.com"].state, by_recipient["greylist@example.com"].attempts) == ("sent", 2)


def queued(session: Session, shop: Shop, number: str) -> UUID:
    """A message for a number no customer could have, waiting to be sent."""
    sms = new_message(session, recipient=number, body=f"for {number} at {shop.tenant.slug}")
    due.schedule(session, SEND, str(sms.id), clock.now())
    session.flush()
    return sms.id


def found(session: Session, id_: UUID) -> Message:
    session.expire_all()
    sms = session.get(Message, id_)
    assert sms is not None
    return sms
