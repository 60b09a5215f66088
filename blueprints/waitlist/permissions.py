"""Who may do what with the waitlist; `scope:` names are API scopes."""

from shopbell.auth import Permission
from shopbell.text import N_

DESK = frozenset({"hq", "manager", "frontdesk", "scope:booking"})

PERMISSIONS = {
    "waitlist.read": Permission(N_("See the waiting list"), DESK | {"scope:booking.read"}),
    "waitlist.write": Permission(N_("Put customers on the waiting list, and take them off"), DESK),
    "waitlist.manage": Permission(N_("See what the waiting list offered and brought"), frozenset({"hq", "manager"})),
}
