"""Texts that a chain, a region or a branch writes itself: what holds where, and how one gets back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.messaging.models import Message
from blueprints.messaging.service.compose import compose
from blueprints.templates.errors import BadText, TextChanged, UnknownTextVersion
from blueprints.templates.models import TemplateVersion
from blueprints.templates.queries import Spot, desk, holding, versions
from blueprints.templates.service import writing
from blueprints.templates.service.drawing import draw
from blueprints.templates.service.writing import TextInput
from tenants.settings.errors import SettingLocked
from tenants.settings.rules import THE_CHAIN, Path
from tenants.settings.store import Author
from tests.messaging.outside import book, message
from tests.support.world import Shop
from tests.templates.test_texts import FACTS

SPOT = Spot("reminder", "sms", "en")
MAIL = Spot("reminder", "email", "en")
CHAIN: Path = (THE_CHAIN,)
AN = Author(None, "An")
TAIL = " {{ day_short }} {{ time }} {{ link }}"


def branch(session: Session, shop: Shop) -> Path:
    return catalog.path_of(catalog.branch(session, shop.branch_id))


def publish(session: Session, path: Path, words: str, spot: Spot = SPOT, **more: bool) -> UUID:
    typed = TextInput({"sms": words + TAIL}, **more)
    return writing.publish(session, path, spot, typed, AN, desk(session, path, spot).seal)


def said(session: Session, shop: Shop, locale: str = "en") -> str:
    return draw(session, "reminder", locale, FACTS, shop.branch_id).texts.sms


def test_the_products_text_holds_until_somebody_writes_another(session: Session, shop: Shop) -> None:
    before = said(session, shop)
    assert before.startswith("Lumi Optik: see you")
    publish(session, CHAIN, "Hello from {{ chain }}")
    assert said(session, shop).startswith("Hello from Lumi Optik Tue 24 Nov 14:30 https://")
    assert said(session, shop, "vi") == draw(session, "reminder", "vi", FACTS).texts.sms
    writing.take_over(session, CHAIN, SPOT, AN)
    assert said(session, shop) == before


def test_a_branch_has_its_own_words_and_takes_over_the_chains_again(session: Session, shop: Shop) -> None:
    publish(session, CHAIN, "Chain")
    version = publish(session, branch(session, shop), "Branch")
    assert said(session, shop).startswith("Branch")
    assert draw(session, "reminder", "en", FACTS).texts.sms.startswith("Chain")
    assert draw(session, "reminder", "en", FACTS, shop.branch_id).versions == {"sms": version}
    writing.take_over(session, branch(session, shop), SPOT, AN)
    assert said(session, shop).startswith("Chain")


def test_what_the_chain_locks_no_branch_can_change(session: Session, shop: Shop) -> None:
    publish(session, branch(session, shop), "Branch")
    publish(session, CHAIN, "Chain", locked=True)
    assert said(session, shop).startswith("Chain")
    with pytest.raises(SettingLocked):
        publish(session, branch(session, shop), "Branch again")
    assert holding(session, branch(session, shop), [SPOT])[SPOT].locked_by


def test_a_draft_is_read_by_nobody_and_becomes_the_version(session: Session, shop: Shop) -> None:
    seal = desk(session, CHAIN, SPOT).seal
    draft = writing.save_draft(session, CHAIN, SPOT, TextInput({"sms": "Draft" + TAIL}), AN, seal)
    assert not said(session, shop).startswith("Draft")
    assert desk(session, CHAIN, SPOT).parts["sms"].startswith("Draft")
    assert publish(session, CHAIN, "Draft") == draft
    assert desk(session, CHAIN, SPOT).draft is None
    writing.discard(session, CHAIN, SPOT)
    assert said(session, shop).startswith("Draft")


def test_nobody_overwrites_what_they_have_not_seen(session: Session) -> None:
    seal = desk(session, CHAIN, SPOT).seal
    publish(session, CHAIN, "Somebody else's")
    with pytest.raises(TextChanged):
        writing.publish(session, CHAIN, SPOT, TextInput({"sms": "Mine" + TAIL}), AN, seal)


def test_an_earlier_version_is_said_again_under_its_own_id(session: Session, shop: Shop) -> None:
    first = publish(session, CHAIN, "First")
    publish(session, CHAIN, "Second")
    writing.restore(session, CHAIN, first, AN)
    assert said(session, shop).startswith("First")
    found, total = versions(session, THE_CHAIN, SPOT, 0, 10)
    assert (total, {one.author for one in found}) == (2, {"An"})
    with pytest.raises(UnknownTextVersion):
        writing.restore(session, branch(session, shop), first, AN)


def test_the_database_lets_nobody_change_what_was_published(session: Session) -> None:
    version = publish(session, CHAIN, "First")
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(update(TemplateVersion).where(TemplateVersion.id == version).values(parts={"sms": "x"}))


def test_a_bad_text_is_refused_and_nothing_is_kept(session: Session) -> None:
    with pytest.raises(BadText) as refused, session.begin_nested():
        writing.publish(session, CHAIN, SPOT, TextInput({"sms": "{{ nothing }}"}), AN, desk(session, CHAIN, SPOT).seal)
    assert set(refused.value.fields) == {"sms"}
    assert session.scalars(select(TemplateVersion)).all() == []


def test_an_email_has_the_chains_words_in_the_products_frame(session: Session, shop: Shop) -> None:
    parts = {"subject": "Soon: {{ service }}", "heading": "Hi {{ customer }}", "lead": "One\ntwo", "closing": "<Bye>"}
    writing.publish(session, CHAIN, MAIL, TextInput(parts), AN, desk(session, CHAIN, MAIL).seal)
    drawn = draw(session, "reminder", "en", replace(FACTS, customer="A & B"), shop.branch_id).texts
    assert drawn.subject == "Soon: Eye exam"
    assert "Hi A &amp; B" in drawn.html
    assert "One<br>two" in drawn.html
    assert "&lt;Bye&gt;" in drawn.html
    assert "Hi A & B" in drawn.text
    assert "One\ntwo" in drawn.text
    assert "When: " in drawn.text
    assert "{" not in drawn.text


def test_vietnamese_without_accents_takes_one_part_instead_of_two(session: Session, shop: Shop) -> None:
    spot = Spot("reminder", "sms", "vi")
    long = "Lumi xin nhắc bạn: hẹn {{ service }} với {{ person }} tại {{ branch_short }}. Cảm ơn"
    publish(session, CHAIN, long, spot)
    accented = draw(session, "reminder", "vi", FACTS, shop.branch_id).texts
    publish(session, CHAIN, long, spot, plain=True)
    plain = draw(session, "reminder", "vi", FACTS, shop.branch_id).texts
    assert (accented.sms_length.encoding, plain.sms_length.encoding) == ("UCS-2", "GSM-7")
    assert plain.sms_length.segments < accented.sms_length.segments


def test_a_message_names_the_version_its_words_are_from(session: Session, shop: Shop) -> None:
    spot = replace(SPOT, name="confirmation")
    version = publish(session, branch(session, shop), "Booked!", spot)
    made = book(session, shop, locale="en")
    compose(session, "confirmation", made.id, version=0)
    rows = {row.channel: row.template_version_id for row in session.scalars(select(Message))}
    assert rows == {"sms": version, "email": None}
    assert message(session, "sms").body.startswith("Booked!")


def test_a_text_says_when_the_products_own_has_changed_since(session: Session) -> None:
    version = publish(session, CHAIN, "First")
    found = desk(session, CHAIN, SPOT).holding.version
    assert found is not None
    assert found.id == version
    assert not found.is_behind
    assert replace(found, default_digest="of an earlier release").is_behind
