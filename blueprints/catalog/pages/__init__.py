"""HQ pages of branches, services, skills, rooms and devices."""

from blueprints.catalog.pages import branches, hours, options, places, regions, services, skills, steps, terms
from blueprints.catalog.pages.blueprint import PAGES

__all__ = ["PAGES", "branches", "hours", "options", "places", "regions", "services", "skills", "steps", "terms"]
