"""Who may do what with the waitlist; `scope:` names are API scopes."""

DESK = frozenset({"hq", "manager", "frontdesk", "scope:booking"})

PERMISSIONS = {
    "waitlist.read": DESK,
    "waitlist.write": DESK,
    "waitlist.manage": frozenset({"hq", "manager"}),
}
