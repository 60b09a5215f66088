"""The colours and the logo for everybody, and the branding page of HQ."""

from blueprints.brand.pages.public import PUBLIC

__all__ = ["PUBLIC"]
