"""Head office's pages of own domains."""

from blueprints.domains.pages import hosts, mail
from blueprints.domains.pages.blueprint import PAGES

__all__ = ["PAGES", "hosts", "mail"]
