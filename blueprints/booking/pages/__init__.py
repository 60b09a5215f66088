"""HQ pages of booking rules: terms, busy times, time kept for members; and of what is owed."""

from blueprints.booking.pages import charges, peaks, policies, windows
from blueprints.booking.pages.blueprint import PAGES

__all__ = ["PAGES", "charges", "peaks", "policies", "windows"]
