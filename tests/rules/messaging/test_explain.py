"""Decisions in sentences that somebody at the front desk may read out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from blueprints.messaging.gate.checks import Standing, Word, before_counting
from blueprints.messaging.gate.counting import Purse, Tally
from blueprints.messaging.gate.explain import explain
from blueprints.messaging.gate.laws import DAY, Cap, law_of
from blueprints.messaging.gate.stops import Stop
from blueprints.messaging.gate.values import Check, Envelope, decided
from shopbell import clock, i18n

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
SHANGHAI = clock.zone("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whatever language an earlier test's visitor spoke."""
    with i18n.speaking("en"):
        yield


def envelope(purpose: str = "marketing", text: str = "春季八折，拒收请回复R") -> Envelope:
    return Envelope(
        UUID(int=1), "sms", purpose, "sale", "+8613800138000", None, None, "zh-CN", 1, 45000, None, NOW, "CNY", "", text
    )


def told(message: Envelope, standing: Standing, *more: Check) -> list[str]:
    return explain(decided(message, [*before_counting(message, standing, NOW), *more]).as_detail(), SHANGHAI)


def test_advertising_in_the_evening_waits_for_the_morning() -> None:
    said = Word(True, NOW - timedelta(days=20), "booking")
    assert told(envelope(), Standing(law_of("CN"), SHANGHAI, word=said)) == [
        "It waits until March 3, 2026, 08:00.",
        "It was 22:30 there; in China it may be sent between 08:00 and 21:00.",
        "The customer said yes to advertising by SMS on February 10, 2026, while booking.",
    ]


def test_what_stood_against_it_is_said_first() -> None:
    stop = Stop("marketing", "reply", NOW - timedelta(days=1))
    sentences = told(envelope(text="春季八折"), Standing(law_of("CN"), SHANGHAI, stops=[stop]))
    assert sentences == [
        "It is not sent.",
        "The customer has not agreed to advertising.",
        "Somebody answered from this address that they want no more. That was on March 1, 2026.",
        "It was 22:30 there; in China it may be sent between 08:00 and 21:00.",
        "It does not say at its end how to refuse more of it.",
    ]


@pytest.mark.parametrize(
    ("purpose", "sentence"),
    [
        ("code", "The customer asked for it."),
        ("incident", "Nobody shall stand before a closed door: that is told to everybody."),
        ("reminder", "It belongs to an appointment, and needs no consent."),
    ],
)
def test_each_purpose_says_what_it_rests_on(purpose: str, sentence: str) -> None:
    assert told(envelope(purpose), Standing(law_of("CN"), SHANGHAI)) == [
        "Nothing stood against sending it.",
        sentence,
    ]


def test_caps_and_budgets_are_told_in_figures() -> None:
    standing = Standing(law_of(""), SHANGHAI, word=Word(True, NOW, "counter"))
    full = Tally.of([((1, "sms", "marketing"), NOW)]).check(envelope(), (1, "sms", "marketing"), [Cap(1, DAY)], NOW)
    empty = Purse("CNY", 100_000_000, 99_990_000).check(envelope(), stops=True)
    sentences = told(envelope(), standing, full, empty)
    assert "At most 1 of this kind is sent within a day." in sentences
    assert "The branch's budget for messages is used up: CN¥99.99 of CN¥100.00." in sentences


def test_a_check_of_another_release_is_passed_over() -> None:
    detail = {
        "verdict": "send",
        "reason": "",
        "until": None,
        "checks": [{"check": "moon", "passed": True, "detail": {}}],
    }
    assert explain(detail, SHANGHAI) == ["Nothing stood against sending it."]
