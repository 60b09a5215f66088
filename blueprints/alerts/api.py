"""What other features may ask of alerts, in the caller's transaction."""

from blueprints.alerts.queries import unread
from blueprints.alerts.service import raise_alert as alert

__all__ = ["alert", "unread"]
