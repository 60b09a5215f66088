"""Pages of the waitlist: the customer's, which work without JavaScript, and the staff's."""

from blueprints.waitlist.pages import answers, joining
from blueprints.waitlist.pages.desk import PAGES as DESK
from blueprints.waitlist.pages.frame import PAGES

__all__ = ["DESK", "PAGES", "answers", "joining"]
