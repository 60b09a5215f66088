"""One of everything that a chain can have, a few kinds at a time, with ids by the names that routes give them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.access.models import DeskDevice, IdentityProvider, OAuthClient, Role, UserSession
from blueprints.alerts import api as alerts
from blueprints.alerts import service as alert_channels
from blueprints.alerts.service import ChannelInput
from blueprints.booking import service
from blueprints.booking.links import manage_token
from blueprints.booking.models import Charge
from blueprints.booking.service import rulebook
from blueprints.booking.service.rulebook import PeakInput, PolicyInput, TimesInput, WindowInput
from blueprints.booking.service.walk_ins import Arrival
from blueprints.booking.values import BookingDetails, BookingRequest, CustomerInput
from blueprints.brand.models import BrandLogo, BrandVersion
from blueprints.brand.rules import Look
from blueprints.catalog import service as catalog
from blueprints.catalog.models import Branch, Resource, Service, ServiceOption
from blueprints.catalog.settings import LEAD_MINUTES
from blueprints.domains import queries as domain_queries
from blueprints.domains import service as domains
from blueprints.feeds.models import BusyCalendar
from blueprints.messaging.models import Message
from blueprints.messaging.service import own_accounts
from blueprints.messaging.service.own_accounts import AccountInput
from blueprints.reviews.models import Review
from blueprints.settings import service as settings
from blueprints.staff.models import RosterException
from blueprints.waitlist import service as waitlist
from blueprints.waitlist.values import JoinRequest
from blueprints.webhooks.models import Delivery, Endpoint
from shopbell import clock, ids
from tenants.settings.rules import path_to
from tenants.settings.store import Author, Change
from tests.support.letters import new_message
from tests.support.world import Shop

ONLY_THERE = "only-there"
"""What everything with a name of its own in addresses is called."""
NAME = "Zephyrine"
"""Nothing that is sent has it, so that it can only have come out of a chain's tables."""


def name_of(shop: Shop) -> str:
    """Whoever and whatever of this chain has a name for people."""
    return f"{NAME} of {shop.tenant.slug}"


def an_appointment(session: Session, shop: Shop) -> BookingDetails:
    """In three hours, for somebody."""
    soon = clock.now() + timedelta(hours=3)
    return service.reserve(session, BookingRequest(shop.branch_id, shop.eye_test, soon, a_customer(shop)))


def a_customer(shop: Shop) -> CustomerInput:
    return CustomerInput(name_of(shop), "13812345678")


def what_came_of_it(session: Session, shop: Shop, booking: BookingDetails) -> dict[str, Any]:
    """A message, a review, a fee, and the customer's own link."""
    message, review = a_message(session, booking, shop), a_review(booking, shop)
    fee = Charge(id=ids.uuid7(), booking_id=booking.id, branch_id=shop.branch_id, kind="no_show", amount_minor=1)
    fee.currency, fee.state, fee.created_at = "CNY", "due", clock.now()
    session.add_all([review, fee])
    return {
        "booking_id": booking.id,
        "customer_id": booking.customer_id,
        "message_id": message.id,
        "review_id": review.id,
        "charge_id": fee.id,
        "token": manage_token(booking.id, clock.now() + timedelta(days=1)),
    }


def people_who_wait(session: Session, shop: Shop) -> dict[str, Any]:
    """Somebody in the shop, and somebody who would like to come."""
    arrival = Arrival(ids.uuid7(), shop.branch_id, name_of(shop), None, shop.fitting)
    service.add_walk_in(session, arrival)
    day = clock.now().date()
    wish = waitlist.join(session, JoinRequest(shop.eye_test, (shop.branch_id,), day, day, a_customer(shop)))
    return {"walk_in_id": arrival.id, "wish_id": wish.id}


def a_catalogue(session: Session, shop: Shop) -> dict[str, Any]:
    """Names that no other chain has, an add-on, a place and a region with a draft of a setting."""
    option = ServiceOption(id=ids.uuid7(), service_id=shop.eye_test, kind="addon", name={"en": name_of(shop)})
    session.add(option)
    session.get_one(Branch, shop.branch_id).slug = ONLY_THERE
    session.get_one(Service, shop.eye_test).slug = ONLY_THERE
    region = catalog.add_region(session, {"en": name_of(shop)})
    change = Change(LEAD_MINUTES, path_to(region), clock.now().date(), 45)
    return {
        "branch_id": shop.branch_id,
        "service_id": shop.eye_test,
        "skill_id": shop.skill_id,
        "option_id": option.id,
        "place_id": session.scalars(select(Resource.id)).first(),
        "region_id": region,
        "draft_id": settings.put_into_draft(session, change, Author(ids.uuid7(), name_of(shop))),
        **dict.fromkeys(("branch", "service", "branch_slug", "slug", "service_slug"), ONLY_THERE),
    }


def the_staffs(session: Session, shop: Shop) -> dict[str, Any]:
    """Leave, and a calendar that is read."""
    leave = RosterException(id=ids.uuid7(), person_id=shop.people[0], day=clock.now().date(), kind="leave")
    calendar = BusyCalendar(id=ids.uuid7(), person_id=shop.people[0], url="https://a.example/", created_at=clock.now())
    session.add_all([leave, calendar])
    return {"person_id": shop.people[0], "exception_id": leave.id, "calendar_id": calendar.id}


def an_account(session: Session, shop: Shop) -> dict[str, UUID]:
    """Somebody at the front desk, signed in, with a role made there and a shared device."""
    email = "somebody@only-there.example"
    user_id = access.create_user(session, email, "a long password", name_of(shop), "frontdesk", [shop.branch_id])
    role, device, opened, program = ids.uuid7(), ids.uuid7(), ids.uuid7(), ids.uuid7()
    moments = {"created_at": clock.now(), "last_seen_at": clock.now(), "expires_at": clock.now() + timedelta(days=1)}
    tablet = DeskDevice(
        id=device, branch_id=shop.branch_id, name=name_of(shop), token_hash="x", registered_at=clock.now()
    )
    tablet.last_seen_at = clock.now()
    till = OAuthClient(id=program, client_id="x", secret_hash="x", name=name_of(shop), scopes=["booking"])
    till.created_at = clock.now()
    session.add_all(
        [
            Role(id=role, name=name_of(shop), permissions=["hq.read"]),
            UserSession(id=opened, token_hash="x", user_id=user_id, **moments),
            OAuthClient(
                id=program,
                client_id="x",
                secret_hash="x",
                name=name_of(shop),
                scopes=["booking"],
                created_at=clock.now(),
            ),
            tablet,
        ]
    )
    return {"user_id": user_id, "role_id": role, "device_id": device, "session_id": opened, "client_pk": program}


def an_identity_provider(session: Session, shop: Shop) -> dict[str, UUID]:
    """Where the staff of that chain alone sign in."""
    provider = IdentityProvider(id=ids.uuid7(), name=name_of(shop), issuer="https://only-there.example", client_id="x")
    provider.secret, provider.created_at = "x", clock.now()
    session.add(provider)
    return {"provider_id": provider.id}


def an_sms_account(session: Session, shop: Shop) -> dict[str, Any]:
    """By which that chain alone sends text messages."""
    made = own_accounts.add(
        session,
        AccountInput(
            *("twilio", name_of(shop), "AC-only-there", "x", "+84901234567", ""),
            addresses=(),
            prefixes=("+999",),
            purposes=(),
            options={},
            prices={},
            currency="",
            rate=0,
            position=0,
            enabled=True,
        ),
    )
    return {"account_id": made.id, "hook": made.hook}


def a_mail_key(session: Session, _shop: Shop) -> dict[str, UUID]:
    """Two, so that one of them may go."""
    domains.choose(session, "mail.nova.example", "hello")
    domains.add_key(session, "ed25519")
    return {"key_id": next(iter(domain_queries.signers(session)))}


def a_webhook(session: Session, _shop: Shop) -> dict[str, UUID]:
    """A program that is told, and what it was told."""
    endpoint = Endpoint(id=ids.uuid7(), url="https://only-there.example/", types=["booking.created"], secret="")
    delivery = Delivery(id=ids.uuid7(), endpoint_id=endpoint.id, message_id="x", type="booking.created", payload={})
    endpoint.created_at = delivery.created_at = delivery.next_at = clock.now()
    session.add(endpoint)
    session.flush()
    session.add(delivery)
    return {"endpoint_id": endpoint.id, "delivery_id": delivery.id}


def an_alert(session: Session, shop: Shop) -> dict[str, UUID]:
    """Something staff have to know, and where they have it sent."""
    alert_id = alerts.alert(session, "message_given_up", shop.branch_id, {})
    made = ChannelInput("email", "chain", None, "x@only-there.example", "", ("message_given_up",), "en")
    return {"alert_id": alert_id, "channel_id": alert_channels.add(session, made).id}


def a_look(session: Session, _shop: Shop) -> dict[str, UUID]:
    """A draft with a logo."""
    logo = BrandLogo(id=ids.uuid7(), content=b"x", media_type="image/png", created_at=clock.now())
    session.add(logo)
    session.flush()
    draft = BrandVersion(id=ids.uuid7(), look=Look(NAME, "#0a7d5a").json, logo_id=logo.id, changed_at=clock.now())
    session.add(draft)
    return {"version_id": draft.id, "logo_id": logo.id}


def booking_rules(session: Session, shop: Shop) -> dict[str, UUID]:
    """One rule of each kind."""
    times = TimesInput(shop.branch_id, [4], [(1020, 1200)])
    return {
        "policy_id": rulebook.add_policy(session, PolicyInput(shop.branch_id, None, {"max_moves": 3})),
        "peak_id": rulebook.save_peak(session, PeakInput(times, {"en": name_of(shop)}, staff_min=2)),
        "window_id": rulebook.save_window(session, WindowInput(times, 1, 24)),
    }


def a_message(session: Session, booking: BookingDetails, shop: Shop) -> Message:
    return new_message(
        session,
        booking_id=booking.id,
        customer_id=booking.customer_id,
        recipient="+8613812345678",
        body=name_of(shop),
    )


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
