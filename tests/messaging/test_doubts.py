"""What is in doubt, refused, too much at once, or given up: what is chosen for it, and that it can be read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blueprints.messaging import rules
from blueprints.messaging.channels.sms.sns import SnsSms
from blueprints.messaging.errors import NothingToReplay
from blueprints.messaging.models import Message, MessageEvent
from blueprints.messaging.queries.undelivered import Cause
from blueprints.messaging.service import routes, undelivered
from blueprints.messaging.service.kinds import SEND
from infra.devtools.accounts import Accounts
from infra.devtools.tools import DevTools
from shopbell import clock, due, runtime
from shopbell.due import DueWork
from shopbell.sms_providers import SmsProvider
from tests.messaging.outside import Killed, book, installed, later, message
from tests.support.letters import new_message
from tests.support.world import Shop

LEASE = 61
NOBODY = "http://127.0.0.1:9"
RunJobs = Callable[[], int]

pytestmark = pytest.mark.usefixtures("outside")


@contextmanager
def accounts(*providers: SmsProvider) -> Iterator[None]:
    """Only these accounts, asked in this order."""
    with installed(replace(runtime.settings(), sms_account_sid="", sms_providers=providers)):
        routes.forget()
        yield
    routes.forget()


def steps(session: Session, message_id: object) -> list[tuple[str, str | None, str | None]]:
    """What happened to a message: kind, account, reason or what was chosen."""
    found = session.scalars(select(MessageEvent).where(MessageEvent.message_id == message_id).order_by(MessageEvent.id))
    words = ("reason", "answer", "why", "by")
    return [
        (one.kind, one.account, next((one.detail[word] for word in words if one.detail.get(word)), None))
        for one in found
    ]


def twilio(devtools: DevTools, key: str, base: str = "", position: int = 0) -> SmsProvider:
    known = Accounts().twilio
    base = base or f"http://127.0.0.1:{devtools.ports['telco simulator']}"
    return SmsProvider(key, "twilio", known.sid, known.token, "+15005550006", base, position=position)


def sns(devtools: DevTools) -> SmsProvider:
    known = Accounts().sns
    base = f"http://127.0.0.1:{devtools.ports['AWS SNS']}"
    return SmsProvider("sns", "sns", known.id, known.secret, "LUMI", base, options=(("region", "ap-southeast-1"),))


def in_doubt(session: Session, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run jobs in a process that is killed when Amazon has taken the first message."""
    send = SnsSms.send

    def dying(self: SnsSms, text: object) -> None:
        send(self, text)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as doomed:
        doomed.setattr(SnsSms, "send", dying)
        with pytest.raises(Killed):
            run_jobs()


def test_what_matters_to_a_visit_is_sent_once_more_where_nobody_can_be_asked(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(session, shop, email=None)
    with accounts(sns(outside)):
        in_doubt(session, run_jobs, monkeypatch)
        passed = LEASE
        for seconds in (0, rules.ASK_SECONDS[0]):
            passed += seconds
            with later(passed):
                run_jobs()
                assert (message(session, "sms").state, message(session, "sms").resends) == ("unknown", 0)
        with later(passed + rules.OVERHEAR_SECONDS):
            run_jobs()
    sms = message(session, "sms")
    assert (sms.state, sms.resends, sms.attempts) == ("sent", 1, 2)
    told = steps(session, sms.id)
    assert ("doubt", "sns", "stopped") in told
    assert ("resent", "sns", "cannot_ask") in told


def test_marketing_in_doubt_is_never_sent_again(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(session, shop, email=None)
    with accounts(sns(outside)):
        in_doubt(session, run_jobs, monkeypatch)
        session.execute(update(Message).values(purpose="marketing"))
        passed = 0
        for seconds in (LEASE, rules.ASK_SECONDS[0], rules.OVERHEAR_SECONDS, 3600):
            passed += seconds
            with later(passed):
                run_jobs()
    sms = message(session, "sms")
    assert (sms.state, sms.reason, sms.resends, sms.attempts) == ("unknown", "unsettled", 0, 1)
    assert steps(session, sms.id)[-1] == ("asked", "sns", "left")


def test_what_an_account_cannot_take_goes_by_another(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    book(session, shop, email=None)
    with accounts(twilio(outside, "away", NOBODY), twilio(outside, "there", position=1)):
        run_jobs()
    sms = message(session, "sms")
    assert (sms.state, sms.account) == ("sent", "there")
    assert "failed_over" in [kind for kind, account, _ in steps(session, sms.id) if account == "away"]


def test_a_doubt_is_never_failed_over(session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools) -> None:
    hangs_up = "+15005550060"
    with accounts(twilio(outside, "first"), twilio(outside, "second", position=1)):
        sms = queued(session, shop, hangs_up)
        run_jobs()
        first = session.get_one(Message, sms.id, populate_existing=True)
        assert first.state == "unknown"
        taken_by = first.account
        passed = 0
        for seconds in rules.ASK_SECONDS[:3]:
            passed += seconds
            with later(passed):
                run_jobs()
    settled = session.get_one(Message, sms.id, populate_existing=True)
    assert (settled.state in ("sent", "delivered"), settled.account) == (True, taken_by)
    assert len(outside.telco.messages(to=hangs_up)) == 1


def test_a_chain_sends_no_more_in_a_second_than_it_may_but_codes_go_at_once(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    with installed(replace(runtime.settings(), messages_per_second=2)):
        for number in range(5):
            queued(session, shop, f"+86139000000{number:02}")
        code = queued(session, shop, "+8613900000099", priority=due.WAITED_FOR)
        run_jobs()
    assert session.get_one(Message, code.id, populate_existing=True).state == "sent"
    assert len(outside.telco.messages()) == 3
    waiting = session.execute(select(DueWork.run_at, DueWork.attempts).where(DueWork.kind == SEND)).all()
    assert len(waiting) == 3
    assert {(run_at > clock.now(), attempts) for run_at, attempts in waiting} == {(True, 0)}


def test_what_was_given_up_can_be_tried_again_one_by_one_and_all_of_one_cause(
    session: Session, shop: Shop, run_jobs: RunJobs, outside: DevTools
) -> None:
    with accounts():
        one, *others = [queued(session, shop, f"+86139000000{number:02}") for number in range(3)]
        run_jobs()
    failed = session.scalars(select(Message.reason).where(Message.state == "failed")).all()
    assert failed == ["unroutable"] * 3
    undelivered.replay(session, one.id, "Mei")
    with pytest.raises(NothingToReplay):
        undelivered.replay(session, one.id, "Mei")
    assert undelivered.replay_all(session, Cause("sms", "unroutable"), None, "Mei") == len(others)
    run_jobs()
    assert len(outside.telco.messages()) == 3
    kinds = [kind for kind, _, _ in steps(session, one.id)]
    assert kinds == ["refused", "replayed", "decided", "attempt", "accepted"]


def queued(session: Session, shop: Shop, number: str, *, priority: int = due.ORDINARY) -> Message:
    """A text message, waiting to be sent."""
    sms = new_message(session, recipient=number, body=f"for {number} at {shop.tenant.slug}", priority=priority)
    due.schedule(session, SEND, str(sms.id), clock.now(), priority=priority)
    session.flush()
    return sms
