"""What other features may ask of messaging, in the caller's transaction."""

from blueprints.messaging.service.accounts import CodeNotice, StaffNotice, tell_code, tell_staff
from blueprints.messaging.service.notices import Notice, Possible, tell

__all__ = ["CodeNotice", "Notice", "Possible", "StaffNotice", "tell", "tell_code", "tell_staff"]
