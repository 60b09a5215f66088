"""Who may see the queue, call people, print the code of the door, and see how long people waited."""

STAFF = frozenset({"hq", "manager", "frontdesk"})

PERMISSIONS = {
    "arrivals.queue": STAFF | {"scope:booking"},
    "arrivals.door": STAFF,
    "arrivals.renew_door": frozenset({"hq", "manager"}),
    "arrivals.figures": frozenset({"hq", "manager"}),
}
