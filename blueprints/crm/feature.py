"""The customer file plugs in here."""

from blueprints.crm import routes
from shopbell.feature import Feature

STAFF = frozenset({"hq", "manager", "frontdesk"})

FEATURE = Feature(
    name="crm",
    api=(routes.blp,),
    permissions={"crm.read": STAFF, "crm.write": STAFF},
)
