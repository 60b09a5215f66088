"""What other features may ask about the look of the chain, and about what its customers agree to."""

from blueprints.brand.queries import BrandView, LegalRef, agreed_in, at, brand
from blueprints.brand.service import agree, set_embed_origins
from blueprints.brand.shown import greet, shown

__all__ = ["BrandView", "LegalRef", "agree", "agreed_in", "at", "brand", "greet", "set_embed_origins", "shown"]
