"""What other features may ask about the look of the chain."""

from blueprints.brand.queries import BrandView, brand
from blueprints.brand.service import set_embed_origins

__all__ = ["BrandView", "brand", "set_embed_origins"]
