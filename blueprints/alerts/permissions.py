"""Whom alerts concern, and who says where they go. Topics are in three groups, so that a role can have one of them."""

from shopbell.auth import Permission, Permissions
from shopbell.text import N_

PERMISSIONS = {
    "alerts.read": Permission(
        N_("See alerts, and have them sent to oneself"), frozenset({"hq", "manager", "frontdesk", "staff"})
    ),
    "alerts.bookings": Permission(
        N_("Be told of booking requests and replies that wait"), frozenset({"hq", "manager", "frontdesk"})
    ),
    "alerts.messages": Permission(
        N_("Be told of messages that do not arrive, and of what they cost"), frozenset({"hq", "manager"})
    ),
    "alerts.chain": Permission(N_("Be told of what concerns the chain's plan"), frozenset({"hq"}), chain_wide=True),
    "alerts.manage": Permission(N_("Decide where alerts are sent"), frozenset({"hq", "manager"})),
}
KNOWN = Permissions(PERMISSIONS)
