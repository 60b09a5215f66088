"""Hosts, sessions, bearer tokens, ids and signed links of two chains, mixed at random: whatever is asked at one chain's
host, the other's tables stay as they are, nothing of it is told, and nobody of it is let in.

A few hundred requests with every run; `make fuzz` sends as many as it is told. Each example is one chain's host and a
list of requests, so that a leak shrinks to the request that leaks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies
from werkzeug.routing import Rule
from werkzeug.test import Client

from blueprints.arrivals import tickets
from blueprints.booking.links import manage_token
from blueprints.crm.links import preferences_link, unsubscribe_link
from blueprints.feeds.links import feed_token
from blueprints.reviews.links import review_token
from blueprints.storefront.tier import vip_token
from blueprints.waitlist.links import wish_token
from blueprints.waitlist.queries import views as waitlist
from shopbell import clock
from tests.isolation.furnished import Furnished, furnish
from tests.isolation.requests import DOCUMENTS, FORMS, QUERIES
from tests.isolation.rows import name_of
from tests.isolation.walk import built, endpoints, everything, view_of
from tests.support.world import Shop

EXAMPLES = int(os.environ.get("SHOPBELL_FUZZ_EXAMPLES", "5"))
AT_LENGTH = "SHOPBELL_FUZZ_EXAMPLES" in os.environ
LONGEST = 40
TOKENS = 8
WAYS = ("nobody", "session", "bearer")


@dataclass(frozen=True)
class Side:
    """A chain with what it hands out: headers by the way somebody proves who they are, and links."""

    shop: Shop
    values: dict[str, Any]
    headers: dict[str, dict[str, str]]
    tokens: list[str]


@dataclass(frozen=True)
class Swap:
    """One request: to which endpoint, as whom of which chain, and of which chain each parameter is."""

    rule: Rule
    method: str
    way: str
    theirs: bool
    foreign: tuple[bool, ...]
    token: int

    @property
    def is_stranger(self) -> bool:
        """Whether whoever asks is nobody at this host."""
        return self.theirs or self.way == "nobody"


@pytest.fixture
def sides(database, shop, other_shop, sign_in_as, api_client) -> tuple[Side, Side]:
    def side(one: Shop) -> Side:
        values = furnish(database, one).values
        browser, program = sign_in_as("hq", at=one.tenant), api_client(at=one.tenant)
        session = browser.get_cookie("session", domain=one.tenant.host)
        headers = {
            "nobody": {},
            "session": {"Cookie": f"session={session.value}"},
            "bearer": {"Authorization": program.environ_base["HTTP_AUTHORIZATION"]},
        }
        return Side(one, values, headers, links(database, one, values))

    return side(shop), side(other_shop)


def links(database, shop: Shop, values: dict[str, Any]) -> list[str]:
    """What customers and guests of a chain hold in their hands."""
    later, now = clock.now() + timedelta(days=1), clock.now()
    with database.transaction(shop.tenant) as session:
        return [
            manage_token(values["booking_id"], later),
            review_token(values["booking_id"], now),
            feed_token(values["calendar_id"], now),
            vip_token(values["customer_id"], later),
            wish_token(waitlist.wish(session, values["wish_id"])),
            tickets.token(values["walk_in_id"]),
            preferences_link(values["customer_id"]).rpartition("/")[2],
            unsubscribe_link(values["customer_id"]).rpartition("/")[2],
        ]


def swaps(app) -> Any:
    everywhere = [(rule, method) for rule, method in endpoints(app, all_rules=True) if rule.rule != "/sign-out"]
    return strategies.lists(
        strategies.builds(
            lambda where, *how: Swap(*where, *how),
            strategies.sampled_from(everywhere),
            strategies.sampled_from(WAYS),
            strategies.booleans(),
            strategies.tuples(*[strategies.booleans()] * 3),
            strategies.integers(0, 2 * TOKENS - 1),
        ),
        min_size=LONGEST // 2,
        max_size=LONGEST,
    )


def send(app, swap: Swap, here: Side, there: Side) -> Any:
    chosen = {
        name: (there if foreign else here).values[name]
        for name, foreign in zip(sorted(swap.rule.arguments), swap.foreign * 2, strict=False)
    }
    if "token" in chosen:
        chosen["token"] = (here.tokens + there.tokens)[swap.token]
    name, mixed = f"{swap.method} {swap.rule.endpoint}", {**here.values, **there.values, **chosen}
    sent: dict[str, Any] = {"query_string": QUERIES.get(name)}
    if swap.method != "GET":
        sent |= {"json": DOCUMENTS[name](mixed)} if name in DOCUMENTS else {"data": FORMS.get(name, {})}
    headers = (there if swap.theirs else here).headers[swap.way]
    client = Client(app, app.response_class, use_cookies=False)
    address = built(app, swap.rule, Furnished(chosen))
    host = f"http://{here.shop.tenant.host}:8000"
    return client.open(address, base_url=host, method=swap.method, headers=headers, buffered=True, **sent)


@pytest.mark.proves("T8")
@pytest.mark.timeout(60 * EXAMPLES)
def test_nothing_of_another_chain_is_worth_or_shows_anything(app, database, sides):
    answered: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not AT_LENGTH,
        phases=tuple(Phase) if AT_LENGTH else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(turned=strategies.booleans(), asked=swaps(app))
    def mix(turned: bool, asked: list[Swap]) -> None:
        here, there = sides[::-1] if turned else sides
        before = everything(database, there.shop.tenant)
        with database.connection.begin_nested() as undone:
            for swap in asked:
                answer = send(app, swap, here, there)
                answered.append(answer.status_code)
                assert answer.status_code != 500, swap
                assert name_of(there.shop) not in answer.text + str(answer.headers), swap
                if hasattr(view_of(app, swap.rule, swap.method), "permission") and swap.is_stranger:
                    assert answer.status_code >= 300, swap
            assert everything(database, there.shop.tenant) == before
            undone.rollback()

    mix()
    assert answered.count(200) > len(answered) / 10


def test_each_chains_own_things_open_what_is_theirs(app, sides):
    """Otherwise the test above would show nothing."""
    rules = {rule.rule: rule for rule in app.url_map.iter_rules()}
    own, foreign = (False,) * 3, (True,) * 3
    for here, there in (sides, sides[::-1]):

        def status(path: str, way: str, *, theirs: bool = False, ids: tuple[bool, ...] = own, token: int = 0) -> int:
            swap = Swap(rules[path], "GET", way, theirs, ids, token)
            return int(send(app, swap, here, there).status_code)  # noqa: B023 - called in this turn alone

        for path, way in (("/hq/people/<uuid:person_id>", "session"), ("/api/v1/bookings/<uuid:booking_id>", "bearer")):
            assert status(path, way) == 200
            assert status(path, way, ids=foreign) == 404
            assert status(path, way, theirs=True) in {303, 401}
        assert (status("/m/<token>", "nobody"), status("/m/<token>", "nobody", token=TOKENS)) == (200, 404)
        role = Swap(rules["/hq/roles/<uuid:role_id>"], "GET", "session", False, own, 0)
        assert name_of(here.shop) in send(app, role, here, there).text
