"""Templates' table of contents."""

from blueprints.templates.pages.public import PUBLIC
from blueprints.templates.service.short_links import forget_old
from shopbell.feature import Feature

FEATURE = Feature(name="templates", pages=(PUBLIC,), housekeeping=(forget_old,))
