"""What other features may ask about the words of messages."""

from blueprints.templates.days import spell
from blueprints.templates.facts import Facts, Fees, Item
from blueprints.templates.texts import Texts, draw

__all__ = ["Facts", "Fees", "Item", "Texts", "draw", "spell"]
