"""Every adapter keeps the one contract: the same fault at any provider comes out as the same outcome."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused
from blueprints.messaging.channels.sms.contract import CannotAsk, RefusedHere, SmsAccount
from infra.devtools.tools import DevTools
from tests.messaging.providers.conftest import text

Account = Callable[..., SmsAccount]
EVERY = ("twilio", "alibaba", "tencent", "sns", "smpp")
OTHERS = itertools.count()


def number(provider: str, ending: str = "2345678") -> str:
    """Another number at home for the provider each time, with one of the simulator's endings."""
    if provider in ("alibaba", "tencent"):
        return f"+861{next(OTHERS) % 30 + 350}{ending}"
    return f"+849{next(OTHERS) % 10}{ending}"


@pytest.mark.parametrize("provider", EVERY)
def test_a_message_is_taken_under_a_name(account: Account, simulator: DevTools, provider: str) -> None:
    message = text(provider, number(provider))
    assert account(provider).send(message).ref
    assert message.to in {entry["to"] for entry in simulator.telco.messages(dialect=provider)}


@pytest.mark.parametrize(
    ("provider", "ending", "reason"),
    [
        *((provider, "5550001", "bad_number") for provider in EVERY),
        ("twilio", "5550004", "opted_out"),
        ("tencent", "5550004", "opted_out"),
    ],
)
def test_what_is_about_the_recipient_is_final(account: Account, provider: str, ending: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        account(provider).send(text(provider, number(provider, ending)))
    assert not isinstance(caught.value, RefusedHere)
    assert caught.value.reason == reason


@pytest.mark.parametrize("provider", EVERY)
def test_where_one_account_has_no_way_another_may_have(account: Account, provider: str) -> None:
    with pytest.raises((RefusedHere, NotNow)):
        account(provider).send(text(provider, number(provider, "5550003")))


@pytest.mark.parametrize("provider", EVERY)
def test_a_busy_provider_is_asked_again(account: Account, provider: str) -> None:
    message = text(provider, number(provider, "5550029"), f"busy {provider}")
    for _ in range(2):
        with pytest.raises(NotNow) as caught:
            account(provider).send(message)
        assert caught.value.reason in ("too_fast", "limit")
    assert account(provider).send(message).ref


@pytest.mark.parametrize("provider", EVERY)
def test_an_answer_that_never_came_is_a_doubt(account: Account, provider: str) -> None:
    with pytest.raises(InDoubt):
        account(provider).send(text(provider, number(provider, "5550060"), f"swallowed by {provider}"))


@pytest.mark.parametrize("provider", ["twilio", "alibaba"])
def test_a_doubt_is_settled_by_asking(account: Account, provider: str) -> None:
    message = text(provider, number(provider, "5550060"), "only once")
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert account(provider).find(message, since) == []
    with pytest.raises(InDoubt):
        account(provider).send(message)
    (found,) = account(provider).find(message, since)
    assert found.ref
    assert found.status in ("sending", "sent", "delivered")


@pytest.mark.parametrize("provider", ["sns", "smpp"])
def test_one_that_cannot_be_asked_says_so(account: Account, provider: str) -> None:
    with pytest.raises(CannotAsk):
        account(provider).find(text(provider, number(provider)), datetime.now(UTC))


@pytest.mark.parametrize("provider", EVERY)
def test_wrong_credentials_are_our_fault_and_not_the_messages(account: Account, provider: str) -> None:
    with pytest.raises(NotNow) as caught:
        account(provider, secret="wrong").send(text(provider, number(provider)))
    assert caught.value.reason in ("account", "unavailable")


@pytest.mark.parametrize("provider", EVERY)
def test_a_provider_that_is_away_leaves_no_doubt(account: Account, provider: str) -> None:
    base = "127.0.0.1:9" if provider == "smpp" else "http://127.0.0.1:9"
    with pytest.raises(NotNow) as caught:
        account(provider, base=base).send(text(provider, number(provider)))
    assert caught.value.reason == "unavailable"


@pytest.mark.parametrize("provider", ["alibaba", "tencent"])
def test_a_template_that_is_not_approved_is_refused_by_this_account_only(account: Account, provider: str) -> None:
    with pytest.raises(RefusedHere) as caught:
        account(provider).send(text(provider, number(provider), templates={}))
    assert caught.value.reason == "template_refused"
    with pytest.raises(RefusedHere) as caught:
        account(provider).send(text(provider, number(provider, "5550010")))
    assert caught.value.reason == "template_refused"
