"""Appointments as the console shows them: with names for ids, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import OnBoard
from blueprints.frontdesk.queries.frame import Frame
from blueprints.frontdesk.queries.offered import money
from shopbell import clock, i18n
from shopbell.i18n import gettext as _
from shopbell.phone import display
from shopbell.spans import Span, merged
from shopbell.tenancy import current_tenant

Lengths = list[list[int]]


class Rows:
    """For the appointments of one answer: what many of them share is looked up once."""

    def __init__(self, session: Session, frame: Frame) -> None:
        self._session = session
        self._frame = frame
        self._names = cache(self._names_of)
        self._resource = cache(self._resource_of)
        self._reason = cache(reason)

    def shown(self, appointments: Iterable[OnBoard]) -> list[dict[str, Any]]:
        return [self._shown(one) for one in appointments]

    def _shown(self, one: OnBoard) -> dict[str, Any]:
        """`busy` is the person's own work as [offset, minutes], `helps` that of others."""
        options = tuple(one.options)
        day, start = local(one.starts_at, self._frame.zone)
        service_name, chosen = self._names(one.service, options)
        own, helps, places = self._work(one)
        usual = [] if own or helps else lengths(self._frame.usual_work(one.service, options))
        return {
            "id": one.id,
            "ref": one.ref,
            "day": day,
            "person": one.person,
            "start": start,
            "minutes": one.minutes,
            "extra": one.extra_minutes,
            "busy": own or usual or [[0, one.minutes]],
            "helps": helps,
            "places": places,
            "service": one.service,
            "service_name": service_name,
            "options": options,
            "chosen": chosen,
            "customer": customer(one),
            "guest": one.guest_name if one.customer else "",
            "status": one.status,
            "source": one.source,
            "note": one.note,
            "clash": one.clash,
            "slot_version": one.slot_version,
            "visit": one.visit,
            "series": one.series,
            "why": self._reason(one.why),
            "price": money(one.price_minor, one.currency) if one.service else "",
            "fee": fee(one),
            "grace": one.terms.late_grace_minutes,
        }

    def _work(self, one: OnBoard) -> tuple[Lengths, list[dict[str, Any]], list[str]]:
        """The person's own work, that of others, and the rooms and devices."""
        people, places = self._frame.by_resource, self._frame.places
        mine = self._resource(one.person) if one.person else None
        own: list[Span] = []
        helps: dict[str, list[Span]] = {}
        there = set()
        for resource, first, last in one.takes:
            span = (first - one.starts_at) // 60, (last - one.starts_at) // 60
            if resource == mine:
                own.append(span)
            elif resource in places:
                there.add(places[resource])
            elif resource in people:
                helps.setdefault(people[resource], []).append(span)
        helpers = [{"person": person, "busy": lengths(spans)} for person, spans in helps.items()] if helps else []
        return lengths(own), helpers, sorted(there)

    def _resource_of(self, person: str) -> int:
        return self._frame.person(self._session, person).resource_id

    def _names_of(self, service_id: str | None, options: tuple[str, ...]) -> tuple[str, list[str]]:
        """Of the service and the options chosen."""
        service = self._frame.services.get(service_id) if service_id else None
        if service is None:
            return "", []
        chosen = [localized(option.name) for option in service.options if str(option.id) in options]
        return localized(service.name), chosen


def customer(one: OnBoard) -> dict[str, Any] | None:
    """Without an id for whoever is not in the customer file."""
    if one.customer:
        known = one.customer
        return {"id": known.id, "name": known.name, "phone": known.phone, "phone_text": written(known.phone)}
    return {"id": None, "name": one.guest_name, "phone": ""} if one.guest_name else None


def written(phone: str | None) -> str:
    """A number as people of the chain's country write it."""
    return display(phone, current_tenant().country) if phone else ""


def fee(one: OnBoard) -> dict[str, Any] | None:
    """What cancelling costs, and from when on, in milliseconds."""
    owed = booking.share(one.price_minor, one.terms.late_cancel_percent)
    if not owed:
        return None
    free_until = one.terms.cancel_deadline(one.begins)
    return {"text": money(owed, one.currency), "after": int(free_until.timestamp() * 1000)}


@lru_cache(maxsize=16_384)
def local(seconds: int, zone: ZoneInfo) -> tuple[str, int]:
    """The day and its minute. Most appointments begin when others do, too."""
    day, minute = clock.local_minutes(datetime.fromtimestamp(seconds, UTC), zone)
    return day.isoformat(), minute


def reason(rule: str | None) -> str:
    """The book speaks to the customer; the desk is told about them."""
    if rule == "asked":
        return _("The customer asked for this person.")
    return booking.reason_text({"rule": rule})


def lengths(spans: list[Span]) -> Lengths:
    """As [offset, minutes], in order, without overlaps."""
    whole = merged(spans) if len(spans) > 1 else spans
    return [[start, end - start] for start, end in whole]


def localized(texts: dict[str, str]) -> str:
    return i18n.localized(texts, current_tenant().locale)
