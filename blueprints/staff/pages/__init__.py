"""HQ pages of people and rosters."""

from blueprints.staff.pages import people, rosters
from blueprints.staff.pages.blueprint import PAGES

__all__ = ["PAGES", "people", "rosters"]
