"""The table of contents of alerts."""

from blueprints.alerts.models import SEALED
from shopbell.feature import Feature

FEATURE = Feature(name="alerts", sealed=SEALED)
