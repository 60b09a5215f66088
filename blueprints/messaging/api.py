"""What other features may ask of messaging, in their own transaction."""

from blueprints.messaging.queries import MessageView, of_booking
from blueprints.messaging.service.reminders import forget_reminder, remind
from blueprints.messaging.service.wishes import tell

__all__ = ["MessageView", "forget_reminder", "of_booking", "remind", "tell"]
