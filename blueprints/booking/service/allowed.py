"""How many bookings the operator allows a chain. The desk writes down whatever it wants; online there is an end."""

from __future__ import annotations

from blueprints.booking.errors import BookedEnough
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant
from tenants import quotas

ONLINE = frozenset({"web", "widget", "api"})
"""Where bookings come from that begin outside the shop. Offers that were made and series that were begun go on."""


def refuse_beyond_quota(source: str) -> None:
    """Raises BookedEnough when the chain had far more bookings this month than it may have, and this one is online."""
    if source in ONLINE and current_tenant().allowance(quotas.BOOKINGS).is_used(quotas.REFUSE_AT):
        raise BookedEnough(_("Please call the shop: they can still book for you."))
