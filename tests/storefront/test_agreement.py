"""What is agreed, in sentences."""

from datetime import UTC, datetime, timedelta

import pytest

from blueprints.booking.api import Terms
from blueprints.storefront.agreement import Agreed
from shopbell import clock, i18n

START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SHANGHAI = clock.zone("Asia/Shanghai")


def said(terms: Terms, before: timedelta, **more: int) -> list[str]:
    with i18n.speaking("en"):
        return Agreed(terms, START, SHANGHAI, 20000, "CNY", **more).sentences(START - before)


DAY = timedelta(days=1)
BOTH = "You can move or cancel online until Wednesday, November 25, 2026 · 08:00."


def test_one_deadline_is_one_sentence():
    assert said(Terms(), DAY) == [BOTH]
    assert said(Terms(max_moves=3), DAY) == [BOTH, "You can move it 3 times."]
    assert said(Terms(max_moves=3), DAY, moves=2) == [BOTH, "You can move it once."]


def test_two_deadlines_are_two_sentences():
    assert said(Terms(cancel_minutes=240), DAY) == [
        "You can cancel online until Wednesday, November 25, 2026 · 06:00.",
        "You can move it online until Wednesday, November 25, 2026 · 08:00.",
    ]


def test_after_both_deadlines_only_a_call_helps():
    late = Agreed(Terms(), START, SHANGHAI, 20000, "CNY")
    assert late.must_call(START - timedelta(hours=1))
    assert not late.must_call(START - DAY)
    assert said(Terms(), timedelta(hours=1)) == ["This is soon: to move or cancel it, please call us."]


def test_what_is_over_is_a_call_and_the_other_still_goes():
    assert said(Terms(cancel_minutes=240), timedelta(hours=3)) == [
        "To cancel it, please call us.",
        "You can move it online until Wednesday, November 25, 2026 · 08:00.",
    ]
    assert said(Terms(max_moves=1), DAY, moves=1) == [
        "You can cancel online until Wednesday, November 25, 2026 · 08:00.",
        "To move it, please call us.",
    ]


@pytest.mark.proves("B3")
def test_what_it_may_cost_is_said_in_money():
    terms = Terms(late_cancel_percent=33, no_show_percent=100, no_show_after_minutes=20)
    assert said(terms, DAY, deposit_minor=5000)[1:] == [
        "Cancelling later costs CN¥66.00.",
        "If you do not come, that costs CN¥200.00.",
        "If you are more than 20 minutes late, we give your time away.",
        "A deposit of CN¥50.00 is due; you get it back if you cancel in time.",
    ]
    assert "It is too late to cancel free of charge: cancelling costs CN¥100.00." in said(
        Terms(late_cancel_percent=50, cancel_minutes=240), timedelta(hours=3)
    )
    assert said(Terms(late_cancel_percent=0), DAY)[1:] == [
        "Cancelling later costs nothing either, as long as you tell us."
    ]
