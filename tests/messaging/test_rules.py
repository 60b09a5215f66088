"""States, pauses, reminders and names."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.messaging import rules
from blueprints.messaging.channels.sms import alibaba, tencent, twilio
from blueprints.messaging.channels.sms.smpp import words as smpp

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@given(st.lists(st.sampled_from([*rules.REPORTED, "something_new"]), max_size=12), st.sampled_from(rules.STATES))
def test_receipts_in_any_order_only_ever_move_a_message_forward(statuses: list[str], state: str) -> None:
    for status in statuses:
        after = rules.after_receipt(state, status) or state
        assert rules.RANKS[after] >= rules.RANKS[state]
        if rules.RANKS[state] == 3:
            assert after == state
        state = after


@given(st.permutations(["sending", "sent", "delivered", "sent", "sending", "delivered"]))
def test_a_delivered_message_ends_delivered_whatever_the_order_of_its_receipts(statuses: list[str]) -> None:
    state = "sending"
    for status in statuses:
        state = rules.after_receipt(state, status) or state
    assert state == "delivered"


@pytest.mark.parametrize("status", ["sending", "sent"])
def test_any_receipt_settles_a_doubt(status: str) -> None:
    assert rules.after_receipt("unknown", status) == "sent"


def test_the_words_of_every_provider_are_known_to_the_rules() -> None:
    for words in (twilio.STATUSES, tencent.STATUSES, alibaba.STATES, smpp.STATES):
        assert set(words.values()) <= {*rules.REPORTED, ""}
    assert rules.after_receipt("sent", twilio.STATUSES["undelivered"]) == "failed"
    assert rules.after_receipt("sent", "undelivered") is None


def test_retries_wait_longer_and_longer_and_end() -> None:
    pauses = [rules.retry_pause(attempt) for attempt in range(1, len(rules.RETRY_SECONDS) + 1)]
    assert all(pause is not None for pause in pauses)
    assert pauses == sorted(pauses, key=lambda pause: pause or timedelta())
    assert rules.retry_pause(len(rules.RETRY_SECONDS) + 1) is None


def test_a_provider_is_asked_often_enough_to_be_sure_and_not_for_ever() -> None:
    assert len(rules.ASK_SECONDS) >= rules.MISSED_ENOUGH
    assert rules.ask_pause(len(rules.ASK_SECONDS)) is None


@pytest.mark.parametrize(
    ("template", "status", "ahead", "told"),
    [
        ("confirmation", "booked", 1, True),
        ("confirmation", "confirmed", 1, True),
        ("confirmation", "cancelled", 1, False),
        ("confirmation", "booked", -1, False),
        ("change", "cancelled", 1, False),
        ("reminder", "arrived", 1, False),
        ("cancellation", "cancelled", 1, True),
        ("cancellation", "booked", 1, False),
        ("cancellation", "cancelled", -1, False),
    ],
)
def test_nobody_is_told_of_what_is_past_or_undone(template: str, status: str, ahead: int, told: bool) -> None:
    assert rules.still_true(template, status, NOW + timedelta(hours=ahead), NOW) is told


def test_the_key_of_a_message_names_booking_template_channel_and_version() -> None:
    booking = UUID("01939c5e-0000-7000-8000-000000000001")
    keys = {
        rules.dedupe_key(booking, template, channel, version)
        for template in rules.OCCASIONS
        for channel in rules.CHANNELS
        for version in (0, 1)
    }
    assert len(keys) == 4 * len(rules.OCCASIONS)


@pytest.mark.parametrize("address", ["", "a", "@b.c", "a@", "a b@c.d", "a@b@c.d", "a@b.c\r\nBcc: x@y.z", "a@b.c\x00"])
def test_an_address_that_cannot_stand_in_an_envelope_is_no_address(address: str) -> None:
    assert not rules.address_fits(address)
