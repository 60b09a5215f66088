"""What other features may ask about the words of messages."""

from blueprints.templates.days import spell
from blueprints.templates.facts import Facts, Fees, Item
from blueprints.templates.queries.codes import Asked, Coded, codes
from blueprints.templates.service.approving import take_verdict
from blueprints.templates.service.drawing import Drawn, draw
from blueprints.templates.service.short_links import shorten
from blueprints.templates.texts import Texts
from blueprints.templates.texts import draw as draw_default

__all__ = [
    "Asked",
    "Coded",
    "Drawn",
    "Facts",
    "Fees",
    "Item",
    "Texts",
    "codes",
    "draw",
    "draw_default",
    "shorten",
    "spell",
    "take_verdict",
]
