"""Markdown as people write longer texts in it, drawn as HTML that nothing can hide in.

A subset: paragraphs, headings, lists, quotations, emphasis, links and lines. No HTML, no pictures, no code. What is not
of the subset stays as it was typed, and every line stays a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

SUBSET = ("heading", "lheading", "list", "blockquote", "hr", "reference")
WITHIN_LINES = ("emphasis", "link", "autolink", "escape", "entity", "newline")
SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)
TOP, LOWEST = 2, 6
"""The page's own title is the h1."""


class _Reader(MarkdownIt):
    """Links lead to the web, to a mailbox, to a telephone or to a page of ours, and nowhere else."""

    def validateLink(self, url: str) -> bool:
        return SAFE_LINK.match(url) is not None and super().validateLink(url)


_READER = _Reader("zero", {"html": False, "breaks": True}).enable([*SUBSET, *WITHIN_LINES])


def drawn(text: str) -> Markup:
    """The text as HTML. May be given anything at all."""
    tokens = _READER.parse(text.replace("\x00", "\ufffd"))
    _below_the_title(tokens)
    # Everything but the library's own tags was escaped by its renderer.
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704


def _below_the_title(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) - 1 + TOP, LOWEST)}"
