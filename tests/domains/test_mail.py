"""Head office has e-mails sent from a domain of its own; what the DNS says decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints.domains import api, queries, service
from blueprints.domains.errors import KeyInUse
from blueprints.domains.models import MailKey
from shopbell import clock, dkim, mail_records, runtime
from shopbell.due import DueWork
from shopbell.mail_records import Finding
from shopbell.settings import Settings
from tests.support.names import Names

SignIn = Callable[..., FlaskClient]
PAGE = "/hq/domains/mail"
SENDER = {"domain": " Shop.NOVA.example ", "mailbox": "Hello"}
RIGHT, MISSING, AWAY = Finding("right"), Finding("missing"), Finding("unreachable")


@pytest.fixture
def office(sign_in_as: SignIn) -> FlaskClient:
    return sign_in_as("hq")


def key_names(session) -> list[str]:
    return [f"dkim:{selector}" for selector in session.scalars(select(MailKey.selector).order_by(MailKey.id))]


def when(session) -> list:
    return list(session.scalars(select(DueWork.run_at).where(DueWork.kind == service.CHECK)))


@pytest.mark.proves("T3")
def test_mail_comes_from_the_own_domain_once_the_key_is_found_and_no_more_when_it_is_gone(office, session):
    assert office.post(PAGE, data=SENDER).location == f"{PAGE}?done=chosen"
    assert api.mail_sender(session) is None
    page = office.get(f"{PAGE}?lang=en").text
    (name,) = key_names(session)
    for told in (f"{name[5:]}._domainkey.shop.nova.example", "v=DKIM1; k=rsa; p=", "_dmarc.shop.nova.example"):
        assert told in page
    assert "Not used yet" in page
    service.settle(session, {name: RIGHT, "dmarc": MISSING})
    sender = api.mail_sender(session)
    assert sender is not None
    assert sender.address == "hello@shop.nova.example"
    assert [one.record_name for one in sender.signers] == [f"{name[5:]}._domainkey.shop.nova.example"]
    page = office.get(f"{PAGE}?lang=en").text
    assert "E-mails come from here" in page
    assert "Not there yet" in page
    service.settle(session, {name: AWAY, "dmarc": AWAY})
    assert api.mail_sender(session) is not None
    service.settle(session, {name: MISSING, "dmarc": RIGHT})
    assert api.mail_sender(session) is None
    assert office.post(f"{PAGE}/removal").location == f"{PAGE}?done=given_up"
    assert queries.mail_view(session) is None
    assert when(session) == []


def test_records_are_looked_for_ever_less_often_and_daily_once_they_are_there(session):
    service.choose(session, "nova.example", "hello")
    (name,) = key_names(session)
    assert when(session) == [clock.now()]
    service.settle(session, {name: MISSING})
    assert when(session) == [clock.now() + timedelta(minutes=2)]
    service.settle(session, {name: RIGHT})
    assert when(session) == [clock.now() + timedelta(days=1)]


def test_a_key_is_changed_without_a_mail_that_nothing_signs(office, session):
    service.choose(session, "nova.example", "hello")
    office.post(f"{PAGE}/keys", data={"algorithm": "ed25519"})
    old, new = session.scalars(select(MailKey.id).order_by(MailKey.id)).all()
    first, second = key_names(session)
    service.settle(session, {first: RIGHT, second: MISSING})
    with pytest.raises(KeyInUse):
        service.remove_key(session, old)
    service.settle(session, {first: RIGHT, second: RIGHT})
    assert signers(session) == 2
    assert "k=ed25519" in office.get(PAGE).text
    assert office.post(f"{PAGE}/keys/{old}/removal").status_code == 303
    assert signers(session) == 1
    assert office.post(f"{PAGE}/keys/{old}/removal").status_code == 404
    assert office.post(f"{PAGE}/keys/{new}/removal").status_code == 409


def test_private_keys_lie_sealed(session):
    service.choose(session, "nova.example", "hello")
    row = session.scalars(select(MailKey)).one()
    assert row.private_key_sealed
    assert b"MII" not in row.private_key_sealed
    (signer,) = queries.signers(session).values()
    assert signer.record.startswith("v=DKIM1; k=rsa; p=")


@pytest.mark.parametrize(
    ("given", "named"),
    [({"domain": "nowhere"}, "domain"), ({"mailbox": "a b"}, "mailbox"), ({"mailbox": "a..b"}, "mailbox")],
)
def test_what_cannot_be_a_sender_is_said_at_its_field_and_nothing_is_lost(office, session, given, named):
    answer = office.post(f"{PAGE}?lang=en", data=SENDER | given)
    assert answer.status_code == 422
    assert f"{named}-err" in answer.text
    assert given[named] in answer.text
    assert queries.mail_view(session) is None


def test_only_those_who_may_change_domains_choose_the_sender(sign_in_as: SignIn, session):
    assert sign_in_as("manager").post(PAGE, data=SENDER).status_code == 403
    assert queries.mail_view(session) is None


@pytest.fixture
def names(settings: Settings) -> Iterator[Names]:
    with Names() as found:
        runtime.install(replace(settings, dns_server=found.address))
        yield found
        runtime.install(settings)


def test_a_look_compares_what_name_servers_say_with_the_keys(session, names: Names):
    service.choose(session, "shop.nova.example", "hello")
    wanted = queries.signers(session)
    (signer,) = wanted.values()
    names.texts["_dmarc.nova.example"] = ["v=DMARC1; p=reject"]
    key = f"dkim:{signer.selector}"
    for records, state in (
        ([], "missing"),
        (["v=DKIM1; p="], "other"),
        ([signer.record.replace("p=", "p= ")], "right"),
        (["something else", signer.record], "right"),
    ):
        names.texts[signer.record_name] = records
        found = service.found_of(wanted)
        assert {name: one.state for name, one in found.items()} == {key: state, "dmarc": "right"}
    service.settle(session, found)
    assert api.mail_sender(session) is not None


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ([], "missing"),
        (["v=spf10 all"], "missing"),
        (["v=spf1 include:nova.example -all"], "right"),
        (["v=spf1 a", "v=spf1 mx"], "other"),
        (["v=spf1 +all"], "other"),
    ],
)
def test_a_policy_on_senders_has_to_be_one_that_says_something(names: Names, texts: list[str], state: str):
    names.texts["nova.example"] = texts
    assert mail_records.spf("nova.example", names.address).state == state


@pytest.mark.parametrize(
    ("texts", "state"), [([], "missing"), (["v=DMARC1"], "other"), (["v=DMARC1; p=none"], "right")]
)
def test_a_policy_on_impostors_is_one_that_receivers_understand(names: Names, texts: list[str], state: str):
    names.texts["_dmarc.nova.example"] = texts
    assert mail_records.dmarc("nova.example", names.address).state == state


def test_name_servers_that_are_away_say_nothing():
    signer = dkim.Signer("nova.example", "s", dkim.make("ed25519"))
    nobody = "127.0.0.1:9"
    assert mail_records.dkim_key(signer, nobody).state == "unreachable"


def signers(session) -> int:
    sender = api.mail_sender(session)
    assert sender is not None
    return len(sender.signers)
