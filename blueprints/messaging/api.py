"""What other features may ask of messaging, in the caller's transaction."""

from blueprints.messaging.service.accounts import StaffNotice, tell_staff
from blueprints.messaging.service.notices import Notice, Possible, tell

__all__ = ["Notice", "Possible", "StaffNotice", "tell", "tell_staff"]
