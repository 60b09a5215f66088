"""What is read from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopbell.settings import BadSettings, Settings

NEEDED = {"DATABASE_URL": "postgresql://main/db", "REDIS_URL": "redis://r"}


def databases(text: str) -> dict[str, str]:
    return dict(Settings.load({**NEEDED, "SHOPBELL_DATABASES": text}).databases)


def test_without_any_there_is_main_alone():
    assert databases("") == {}


@pytest.mark.parametrize("between", [",", " ", ", ", "\n"])
def test_names_lead_to_addresses(between):
    found = databases(f"second=postgres://a,b/db?x=y{between}third=postgresql://c/db")
    assert found == {"second": "postgresql+psycopg://a,b/db?x=y", "third": "postgresql+psycopg://c/db"}


@pytest.mark.parametrize(
    "wrong", ["second", "Second=postgres://a/b", "main=postgres://a/b", "a=postgres://b,a=postgres://c"]
)
def test_what_cannot_be_is_refused_by_the_variables_name(wrong):
    with pytest.raises(BadSettings, match="SHOPBELL_DATABASES"):
        databases(wrong)


def test_a_name_server_is_an_address_with_its_port():
    assert Settings.load({**NEEDED, "SHOPBELL_DNS_SERVER": "192.0.2.53:53"}).dns_server == "192.0.2.53:53"
    with pytest.raises(BadSettings, match="SHOPBELL_DNS_SERVER"):
        Settings.load({**NEEDED, "SHOPBELL_DNS_SERVER": "dns.example"})


def test_chains_that_sign_up_have_limits_unless_the_operator_wants_none():
    assert dict(Settings.load(NEEDED).sign_up_limits) == {"branches": 3, "bookings": 1000, "messages": 1000}
    told = {"SHOPBELL_SIGN_UP_BRANCHES": "10", "SHOPBELL_SIGN_UP_MESSAGES": "unlimited"}
    found = Settings.load({**NEEDED, **told}).sign_up_limits
    assert found == (("branches", 10), ("bookings", 1000), ("messages", None))
    with pytest.raises(BadSettings, match="SHOPBELL_SIGN_UP_BOOKINGS"):
        Settings.load({**NEEDED, "SHOPBELL_SIGN_UP_BOOKINGS": "none"})


def test_accounts_for_text_messages_are_read_from_one_setting_or_its_file(tmp_path: Path) -> None:
    told = '[{"key": "cn", "provider": "alibaba", "prefixes": ["+86"], "prices": {"+86": 0.045}, "currency": "CNY"}]'
    (account,) = Settings.load({**NEEDED, "SHOPBELL_SMS_PROVIDERS": told}).sms_providers
    assert (account.price("+8613800138000"), account.price("+84901234567")) == (45_000, None)
    assert (account.serves("+8613800138000", "code"), account.serves("+84901234567", "code")) == (True, False)
    (tmp_path / "sms.json").write_text(told)
    found = Settings.load({**NEEDED, "SHOPBELL_SMS_PROVIDERS_FILE": str(tmp_path / "sms.json")})
    assert [one.key for one in found.sms_accounts] == ["twilio", "cn"]
    assert "secret" not in repr(found.sms_accounts).replace("secret_key", "")


def test_the_first_account_takes_replies_where_nobody_guesses_the_address() -> None:
    assert Settings.load({**NEEDED, "SHOPBELL_SMS_HOOK": "x" * 24}).sms_accounts[0].hook == "x" * 24
    with pytest.raises(BadSettings, match="SHOPBELL_SMS_HOOK needs 24"):
        Settings.load({**NEEDED, "SHOPBELL_SMS_HOOK": "short"})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("cn", "is not JSON"),
        ("{}", "must be a list"),
        ('[{"key": "CN", "provider": "alibaba"}]', "account CN: key must be like"),
        ('[{"key": "a", "provider": "pigeon"}]', "provider must be one of"),
        ('[{"provider": "smpp"}]', "account number 1"),
        ('[{"key": "a", "provider": "smpp", "colour": 1}]', "'colour' that is not known"),
        ('[{"key": "a", "provider": "smpp", "hook": "short"}]', "hook needs 24"),
        ('[{"key": "a", "provider": "smpp", "prices": {"+84": 1}}]', "currency must be like"),
        ('[{"key": "a", "provider": "smpp"}, {"key": "a", "provider": "sns"}]', "twice"),
    ],
)
def test_an_account_that_cannot_work_is_refused_by_its_member(told: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        Settings.load({**NEEDED, "SHOPBELL_SMS_PROVIDERS": told})
