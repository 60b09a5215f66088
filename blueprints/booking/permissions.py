"""Who may do what with the booking book; `scope:` names are API scopes."""

STAFF = frozenset({"hq", "manager", "frontdesk"})
ALL = STAFF | {"scope:booking"}

PERMISSIONS = {
    "booking.read": ALL,
    "booking.write": ALL,
    "booking.approve": STAFF,
    "booking.rules": frozenset({"hq"}),
    "booking.charges": frozenset({"hq", "manager"}),
    "booking.override": frozenset({"hq", "manager"}),
}
