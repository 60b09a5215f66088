"""Addresses that want to be told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.webhooks import rules
from blueprints.webhooks.errors import TooManyEndpoints, UnknownEndpoint
from blueprints.webhooks.models import OLD_SECRET, SECRET, Endpoint
from shopbell import clock, due, ids, runtime
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.text import clean_name
from shopbell.vault.ring import ring

MOST_ENDPOINTS = 20
LONGEST_NOTE = 120


@dataclass(frozen=True)
class EndpointInput:
    url: str
    types: tuple[str, ...]
    note: str = ""
    active: bool = True


def endpoint(session: Session, endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """Raises UnknownEndpoint."""
    found = session.get(Endpoint, endpoint_id, with_for_update=lock)
    if found is None:
        raise UnknownEndpoint
    return found


def add(session: Session, wanted: EndpointInput) -> Endpoint:
    """Register an address; its secret is new. Raises Invalid naming the fields, TooManyEndpoints."""
    checked = _checked(wanted)
    if (session.scalar(select(func.count()).select_from(Endpoint)) or 0) >= MOST_ENDPOINTS:
        raise TooManyEndpoints(_("Remove one that is no longer used; there may be %(n)s.", n=MOST_ENDPOINTS))
    made = Endpoint(id=ids.uuid7(), created_at=clock.now(), **vars(checked))
    _set_secret(session, made)
    made.types = list(checked.types)
    session.add(made)
    session.flush()
    return made


def change(session: Session, endpoint_id: UUID, wanted: EndpointInput) -> Endpoint:
    """Raises Invalid naming the fields, UnknownEndpoint."""
    found, checked = endpoint(session, endpoint_id, lock=True), _checked(wanted)
    if checked.active and not found.active:
        switch_on(session, found)
    found.url, found.note, found.types = checked.url, checked.note, list(checked.types)
    found.active = checked.active
    session.flush()
    return found


def switch_on(session: Session, found: Endpoint) -> None:
    """Let an endpoint be told again, beginning with what still waits for it."""
    found.active, found.off_because, found.failing_since = True, "", None
    due.schedule(session, "webhooks.send", str(found.id), clock.now())


def rotate(session: Session, endpoint_id: UUID) -> Endpoint:
    """Give an endpoint a new secret; for a day what is sent is signed by both. Raises UnknownEndpoint."""
    found = endpoint(session, endpoint_id, lock=True)
    before = ring(session).form(OLD_SECRET, found.id, secret_of(session, found))
    found.old_secret, found.old_secret_sealed = before["old_secret"], before["old_secret_sealed"]
    found.old_secret_until = clock.now() + rules.BOTH_SECRETS
    _set_secret(session, found)
    session.flush()
    return found


def secret_of(session: Session, found: Endpoint) -> str:
    """What signs for an endpoint now."""
    return ring(session).shown(SECRET, found.id, found.secret, found.secret_sealed) or ""


def old_secret_of(session: Session, found: Endpoint) -> str | None:
    """What signs beside it, while its time is not over."""
    if found.old_secret_until is None or found.old_secret_until <= clock.now():
        return None
    return ring(session).shown(OLD_SECRET, found.id, found.old_secret, found.old_secret_sealed)


def _set_secret(session: Session, found: Endpoint) -> None:
    form = ring(session).form(SECRET, found.id, rules.new_secret())
    found.secret, found.secret_sealed = form["secret"], form["secret_sealed"]


def remove(session: Session, endpoint_id: UUID) -> None:
    """Forget an endpoint with what was sent to it. Raises UnknownEndpoint."""
    session.delete(endpoint(session, endpoint_id, lock=True))
    due.drop(session, "webhooks.send", str(endpoint_id))
    session.flush()


def _checked(wanted: EndpointInput) -> EndpointInput:
    fields: dict[str, str] = {}
    url, types = wanted.url.strip(), tuple(name for name in rules.TYPES if name in wanted.types)
    if not rules.is_receiver(url, plain=not runtime.settings().is_production):
        fields["url"] = _("An address beginning with https://, without a password in it.")
    if not types or len(types) < len(set(wanted.types)):
        fields["types"] = _("Choose at least one kind of event.")
    note = clean_name(wanted.note)
    if len(note) > LONGEST_NOTE:
        fields["note"] = _("At most %(n)s characters.", n=LONGEST_NOTE)
    if fields:
        raise Invalid(fields=fields)
    return EndpointInput(url, types, note, wanted.active)
