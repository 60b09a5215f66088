"""Who may see the queue, call people, print the code of the door, and see how long people waited."""

from shopbell.auth import Permission
from shopbell.text import N_

STAFF = frozenset({"hq", "manager", "frontdesk"})
LEADS = frozenset({"hq", "manager"})

PERMISSIONS = {
    "arrivals.queue": Permission(N_("See who waits, and call them"), STAFF | {"scope:booking"}),
    "arrivals.door": Permission(N_("Print the code for the door"), STAFF),
    "arrivals.renew_door": Permission(N_("Replace the code for the door"), LEADS),
    "arrivals.figures": Permission(N_("See how long customers wait"), LEADS),
}
