"""The colours, logos and legal texts for everybody, and the branding pages of HQ."""

from blueprints.brand.pages import desk, legal, places, versions
from blueprints.brand.pages.blueprint import PAGES
from blueprints.brand.pages.public import PUBLIC

__all__ = ["PAGES", "PUBLIC", "desk", "legal", "places", "versions"]
