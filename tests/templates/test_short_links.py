"""Short links: they open one page of this chain for a while, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.messaging.models import Message, MessageEvent
from blueprints.messaging.service.compose import compose
from blueprints.templates.errors import UnknownShortLink
from blueprints.templates.links import beginning, host
from blueprints.templates.models import ShortLink
from blueprints.templates.service import short_links
from shopbell import clock, ids
from shopbell.sms_text import count
from shopbell.tenancy import TenantContext
from tests.messaging.outside import book, message
from tests.support.database import RolledBackDatabase
from tests.support.world import Shop

MESSAGE = ids.uuid7()


def short(session: Session, link: str, key: str = "a:reminder:sms:0") -> str:
    return short_links.shorten(session, link, key, MESSAGE, clock.now())


def test_a_link_is_short_and_leads_to_the_same_page(session: Session) -> None:
    link = f"{host()}/m/{'x' * 43}"
    found = short(session, link)
    assert len(found) == len(beginning()) + short_links.LENGTH
    assert short_links.follow(session, found.removeprefix(beginning())) == (f"/m/{'x' * 43}", MESSAGE)


def test_a_message_that_is_written_again_has_the_same_link(session: Session) -> None:
    link = f"{host()}/m/{'x' * 43}"
    assert short(session, link) == short(session, link)
    assert short(session, link, "b:reminder:sms:0") != short(session, link)
    assert len(session.scalars(select(ShortLink)).all()) == 2


@pytest.mark.parametrize(
    "path", ["//evil.example/x" + "x" * 40, ".evil.example/" + "x" * 40, "@evil.example/" + "x" * 40]
)
def test_nothing_leads_to_another_host(session: Session, path: str) -> None:
    for link in (host() + path, "https://evil.example/" + "x" * 60):
        assert short(session, link) == link
    assert session.scalars(select(ShortLink)).all() == []


def test_a_link_ends_and_is_forgotten(session: Session) -> None:
    code = short(session, f"{host()}/m/{'x' * 43}").removeprefix(beginning())
    with clock.frozen(clock.now() + short_links.AFTER):
        with pytest.raises(UnknownShortLink):
            short_links.follow(session, code)
        short_links.forget_old(session)
    assert session.scalars(select(ShortLink)).all() == []


def test_the_table_tells_neither_codes_nor_where_they_lead(session: Session) -> None:
    code = short(session, f"{host()}/m/{'x' * 43}").removeprefix(beginning())
    row = session.scalars(select(ShortLink)).one()
    assert code not in f"{row.code_hash}{row.target}"
    assert "xxx" not in row.target


def test_a_code_of_one_chain_opens_nothing_at_another(
    session: Session, other_tenant: TenantContext, database: RolledBackDatabase
) -> None:
    code = short(session, f"{host()}/m/{'x' * 43}").removeprefix(beginning())
    with database.transaction(other_tenant) as theirs, pytest.raises(UnknownShortLink):
        short_links.follow(theirs, code)


@pytest.mark.usefixtures("now")
def test_the_customer_gets_to_their_appointment_and_the_click_is_written_down(
    session: Session, shop: Shop, client: FlaskClient
) -> None:
    made = book(session, shop)
    compose(session, "confirmation", made.id, version=0)
    sms = session.scalars(select(Message).where(Message.channel == "sms")).one()
    path = message(session, "sms").body.rpartition(host())[2]
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/m/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(answer.headers["Location"]).status_code == 200
    kinds = session.scalars(select(MessageEvent.kind).where(MessageEvent.message_id == sms.id)).all()
    assert kinds == ["click"]


def test_a_code_that_is_none_is_a_page_that_says_so(client: FlaskClient, session: Session) -> None:
    for code in ("x", "A" * 11, "%00", "../../etc", "é" * 11):
        assert client.get(f"/s/{code}").status_code == 404


def test_it_saves_a_part_of_most_text_messages(session: Session, shop: Shop) -> None:
    """The address of a real chain is longer than that of a test."""
    made = book(session, shop)
    long = booking.manage_link(made.id, made.ends_at + timedelta(days=7))
    text = "Lumi Optik: booked for Wed 4 Mar 10:00, Comprehensive eye exam, Xintiandi. Change or cancel: {}"
    assert (count(text.format(long)).segments, count(text.format(short(session, long))).segments) == (2, 1)
