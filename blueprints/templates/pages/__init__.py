"""Pages of texts for head office, and where short links lead."""

from blueprints.templates.pages import editor, overview, versions
from blueprints.templates.pages.blueprint import PAGES
from blueprints.templates.pages.public import PUBLIC

__all__ = ["PAGES", "PUBLIC", "editor", "overview", "versions"]
