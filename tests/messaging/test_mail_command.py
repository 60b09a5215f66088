"""`shopbell mail`: keys, the DNS, and what mail servers pipe in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from click.testing import CliRunner

from infra.commands import mail as command
from shopbell import dkim, own_mail, runtime
from shopbell.own_mail import BadMailSettings, OwnMail
from tests.support.names import Names


def test_a_key_is_printed_as_the_settings_take_it() -> None:
    said = CliRunner().invoke(command.mail, ["key", "2026a", "--algorithm", "ed25519"]).output
    pair = said.splitlines()[0].partition(": ")[2]
    (signer,) = own_mail.read({"SHOPBELL_DKIM_KEYS": pair}, "no-reply@shopbell.example", live=True).signers
    assert signer.record_name == "2026a._domainkey.shopbell.example"
    assert signer.record in said


@pytest.mark.parametrize("selector", ["", "a.b", "A", "-a"])
def test_a_selector_is_a_label(selector: str) -> None:
    assert CliRunner().invoke(command.mail, ["key", "--", selector]).exit_code == 2


@pytest.mark.parametrize(
    "env",
    [
        {"SHOPBELL_DKIM_KEYS": "x"},
        {"SHOPBELL_DKIM_KEYS": "x:secretive"},
        {"SHOPBELL_DKIM_KEYS_FILE": "/nowhere"},
        {"SHOPBELL_BOUNCE_DOMAIN": "nowhere"},
        {"SHOPBELL_SES_TOPICS": "arn:aws:sqs:eu-west-1:1:x"},
    ],
)
def test_wrong_settings_are_named_and_no_secret_is_told(env: dict[str, str]) -> None:
    with pytest.raises(BadMailSettings) as refused:
        own_mail.read(env, "a@b.example", live=True)
    assert next(iter(env)) in str(refused.value)
    assert "secretive" not in str(refused.value)


def test_production_takes_no_reports_without_a_secret() -> None:
    assert own_mail.read({}, "a@b.example", live=True) == OwnMail()


def test_what_receivers_find_is_shown(settings, database, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = dkim.Signer("shopbell.example", "s1", dkim.make("ed25519"))
    with Names() as names:
        names.texts |= {signer.record_name: [signer.record], "bounce.shopbell.example": ["v=spf1 mx -all"]}
        own = OwnMail((signer,), "bounce.shopbell.example")
        mine = replace(settings, dns_server=names.address, own_mail=own, mail_from="no-reply@shopbell.example")
        monkeypatch.setattr(command, "opened", opening(mine, database))
        done = CliRunner().invoke(command.mail, ["check"])
    assert done.exit_code == 1
    states = {line.split()[-1 if "MX" in line else 0] for line in done.output.splitlines()}
    assert "found" in done.output
    assert "missing        DMARC shopbell.example" in done.output
    assert states


def opening(settings, database):
    @contextmanager
    def opened() -> Iterator[tuple]:
        yield settings, database

    return opened


@pytest.mark.parametrize(("trouble", "code"), [(None, 67), (RuntimeError("anything"), 75)])
def test_mail_servers_are_told_by_their_own_codes(settings, database, monkeypatch, trouble, code) -> None:
    @contextmanager
    def opened() -> Iterator[tuple]:
        if trouble:
            raise trouble
        yield settings, database

    monkeypatch.setattr(command, "opened", opened)
    done = CliRunner().invoke(command.mail, ["take", "b@bounce.example"], input="Subject: hello\n\n")
    assert done.exit_code == code
    assert runtime.settings()
