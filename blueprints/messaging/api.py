"""What other features may ask of messaging, in the caller's transaction."""

from blueprints.messaging.queries import failed, left_since, oldest_unsent
from blueprints.messaging.service.accounts import CodeNotice, StaffNotice, tell_code, tell_staff
from blueprints.messaging.service.notices import Notice, Possible, tell

__all__ = [
    "CodeNotice",
    "Notice",
    "Possible",
    "StaffNotice",
    "failed",
    "left_since",
    "oldest_unsent",
    "tell",
    "tell_code",
    "tell_staff",
]
