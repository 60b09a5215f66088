"""Who may look at figures: head office at the whole chain, a manager at their branches."""

PERMISSIONS = {"hq.read": frozenset({"hq", "manager"})}
