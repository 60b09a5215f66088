"""Texts at providers that send no free text: approval, and who stands in until it is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from blueprints.templates.defaults import default_digest, default_parts
from blueprints.templates.errors import BadStep, BadText
from blueprints.templates.links import beginning
from blueprints.templates.queries import Asked, Coded, approvals_of, codes, version
from blueprints.templates.service import approving
from blueprints.templates.service.approving import Text, Verdict, take_verdict
from shopbell import ids
from tenants.settings.rules import THE_CHAIN
from tests.support.world import Shop
from tests.templates.test_writing import AN, CHAIN, SPOT, branch, publish

ALIBABA, TENCENT = "alibaba", "tencent"
VALUES = {"chain": "Lumi", "day_short": "Tue 24 Nov", "time": "14:30", "service": "Exam", "branch_short": "Xuhui"}


def asked(version_id: UUID | None, shop: Shop | None = None) -> Asked:
    values = {**VALUES, "link": beginning() + "abcdefghjk2"}
    return Asked(ids.uuid7(), "reminder", "en", shop.branch_id if shop else None, version_id, values)


def own(session: Session, version_id: UUID) -> Text:
    found = version(session, version_id)
    return Text(SPOT, found.digest, found.parts["sms"], found.plain)


def default() -> Text:
    return Text(SPOT, default_digest("reminder", "sms", "en"), default_parts("reminder", "sms", "en")["sms"])


def approve(session: Session, text: Text, code: str, account: str = ALIBABA) -> None:
    approving.record(session, account, "named", text, Verdict("submitted", code), AN)
    assert take_verdict(session, account, code, "approved")


def first(session: Session, one: Asked, account: str = ALIBABA) -> Any:
    return codes(session, [one], [ALIBABA, TENCENT])[one.id].get(account)


def test_without_an_approved_text_there_is_none_to_send(session: Session) -> None:
    assert first(session, asked(None)) is None
    approving.record(session, ALIBABA, "named", default(), Verdict("submitted", "SMS_1"), AN)
    assert first(session, asked(None)) is None


def test_an_approved_text_is_sent_by_its_code_with_its_variables_in_order(session: Session) -> None:
    made = publish(session, CHAIN, "{{ chain }}:")
    approve(session, own(session, made), "SMS_1")
    coded = first(session, asked(made))
    assert coded == Coded(
        "SMS_1",
        (("chain", "Lumi"), ("day_short", "Tue 24 Nov"), ("time", "14:30"), ("link_code", "abcdefghjk2")),
        f"Lumi: Tue 24 Nov 14:30 {beginning()}abcdefghjk2",
        made,
    )
    assert first(session, asked(made), TENCENT) is None


def test_an_approved_neighbour_stands_in_for_a_text_that_waits(session: Session, shop: Shop) -> None:
    approve(session, default(), "SMS_0")
    old = publish(session, CHAIN, "Old")
    new = publish(session, CHAIN, "New")
    mine = publish(session, branch(session, shop), "Mine")
    assert first(session, asked(mine, shop)).code == "SMS_0"
    approve(session, own(session, old), "SMS_1")
    assert first(session, asked(new)).version_id == old
    assert first(session, asked(mine, shop)).code == "SMS_1"
    approve(session, own(session, new), "SMS_2")
    assert first(session, asked(mine, shop)).version_id == new
    approve(session, own(session, mine), "SMS_3")
    assert first(session, asked(mine, shop)).code == "SMS_3"
    assert first(session, asked(None, shop)).code == "SMS_0"


def test_what_a_provider_takes_back_is_no_longer_sent(session: Session) -> None:
    made = publish(session, CHAIN, "First")
    approve(session, own(session, made), "SMS_1")
    assert take_verdict(session, ALIBABA, "SMS_1", "rejected", "Not your name")
    assert first(session, asked(made)) is None
    found = approvals_of(session, [own(session, made).digest])[ALIBABA, own(session, made).digest]
    assert (found.state, found.reason, found.variables) == (
        "rejected",
        "Not your name",
        ["day_short", "time", "link_code"],
    )


def test_equal_words_share_their_approval_wherever_they_are_said(session: Session, shop: Shop) -> None:
    made = publish(session, CHAIN, "Same")
    approve(session, own(session, made), "SMS_1")
    copied = publish(session, branch(session, shop), "Same")
    assert first(session, asked(copied, shop)).version_id == copied


def test_words_without_accents_are_another_text(session: Session) -> None:
    made = publish(session, CHAIN, "Hẹn", plain=True)
    text = own(session, made)
    assert approving.submission_of(text, "positional").body == f"Hen {{1}} {{2}} {beginning()}{{3}}"
    approve(session, text, "SMS_1")
    assert first(session, asked(made)).body.startswith("Hen Tue")
    accented = publish(session, CHAIN, "Hẹn")
    assert first(session, asked(accented)).version_id == made


def test_only_steps_that_follow_are_taken(session: Session) -> None:
    assert not take_verdict(session, ALIBABA, "SMS_9", "approved")
    with pytest.raises(BadText):
        approving.record(session, ALIBABA, "named", default(), Verdict("approved"), AN)
    approve(session, default(), "SMS_1")
    with pytest.raises(BadStep):
        approving.record(session, ALIBABA, "named", default(), Verdict("submitted", "SMS_1"), AN)
    other = publish(session, CHAIN, "Other")
    with pytest.raises(BadText):
        approving.record(session, ALIBABA, "named", own(session, other), Verdict("submitted", "SMS_1"), AN)


def test_a_hundred_messages_cost_the_queries_of_one(session: Session, shop: Shop) -> None:
    approve(session, own(session, publish(session, CHAIN, "First")), "SMS_1")
    codes(session, [asked(None, shop)], [ALIBABA])
    statements: list[str] = []
    listen = ("before_cursor_execute", lambda *found: statements.append(found[2]))
    counts = []
    event.listen(session.connection(), *listen)
    for number in (1, 100):
        statements.clear()
        codes(session, [asked(None, shop) for _ in range(number)], [ALIBABA])
        counts.append(len([one for one in statements if "template" in one]))
    event.remove(session.connection(), *listen)
    assert counts == [2, 2]
    assert THE_CHAIN.id is None
