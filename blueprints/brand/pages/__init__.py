"""The colours and the logo for everybody, and the branding page of HQ."""

from blueprints.brand.pages.public import PUBLIC
from blueprints.brand.pages.settings import PAGES

__all__ = ["PAGES", "PUBLIC"]
