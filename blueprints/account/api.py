"""What other features may ask about the customer in front of a page."""

from blueprints.account.known import known

__all__ = ["known"]
