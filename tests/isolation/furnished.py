"""A chain with one of everything, for tests that try its ids in another chain.

A new kind of row gets its builder in `rows.py` and its place in EVERYTHING: the walks then know its id by the name that
routes give it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shopbell import clock
from tests.isolation import rows, texts
from tests.support.world import Shop

EVERYTHING = (
    rows.people_who_wait,
    rows.a_catalogue,
    rows.the_staffs,
    rows.booking_rules,
    rows.an_account,
    rows.an_identity_provider,
    rows.a_mail_key,
    rows.a_webhook,
    rows.an_sms_account,
    rows.an_alert,
    rows.a_look,
    texts.a_text,
    texts.a_conversation,
)
PLAIN = {
    "number": 0,
    "position": 1,
    "kind": "terms",
    "name": "reminder",
    "channel": "sms",
    "locale": "en",
    "provider": "twilio",
}
"""Parameters that count something, or are the same words everywhere."""


@dataclass(frozen=True)
class Furnished:
    """A chain's ids and names, by the names that routes give their parameters."""

    values: dict[str, Any]


def furnish(database, shop: Shop) -> Furnished:
    """Put one of everything into the chain."""
    values: dict[str, Any] = {**PLAIN, "day": clock.now().date().isoformat(), "host": shop.tenant.host}
    with database.transaction(shop.tenant) as session:
        values |= rows.what_came_of_it(session, shop, rows.an_appointment(session, shop))
        for build in EVERYTHING:
            values |= build(session, shop)
            session.flush()
    return Furnished(values)
