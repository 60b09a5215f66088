"""What other features may ask about the look of the chain, and about what its customers agree to."""

from blueprints.brand.agreeing import Agreed, Boxes, agree_field, agreed_elsewhere, boxes, boxes_left, tell
from blueprints.brand.queries import BrandView, LegalRef, Logo, agreed_in, at, brand, picture
from blueprints.brand.schemas import AGREED
from blueprints.brand.service import set_embed_origins
from blueprints.brand.shown import greet, shown

__all__ = [
    "AGREED",
    "Agreed",
    "Boxes",
    "BrandView",
    "LegalRef",
    "Logo",
    "agree_field",
    "agreed_elsewhere",
    "agreed_in",
    "at",
    "boxes",
    "boxes_left",
    "brand",
    "greet",
    "picture",
    "set_embed_origins",
    "shown",
    "tell",
]
