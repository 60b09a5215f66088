"""What a region or a branch may have of its own, unless the chain locks it.

The chain itself decides on its look as a whole, as versions; of these keys it says nothing but a lock.
"""

from __future__ import annotations

from blueprints.brand.rules import TEXTS
from shopbell.text import N_
from tenants.settings.keys import Key, Line, Texts

BRANDING = N_("Branding")

NAME = Key("brand.name", N_("Name customers see"), Line(60), "", BRANDING)
LOGO = Key("brand.logo", N_("Logo"), Line(36), "", BRANDING)
"""The id of a picture."""
WELCOME = Key("brand.welcome", N_("Words of welcome"), Texts(TEXTS["welcome"]), {}, BRANDING)
THANKS = Key("brand.thanks", N_("Thanks after booking"), Texts(TEXTS["thanks"]), {}, BRANDING)
FOOTER = Key("brand.footer", N_("At the foot of every page"), Texts(TEXTS["footer"]), {}, BRANDING)

OF_TEXTS = {"welcome": WELCOME, "thanks": THANKS, "footer": FOOTER}
FREEDOMS = {"name": (NAME,), "logo": (LOGO,), "texts": tuple(OF_TEXTS.values())}
"""What the chain locks and leaves free, together."""
