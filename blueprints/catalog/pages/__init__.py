"""HQ pages of branches, services, skills, rooms and devices."""

from blueprints.catalog.pages import branches, hours, places, services, skills, steps
from blueprints.catalog.pages.blueprint import PAGES

__all__ = ["PAGES", "branches", "hours", "places", "services", "skills", "steps"]
