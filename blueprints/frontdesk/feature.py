"""The front desk plugs in here."""

from blueprints.frontdesk.permissions import PERMISSIONS
from shopbell.feature import Feature

FEATURE = Feature(name="frontdesk", permissions=PERMISSIONS)
