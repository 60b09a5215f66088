"""Messages at accounts that send approved texts only."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.models import Message
from blueprints.messaging.service import coding
from blueprints.messaging.service.compose import compose
from blueprints.templates.defaults import default_digest, default_parts
from blueprints.templates.queries import Spot
from blueprints.templates.service import approving
from blueprints.templates.service.approving import Text, Verdict
from shopbell.sms_providers import SmsProvider
from tenants.settings.store import NOBODY
from tests.messaging.outside import book, message
from tests.support.world import Shop

ACCOUNTS = [SmsProvider(key="alibaba", provider="alibaba"), SmsProvider(key="twilio", provider="twilio")]
SPOT = Spot("confirmation", "sms", "en")


def text_of(session: Session) -> Message:
    return session.scalars(select(Message).where(Message.channel == "sms")).one()


def test_a_message_keeps_what_fills_its_gaps_until_it_is_sent_by_a_code(session: Session, shop: Shop) -> None:
    made = book(session, shop, locale="en")
    compose(session, "confirmation", made.id, version=0)
    row = text_of(session)
    assert coding.approved(session, [row], ACCOUNTS) == {row.id: {}}
    words = Text(SPOT, default_digest(*vars(SPOT).values()), default_parts(*vars(SPOT).values())["sms"])
    approving.record(session, "alibaba", "named", words, Verdict("approved", "SMS_1"), NOBODY)
    template = coding.approved(session, [row], ACCOUNTS)[row.id]["alibaba"]
    assert template.code == "SMS_1"
    assert [name for name, _value in template.params] == [
        *("chain", "day_short", "time", "service", "branch_short", "link_code")
    ]
    said = message(session, "sms").body
    assert all(value and value in said for _name, value in template.params)


def test_accounts_with_free_text_need_no_code(session: Session, shop: Shop) -> None:
    made = book(session, shop)
    compose(session, "confirmation", made.id, version=0)
    row = text_of(session)
    assert coding.approved(session, [row], ACCOUNTS[1:]) == {row.id: {}}
