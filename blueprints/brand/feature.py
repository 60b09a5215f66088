"""Brand plugs in here."""

from blueprints.brand.pages import PUBLIC
from blueprints.brand.seed import seed
from shopbell.feature import Feature

FEATURE = Feature(name="brand", pages=(PUBLIC,), seeders=(seed,))
