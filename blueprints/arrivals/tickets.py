"""The signed address of somebody's own ticket: of a walk-in's, or of an appointment whose customer is here or near."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from blueprints.arrivals.errors import UnknownTicket
from shopbell import clock, runtime
from shopbell.crypto import BadToken, Signer
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant

LIFE = timedelta(hours=18)
"""A ticket is of one day."""


def token(id_: UUID) -> str:
    return _signer().sign_compact(_purpose(), id_, clock.now() + LIFE)


def read(text: str) -> UUID:
    """Whose ticket it is. Raises UnknownTicket."""
    try:
        return _signer().read_compact(_purpose(), text, clock.now())
    except BadToken:
        raise UnknownTicket(_("Tickets are for one day. Please ask at the desk.")) from None


def _purpose() -> str:
    # The tenant is part of what is signed: a ticket of one chain means nothing at another's address.
    return f"ticket:{current_tenant().id}"


def _signer() -> Signer:
    return runtime.signer()


def new(id_: UUID) -> str:
    """What a ticket form carries, so that a form sent twice makes one ticket, and nobody names a ticket's id."""
    return _signer().sign_compact(f"new-{_purpose()}", id_, clock.now() + LIFE)


def read_new(text: str) -> UUID | None:
    """None for a form that is too old or was made up."""
    try:
        return _signer().read_compact(f"new-{_purpose()}", text, clock.now())
    except BadToken:
        return None
