"""Pages for people: Jinja environment, language, formats, error pages."""

from shopbell.pages.environment import install_pages
from shopbell.pages.rendering import private, render, render_error, see

__all__ = ["install_pages", "private", "render", "render_error", "see"]
