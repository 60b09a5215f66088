"""The pages of a customer's own place: signing in, what they have booked, how we reach them."""

from blueprints.account.pages import code, details, home, preferences, sign_in, sign_out
from blueprints.account.pages.frame import PAGES

__all__ = ["PAGES", "code", "details", "home", "preferences", "sign_in", "sign_out"]
