"""Every key that a feature declares, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from blueprints.messaging import api as messaging
from tenants.settings.errors import UnknownSetting
from tenants.settings.keys import Key

DECLARED = (*catalog.SETTINGS, *booking.TERMS_SETTINGS, *messaging.SETTINGS)
KEYS: Mapping[str, Key] = {key.name: key for key in DECLARED}


def key_named(name: str) -> Key:
    """Raises UnknownSetting."""
    if name not in KEYS:
        raise UnknownSetting
    return KEYS[name]


def general() -> list[Key]:
    """What is said without a subject: also what is said of all services."""
    return [key for key in KEYS.values() if not key.about or key.falls_back]


def of_subject(*abouts: str) -> list[Key]:
    return [key for key in KEYS.values() if key.about in abouts]
