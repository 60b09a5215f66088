"""What other features may ask about the look of the chain."""

from blueprints.brand.queries import BrandView, brand

__all__ = ["BrandView", "brand"]
