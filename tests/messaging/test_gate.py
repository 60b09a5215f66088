"""The gate before every message: what it asks, in which order, and what it answers."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.crm import api as crm
from blueprints.crm.api import Choice, Evidence
from blueprints.messaging.gate.values import Decision
from blueprints.messaging.service import suppressions
from blueprints.messaging.service.gate import Envelope, decide
from shopbell import clock, ids
from tests.support.world import Shop

PHONE = "+8613800138000"
VIETNAMESE = "+84901234567"
SALE = "【明眸】春季八折，拒收请回复R"


@pytest.fixture
def customer(session: Session) -> UUID:
    return crm.remember(session, "王小明", PHONE, "ming@example.com")


@pytest.fixture
def envelope(now: datetime, customer: UUID, shop: Shop) -> Any:
    """Makes a message to the customer: envelope(purpose="reminder")."""

    def make(**changes: Any) -> Envelope:
        values: dict[str, Any] = {
            "id": ids.uuid7(),
            "channel": "sms",
            "purpose": "transactional",
            "template": "confirmation",
            "recipient": PHONE,
            "customer_id": customer,
            "branch_id": shop.branch_id,
            "locale": "zh-CN",
            "segments": 1,
            "cost_micros": 0,
            "expires_at": None,
            "created_at": now,
            "text": SALE,
        }
        return Envelope(**values | changes)

    return make


def asked(session: Session, *envelopes: Envelope, at: datetime | None = None) -> Decision:
    return decide(session, envelopes, at or clock.now())[envelopes[-1].id]


def agree(session: Session, customer: UUID, *, given: bool = True, purpose: str = "marketing") -> None:
    crm.say(session, customer, [Choice(purpose, "sms", given)], Evidence("preferences"))


def test_what_belongs_to_an_appointment_needs_no_consent(session: Session, envelope: Any) -> None:
    for purpose in ("code", "incident", "transactional", "reminder"):
        assert asked(session, envelope(purpose=purpose)).verdict == "send"


def test_advertising_needs_a_yes_and_ends_with_a_no(session: Session, envelope: Any, customer: UUID) -> None:
    assert asked(session, envelope(purpose="marketing")).reason == "no_consent"
    agree(session, customer)
    assert asked(session, envelope(purpose="marketing")).verdict == "send"
    agree(session, customer, given=False)
    assert asked(session, envelope(purpose="marketing")).reason == "withdrawn"
    assert asked(session, envelope(purpose="marketing", customer_id=None)).reason == "no_consent"


def test_a_channel_switched_off_is_respected_except_for_codes_and_closed_doors(
    session: Session, envelope: Any, customer: UUID
) -> None:
    agree(session, customer, given=False, purpose="reminder")
    assert asked(session, envelope(purpose="reminder")).reason == "switched_off"
    assert asked(session, envelope()).verdict == "send"
    agree(session, customer, given=False, purpose="transactional")
    assert asked(session, envelope()).reason == "switched_off"
    for purpose in ("code", "incident"):
        assert asked(session, envelope(purpose=purpose)).verdict == "send"


def test_a_reply_of_stop_ends_advertising_for_everybody_with_the_number(
    session: Session, envelope: Any, customer: UUID
) -> None:
    daughter = crm.remember(session, "王小小", PHONE)
    agree(session, customer)
    agree(session, daughter)
    assert suppressions.suppress(session, "sms", PHONE, "reply", "R", purpose="marketing")
    assert not suppressions.suppress(session, "sms", PHONE, "reply", "R", purpose="marketing")
    for person in (customer, daughter):
        assert Choice("marketing", "sms", given=False) in crm.choices(session, person)
    decision = asked(session, envelope(purpose="marketing"))
    assert [(one.name, one.reason) for one in decision.checks if not one.passed] == [
        ("consent", "withdrawn"),
        ("suppression", "suppressed"),
    ]
    assert asked(session, envelope(purpose="reminder")).verdict == "send"


def test_a_stop_for_everything_spares_what_was_asked_for(session: Session, envelope: Any) -> None:
    suppressions.suppress(session, "sms", PHONE, "reply", "STOP")
    assert asked(session, envelope()).reason == "suppressed"
    assert asked(session, envelope(purpose="code")).verdict == "send"


def test_nothing_at_all_goes_to_an_address_that_does_not_work(session: Session, envelope: Any) -> None:
    suppressions.suppress(session, "email", "Ming@Example.com", "bounce", "550 no such user")
    mail = {"channel": "email", "recipient": "ming@example.com"}
    assert asked(session, envelope(purpose="code", **mail)).reason == "suppressed"
    assert asked(session, envelope(purpose="code")).verdict == "send"
    assert suppressions.lift(session, "email", "ming@example.com", "hq", own_only=True) == 0
    assert suppressions.lift(session, "email", "ming@example.com", "hq") == 1
    assert asked(session, envelope(purpose="code", **mail)).verdict == "send"


def test_wanting_it_again_lifts_the_own_no_but_not_when_said_with_a_booking(
    session: Session, envelope: Any, customer: UUID
) -> None:
    suppressions.suppress(session, "sms", PHONE, "reply", "R", purpose="marketing")
    agree(session, customer)
    suppressions.wanted_again(session, customer, "sms", "booking")
    assert asked(session, envelope(purpose="marketing")).reason == "suppressed"
    suppressions.wanted_again(session, customer, "sms", "preferences")
    assert asked(session, envelope(purpose="marketing")).verdict == "send"


@pytest.mark.parametrize(
    ("recipient", "hour", "opens"),
    # In Shanghai: the branch's zone, whatever the number; the law is the number's.
    [
        (PHONE, 7, 8),
        (PHONE, 20, None),
        (PHONE, 21, 32),
        (VIETNAMESE, 7, None),
        (VIETNAMESE, 21, None),
        (VIETNAMESE, 6, 7),
    ],
)
def test_advertising_waits_for_the_hours_of_the_law(
    session: Session, envelope: Any, customer: UUID, recipient: str, hour: int, opens: int | None
) -> None:
    agree(session, customer)
    midnight = datetime(2026, 3, 2, tzinfo=UTC) - timedelta(hours=8)
    text = "[QC] Lumi giam 20%. Tu choi: soan TC" if recipient == VIETNAMESE else SALE
    decision = asked(
        session, envelope(purpose="marketing", recipient=recipient, text=text), at=midnight + timedelta(hours=hour)
    )
    assert decision.until == (midnight + timedelta(hours=opens) if opens else None)
    assert decision.verdict == ("later" if opens else "send")


def test_a_reminder_waits_for_the_morning_unless_the_visit_is_before(session: Session, envelope: Any) -> None:
    night = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    decision = asked(session, envelope(purpose="reminder", expires_at=night + timedelta(hours=12)), at=night)
    assert (decision.verdict, decision.until) == ("later", night + timedelta(hours=9))
    early = asked(session, envelope(purpose="reminder", expires_at=night + timedelta(hours=9)), at=night)
    assert (early.verdict, early.reason) == ("drop", "too_late")
    assert asked(session, envelope(), at=night).verdict == "send"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "【明眸】春季八折"}, "no_refusal"),
        ({"recipient": VIETNAMESE, "text": "Lumi giam 20%. Tu choi: soan TC"}, "no_label"),
        ({"channel": "email", "recipient": "a@b.cn", "subject": "春季", "text": "…"}, "no_consent"),
        ({"approval": "pending"}, "not_approved"),
        ({"approval": "refused", "purpose": "transactional"}, "template_refused"),
    ],
)
def test_what_is_missing_is_named(
    session: Session, envelope: Any, customer: UUID, changes: dict[str, Any], reason: str
) -> None:
    agree(session, customer)
    decision = asked(session, envelope(**{"purpose": "marketing"} | changes))
    assert (decision.verdict, decision.reason) == ("drop", reason)


def test_a_thousand_messages_take_as_many_queries_as_two(session: Session, envelope: Any, customer: UUID) -> None:
    def queries(amount: int) -> int:
        purposes = ("marketing", "reminder", "code", "transactional")
        costs = {"cost_micros": 45000, "currency": "CNY"}
        batch = [envelope(purpose=purposes[n % 4], recipient=f"+861380013{n:04}", **costs) for n in range(amount)]
        heard: list[str] = []

        def note(*given: Any) -> None:
            heard.append(given[2])

        event.listen(session.connection(), "before_cursor_execute", note)
        decide(session, batch, clock.now())
        event.remove(session.connection(), "before_cursor_execute", note)
        return len(heard)

    queries(4)
    assert queries(1000) == queries(4)
