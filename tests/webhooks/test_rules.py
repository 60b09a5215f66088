"""Signatures as others check them, and patience that ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from blueprints.webhooks import rules

AT = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_signature_is_the_one_that_standard_webhooks_publishes():
    # The example of the specification's reference implementations.
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    at = datetime.fromtimestamp(1614265330, UTC)
    found = rules.signature(secret, message_id, at, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_side_by_side():
    first, second = rules.new_secret(), rules.new_secret()
    headers = rules.headers((first, second), "msg_1", AT, b"{}")
    both = [rules.signature(secret, "msg_1", AT, b"{}") for secret in (first, second)]
    assert headers["webhook-signature"].split() == both
    assert headers["webhook-timestamp"] == str(int(AT.timestamp()))


def test_every_secret_is_its_own():
    assert len({rules.new_secret() for _ in range(100)}) == 100
    assert rules.new_secret().startswith("whsec_")


def test_tries_come_later_and_later_and_end_after_about_three_days():
    waits = []
    for attempts in range(1, 30):
        found = rules.next_try(attempts, AT, 0.5)
        if found is None:
            break
        waits.append(found - AT)
    assert waits == sorted(waits)
    assert timedelta(days=2.5) < sum(waits, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_tries_that_failed_together_are_spread(chance):
    found = rules.next_try(6, AT, chance)
    assert found is not None
    assert timedelta(minutes=48) <= found - AT <= timedelta(minutes=72)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.com/hook", True),
        ("https://example.com:8443/hook?x=1", True),
        ("http://example.com/hook", False),
        ("https://user:password@example.com/", False),
        ("https:///hook", False),
        ("ftp://example.com/", False),
        ("https://example.com/\nHost: x", False),
        ("https://example.com/#part", False),
        ("https://[::1", False),
        ("https://example.com/" + "x" * 3000, False),
    ],
)
def test_only_addresses_that_can_be_told_are_taken(url, good):
    assert rules.is_receiver(url, plain=False) is good
