"""Who may work at the front desk."""

PERMISSIONS = {"frontdesk.use": frozenset({"hq", "manager", "frontdesk"})}
