"""What staff are told of as it happens."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.access.events import SignedInFromNewPlace
from blueprints.alerts.service import raise_alert
from blueprints.booking.events import BookingRequested
from blueprints.catalog import api as catalog
from blueprints.inbox.events import ReplyWaiting
from blueprints.messaging.events import BudgetReached, MessageGivenUp, ProviderTrouble
from shopbell.events import on


@on(BookingRequested)
def request_waiting(session: Session, event: BookingRequested) -> None:
    if event.lead:
        slug = catalog.branch(session, event.branch_id).slug
        raise_alert(session, "booking_request", event.branch_id, {"path": f"/b/{slug}/"})


@on(ReplyWaiting)
def reply_waiting(session: Session, event: ReplyWaiting) -> None:
    raise_alert(session, "reply_waiting", event.branch_id, {"path": "/hq/inbox"})


@on(MessageGivenUp)
def message_given_up(session: Session, event: MessageGivenUp) -> None:
    raise_alert(session, "message_given_up", event.branch_id, {"path": "/hq/messages"})


@on(BudgetReached)
def budget_nearly_used(session: Session, event: BudgetReached) -> None:
    # The chain's own budget goes by the nil id.
    branch_id = event.branch_id if event.branch_id.int else None
    raise_alert(session, "budget_nearly_used", branch_id, {"percent": event.percent})


@on(SignedInFromNewPlace)
def signed_in(session: Session, event: SignedInFromNewPlace) -> None:
    raise_alert(session, "new_sign_in", None, {"path": "/account"}, user_id=event.user_id)


@on(ProviderTrouble)
def provider_trouble(session: Session, event: ProviderTrouble) -> None:
    raise_alert(session, "provider_trouble", None, {"account": event.account})
