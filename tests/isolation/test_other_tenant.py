"""Every endpoint, called in one chain with the other chain's ids, finds nothing and changes nothing.

The endpoints are read from the application, so a new one is covered the day it appears: it only has to say, where its
body or query is checked before its ids are looked up, what a well-formed request looks like (FORMS, DOCUMENTS).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule

from blueprints.access import api as access
from blueprints.access.models import DeskDevice, OAuthClient, Role, UserSession
from blueprints.booking import service
from blueprints.booking.links import manage_token
from blueprints.booking.models import Charge
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PeakInput, PolicyInput, TimesInput, WindowInput
from blueprints.booking.service.walk_ins import Arrival
from blueprints.booking.values import BookingDetails, BookingRequest, CustomerInput
from blueprints.catalog import service as catalog
from blueprints.catalog.models import Branch, Resource, Service, ServiceOption
from blueprints.catalog.settings import LEAD_MINUTES
from blueprints.feeds.models import BusyCalendar
from blueprints.messaging.models import Message
from blueprints.reviews.models import Review
from blueprints.settings import service as settings
from blueprints.staff.models import RosterException
from blueprints.waitlist import service as waitlist
from blueprints.waitlist.values import JoinRequest
from blueprints.webhooks.models import Delivery, Endpoint
from shopbell import clock, ids
from tenants.settings.rules import path_to
from tenants.settings.store import Author, Change
from tests.isolation.requests import DOCUMENTS, FORMS, PUBLIC_NAMES, QUERIES
from tests.support.world import Shop

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Foreign:
    """Ids of the other chain, by the names that routes give their parameters."""

    values: dict[str, Any]


def furnish(database, shop: Shop) -> Foreign:
    """An appointment, a message, a walk-in and an exception in the other chain."""
    soon = clock.now() + timedelta(hours=3)
    with database.transaction(shop.tenant) as session:
        wanted = BookingRequest(shop.branch_id, shop.eye_test, soon, CustomerInput("Other", "13812345678"))
        booking = service.reserve(session, wanted)
        arrival = Arrival(ids.uuid7(), shop.branch_id, "Waiting", None, shop.fitting)
        service.add_walk_in(session, arrival)
        message = a_message(booking.id, booking.customer_id)
        leave = RosterException(id=ids.uuid7(), person_id=shop.people[0], day=soon.date(), kind="leave")
        option = ServiceOption(id=ids.uuid7(), service_id=shop.eye_test, kind="addon", name={"en": "Other"})
        review = a_review(booking, shop)
        calendar = BusyCalendar(id=ids.uuid7(), person_id=shop.people[0], url="https://a.example/", created_at=soon)
        session.add_all([calendar, message, leave, option, review])
        rules = booking_rules(session, booking, shop)
        accounts = an_account(session, shop)
        told = a_webhook(session)
        wish = waitlist.join(
            session,
            JoinRequest(
                shop.eye_test, (shop.branch_id,), soon.date(), soon.date(), CustomerInput("Other", "13812345678")
            ),
        )
        session.flush()
        region = catalog.add_region(session, {"en": "Other"})
        change = Change(LEAD_MINUTES, path_to(region), soon.date(), 45)
        draft = settings.put_into_draft(session, change, Author(ids.uuid7(), "Other"))
        branch = session.get_one(Branch, shop.branch_id)
        branch.slug = "only-there"
        session.get_one(Service, shop.eye_test).slug = "only-there"
        place = session.scalars(select(Resource.id)).first()
        token = manage_token(booking.id, clock.now() + timedelta(days=1))
    return Foreign(
        {
            "booking_id": booking.id,
            "branch_id": shop.branch_id,
            "customer_id": booking.customer_id,
            "service_id": shop.eye_test,
            "option_id": option.id,
            "person_id": shop.people[0],
            "skill_id": shop.skill_id,
            "region_id": region,
            "draft_id": draft,
            "number": 0,
            "place_id": place,
            "exception_id": leave.id,
            "calendar_id": calendar.id,
            "message_id": message.id,
            "review_id": review.id,
            "walk_in_id": arrival.id,
            **rules,
            **accounts,
            **told,
            "wish_id": wish.id,
            "branch": "only-there",
            "service": "only-there",
            "branch_slug": "only-there",
            "slug": "only-there",
            "service_slug": "only-there",
            "token": token,
            "position": 1,
            "day": soon.date().isoformat(),
        }
    )


def an_account(session: Session, shop: Shop) -> dict[str, UUID]:
    """Somebody at the front desk, signed in, with a role made there and a shared device."""
    email = "somebody@only-there.example"
    user_id = access.create_user(session, email, "a long password", "Somebody", "frontdesk", [shop.branch_id])
    role, device, opened, program = ids.uuid7(), ids.uuid7(), ids.uuid7(), ids.uuid7()
    moments = {"created_at": clock.now(), "last_seen_at": clock.now(), "expires_at": clock.now() + timedelta(days=1)}
    tablet = DeskDevice(id=device, branch_id=shop.branch_id, name="Tablet", token_hash="x", registered_at=clock.now())
    tablet.last_seen_at = clock.now()
    session.add_all(
        [
            Role(id=role, name="Only there", permissions=["hq.read"]),
            UserSession(id=opened, token_hash="x", user_id=user_id, **moments),
            OAuthClient(
                id=program, client_id="x", secret_hash="x", name="Till", scopes=["booking"], created_at=clock.now()
            ),
            tablet,
        ]
    )
    return {"user_id": user_id, "role_id": role, "device_id": device, "session_id": opened, "client_pk": program}


def a_webhook(session: Session) -> dict[str, UUID]:
    """A program that is told, and what it was told."""
    endpoint = Endpoint(id=ids.uuid7(), url="https://only-there.example/", types=["booking.created"], secret="x")
    delivery = Delivery(id=ids.uuid7(), endpoint_id=endpoint.id, message_id="x", type="booking.created", payload={})
    endpoint.created_at = delivery.created_at = delivery.next_at = clock.now()
    session.add(endpoint)
    session.flush()
    session.add(delivery)
    return {"endpoint_id": endpoint.id, "delivery_id": delivery.id}


def a_message(booking_id: UUID, customer_id: UUID | None) -> Message:
    return Message(
        id=ids.uuid7(),
        booking_id=booking_id,
        customer_id=customer_id,
        template="confirmation",
        channel="sms",
        locale="en",
        recipient="+8613812345678",
        dedupe_key=str(ids.uuid7()),
        state="queued",
        body="x",
        created_at=clock.now(),
    )


def booking_rules(session: Session, booking: BookingDetails, shop: Shop) -> dict[str, UUID]:
    """One rule of each kind, and a fee."""
    times = TimesInput(shop.branch_id, [4], [(1020, 1200)])
    policy = rulebook.add_policy(session, PolicyInput(shop.branch_id, None, {"max_moves": 3}))
    fee = Charge(id=ids.uuid7(), booking_id=booking.id, branch_id=shop.branch_id, kind="no_show", amount_minor=1)
    fee.currency, fee.state, fee.created_at = "CNY", "due", clock.now()
    session.add(fee)
    return {
        "policy_id": policy,
        "peak_id": rulebook.save_peak(session, PeakInput(times, {"en": "Friday"}, staff_min=2)),
        "window_id": rulebook.save_window(session, WindowInput(times, 1, 24)),
        "charge_id": fee.id,
    }


def a_review(booking: BookingDetails, shop: Shop) -> Review:
    return Review(
        id=ids.uuid7(),
        booking_id=booking.id,
        customer_id=booking.customer_id,
        branch_id=shop.branch_id,
        service_id=shop.eye_test,
        stars=1,
        low=True,
        locale="en",
        status="pending",
        created_at=clock.now(),
    )


def everything(database, tenant) -> dict[str, str]:
    """A fingerprint of every table of a chain."""
    with database.transaction(tenant) as session:
        tables = session.scalars(
            text("select table_name from information_schema.tables where table_schema = current_schema() order by 1")
        ).all()
        return {
            table: session.scalar(
                text(f"select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from \"{table}\" t")
            )
            for table in tables
        }


def endpoints(app, *, all_rules: bool = False) -> Iterator[tuple[Rule, str]]:
    """Those of chains; what is at the installation's own hosts is not there (tests/kit/test_own_hosts.py)."""
    for rule in sorted((rule for rule in app.url_map.iter_rules() if not rule.subdomain), key=str):
        for method in METHODS:
            if method in rule.methods and (all_rules or rule.arguments - PUBLIC_NAMES):
                yield rule, method


def test_every_endpoint_with_an_id_finds_nothing_of_the_other_chain(
    app, database, tenant, other_shop, sign_in_as, api_client, now: datetime
):
    foreign = furnish(database, other_shop)
    browser, program = sign_in_as("hq"), api_client()
    before = everything(database, other_shop.tenant)
    wrong = []
    for rule, method in endpoints(app):
        for caller in (browser, program):
            status = call(app, caller, rule, method, foreign)
            if caller is program and not rule.rule.startswith("/api/"):
                continue
            if status not in {404} and not (caller is program and status in {401, 403}):
                wrong.append(f"{method} {rule.rule} ({rule.endpoint}) answered {status}")
    assert wrong == []
    assert everything(database, other_shop.tenant) == before


def call(app, caller, rule: Rule, method: str, foreign: Foreign) -> int:
    values = {name: foreign.values[name] for name in rule.arguments}
    with app.test_request_context():
        from flask import url_for

        try:
            address = url_for(rule.endpoint, **values, _external=False)
        except BuildError as error:
            raise AssertionError(f"{rule.rule} cannot be built") from error
    address = address.split("?")[0]
    name = f"{method} {rule.endpoint}"
    sent: dict[str, Any] = {"query_string": QUERIES.get(name)}
    if method != "GET":
        sent |= {"json": DOCUMENTS[name](foreign.values)} if name in DOCUMENTS else {"data": FORMS.get(name, {})}
    return caller.open(address, method=method, **sent).status_code


@pytest.mark.parametrize("field", ["branch", "service", "staff"])
def test_ids_of_the_other_chain_inside_a_booking_are_unknown(api_client, shop, other_shop, database, session, field):
    foreign = {"branch": other_shop.branch_id, "service": other_shop.eye_test, "staff": other_shop.people[0]}
    document = {
        "branch": str(shop.branch_id),
        "service": str(shop.eye_test),
        "start": "2026-03-02T10:00:00+08:00",
        "customer": {"name": "A", "phone": "13812345678"},
    }
    before = everything(database, other_shop.tenant)
    answer = api_client().post("/api/v1/bookings", json={**document, field: str(foreign[field])})
    assert answer.status_code == 404, answer.text
    assert everything(database, other_shop.tenant) == before


@pytest.mark.parametrize("field", ["branch", "service", "staff"])
def test_ids_of_the_other_chain_in_a_query_are_unknown(api_client, shop, other_shop, field):
    query = {"branch": shop.branch_id, "service": shop.eye_test, "from": "2026-03-02"}
    foreign = {"branch": other_shop.branch_id, "service": other_shop.eye_test, "staff": other_shop.people[0]}
    answer = api_client().get("/api/v1/availability", query_string={**query, field: foreign[field]})
    assert answer.status_code == 404


def test_a_token_of_one_chain_is_worth_nothing_in_the_other(api_client, other_client, database, tenant):
    program = api_client()
    bearer = program.environ_base["HTTP_AUTHORIZATION"]
    assert other_client.get("/api/v1/branches", headers={"Authorization": bearer}).status_code == 401


def test_a_session_of_one_chain_is_worth_nothing_in_the_other(sign_in_as, other_client, tenant, other_tenant):
    browser = sign_in_as("hq")
    cookie = browser.get_cookie("session", domain=tenant.host)
    other_client.set_cookie("session", cookie.value, domain=other_tenant.host)
    assert other_client.get("/hq/").status_code in {302, 303}
