"""How the chain looks, as plain values."""

from blueprints.brand.queries.legal import (
    LegalRef,
    LegalView,
    agreed_by,
    agreed_in,
    history,
    legal,
    legal_kinds,
    numbers,
)
from blueprints.brand.queries.look import BrandView, Logo, at, brand, logo, look_of_version, picture
from blueprints.brand.queries.places import Own, free, own_at
from blueprints.brand.queries.versions import Desk, Version, desk, version, versions

__all__ = [
    "BrandView",
    "Desk",
    "LegalRef",
    "LegalView",
    "Logo",
    "Own",
    "Version",
    "agreed_by",
    "agreed_in",
    "at",
    "brand",
    "desk",
    "free",
    "history",
    "legal",
    "legal_kinds",
    "logo",
    "look_of_version",
    "numbers",
    "own_at",
    "picture",
    "version",
    "versions",
]
