"""HQ pages of people and rosters, and what visitors see of people."""

from blueprints.staff.pages import people, photos, rosters, terms, travel
from blueprints.staff.pages.blueprint import PAGES
from blueprints.staff.pages.public import PUBLIC

__all__ = ["PAGES", "PUBLIC", "people", "photos", "rosters", "terms", "travel"]
