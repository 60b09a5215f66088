"""What an address and a password must be, and how long one waits."""

from datetime import UTC, datetime, timedelta

import pytest

from blueprints.access import rules
from shopbell import throttle

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("An@Example.com", "an@example.com"),
        ("  an@example.com ", "an@example.com"),
        ("nguyễn@ví-dụ.vn", "nguyễn@ví-dụ.vn"),
        ("an@localhost", "an@localhost"),
    ],
)
def test_an_address_has_one_form(typed: str, stored: str) -> None:
    assert rules.account_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "an", "an@", "@example.com", "an@@example.com", "a n@example.com", "an@example.com\0", "a" * 250 + "@b.cn"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert rules.account_email(typed) is None


def test_one_waits_for_the_oldest_attempt_that_counts() -> None:
    account, address = NOW - timedelta(minutes=14), NOW - timedelta(minutes=5)
    assert throttle.wait_until([account, address], NOW) == timedelta(minutes=10)
    assert throttle.wait_until([account, None], NOW) == timedelta(minutes=1)
    assert throttle.wait_until([None, None], NOW) is None
    assert throttle.wait_until([NOW - throttle.WINDOW], NOW) is None


def test_a_session_ends_by_idleness_and_in_any_case() -> None:
    made = NOW - timedelta(days=2)
    assert not rules.is_expired(NOW - timedelta(hours=11, minutes=59), made + rules.ABSOLUTE, NOW)
    assert rules.is_expired(NOW - timedelta(hours=12), made + rules.ABSOLUTE, NOW)
    assert rules.is_expired(NOW, NOW, NOW)


@pytest.mark.parametrize(
    ("scope", "good"), [("booking", True), ("crm.read", True), ("", False), ("a b", False), ("A", False)]
)
def test_a_scope_is_a_short_plain_word(scope: str, good: bool) -> None:
    assert rules.is_scope(scope) is good
