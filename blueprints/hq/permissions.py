"""Who may look at the chain as a whole."""

PERMISSIONS = {"hq.read": frozenset({"hq"})}
