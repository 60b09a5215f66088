"""Pages for people: Jinja environment, language, formats, error pages."""

from shopbell.pages.environment import install_pages
from shopbell.pages.rendering import render, render_error

__all__ = ["install_pages", "render", "render_error"]
