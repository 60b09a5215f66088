"""Staff plugs in here."""

from shopbell.feature import Feature

FEATURE = Feature(name="staff", permissions={"staff.edit": frozenset({"hq"})})
