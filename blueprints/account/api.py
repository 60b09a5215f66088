"""What others may ask about customers with an account: who is in front of a page, and another key for what is kept."""

from blueprints.account.known import known
from blueprints.account.service.confirming import reseal

__all__ = ["known", "reseal"]
