"""One round for one endpoint: what waits for it is sent, oldest first, until it is done, fails, or time is up.

A delivery is marked in a transaction of its own as soon as it was answered. Whoever dies in between sends that one once
more, under the same id.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from urllib3.exceptions import HTTPError

from blueprints.webhooks import rules
from blueprints.webhooks.models import Delivery, Endpoint
from blueprints.webhooks.service.endpoints import old_secret_of, secret_of
from blueprints.webhooks.service.outgoing import SEND
from shopbell import clock, due, runtime
from shopbell.due import JobRun
from shopbell.outgoing import Trouble, ask

ROUND_SECONDS = 8.0
"""For all of a round: a worker has other things to do."""
ANSWER_SECONDS = 5.0
ANSWER_BYTES = 2000
AT_ONCE = 50
GONE = 410


@dataclass(frozen=True)
class Parcel:
    """What is to be sent where, signed by which secrets."""

    id: UUID
    url: str
    secrets: tuple[str, ...]
    message_id: str
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """How a try ended. `status` is None when nothing answered; `millis` is how long it took."""

    status: int | None
    millis: int
    answer: str = ""
    error: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_round(run: JobRun) -> None:
    """Send what waits for the endpoint that the due work names, and come back when more is to be done."""
    endpoint_id, until = UUID(run.key), time.monotonic() + ROUND_SECONDS
    for _number in range(AT_ONCE):
        with run.database.transaction(run.tenant) as session:
            parcel = waiting(session, endpoint_id)
        if parcel is None:
            break
        outcome = hand_over(parcel)
        with run.database.transaction(run.tenant) as session:
            mark(session, parcel.id, outcome)
        if not outcome.arrived or time.monotonic() > until:
            break
    with run.database.transaction(run.tenant) as session:
        come_back(session, endpoint_id)


def waiting(session: Session, endpoint_id: UUID) -> Parcel | None:
    """The oldest delivery whose time has come, of an endpoint that is on."""
    row = session.execute(
        select(Delivery, Endpoint)
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .where(Delivery.endpoint_id == endpoint_id, Delivery.state == "waiting", Delivery.next_at <= clock.now())
        .where(Endpoint.active)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    delivery, endpoint = row
    signing = [secret_of(session, endpoint), *filter(None, [old_secret_of(session, endpoint)])]
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Parcel(delivery.id, endpoint.url, tuple(signing), delivery.message_id, body)


def hand_over(parcel: Parcel) -> Outcome:
    """Send it, and read the beginning of the answer."""
    begun, headers = time.monotonic(), rules.headers(parcel.secrets, parcel.message_id, clock.now(), parcel.body)
    private = runtime.settings().private_calendars
    try:
        response = ask("POST", parcel.url, headers, private=private, seconds=ANSWER_SECONDS, body=parcel.body)
    except Trouble as trouble:
        return Outcome(None, _millis(begun), error=trouble.code)
    try:
        answer = response.read1(ANSWER_BYTES)
    except (HTTPError, OSError):
        answer = b""
    finally:
        response.close()
    return Outcome(response.status, _millis(begun), answer.decode("utf-8", "replace").replace("\x00", ""))


def _millis(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def mark(session: Session, delivery_id: UUID, outcome: Outcome) -> None:
    """Write down how a try ended, on the delivery and on its endpoint."""
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
    endpoint = session.get_one(Endpoint, delivery.endpoint_id, with_for_update=True)
    now = clock.now()
    delivery.attempts += 1
    delivery.status, delivery.millis, delivery.sent_at = outcome.status, outcome.millis, now
    delivery.answer, delivery.error = outcome.answer[:ANSWER_BYTES], outcome.error
    if outcome.arrived:
        delivery.state, endpoint.failing_since = "delivered", None
        return
    again = rules.next_try(delivery.attempts, now, random.random())
    delivery.state, delivery.next_at = ("waiting", again) if again else ("failed", now)
    endpoint.failing_since = endpoint.failing_since or now
    if outcome.status == GONE:
        switch_off(endpoint, "gone")
    elif now - endpoint.failing_since > rules.PATIENCE:
        switch_off(endpoint, "failing")


def switch_off(endpoint: Endpoint, because: str) -> None:
    endpoint.active, endpoint.off_because = False, because


def come_back(session: Session, endpoint_id: UUID) -> None:
    """Have the next round begin when the next delivery's time has come. After a failure that is the failed one's: an
    endpoint that does not answer is left alone meanwhile, whatever else waits for it."""
    found = session.get(Endpoint, endpoint_id)
    if found is None or not found.active:
        return
    waiting_for = select(Delivery.next_at, Delivery.attempts).where(
        Delivery.endpoint_id == endpoint_id, Delivery.state == "waiting"
    )
    next_at: datetime | None = None
    if found.failing_since:
        tried = waiting_for.where(Delivery.attempts > 0).order_by(Delivery.next_at).limit(1)
        next_at = session.scalar(tried)
    next_at = next_at or session.scalar(waiting_for.order_by(Delivery.next_at).limit(1))
    if next_at is not None:
        due.schedule(session, SEND, str(endpoint_id), next_at)
