"""Longer texts are drawn as HTML that nothing can hide in."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopbell.markdown import drawn

TAGS = {"p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "em", "strong", "a"}
LINK = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)
EVIL = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<div\nonclick=alert(1)>x</div>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "<javascript:alert(1)>",
    "[r]: javascript:alert(1)\n\n[r]",
    '[x](https://a.example "onclick=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "![x](https://a.example/beacon.gif)",
    "# <svg onload=alert(1)>",
    "> <iframe src=/logo>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`</p><script>`",
    "\\<script>",
    "<!-- --><style>*{}</style>",
]


class Seen(HTMLParser):
    """Every tag with its attributes, as a browser would read them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", {}))


def harmless(text: str) -> bool:
    found = Seen(drawn(text)).tags
    return all(
        tag in TAGS and attributes.keys() <= {"href", "title", "start"} and LINK.match(attributes.get("href") or "/")
        for tag, attributes in found
    )


@pytest.mark.parametrize("text", EVIL)
def test_nothing_that_could_run_gets_through(text: str) -> None:
    assert harmless(text)
    assert harmless(f"- a\n  > {text}\n\n**{text}** _{text}_ [{text}](/legal/terms)")


@given(st.lists(st.sampled_from([*EVIL, "\n", " ", "*", "[", "]", "(", ")", "<", ">", "`", "\\", "&", "#", "-"])))
def test_nothing_gets_through_in_pieces_either(pieces: list[str]) -> None:
    assert harmless("".join(pieces))


def test_a_text_has_headings_lists_emphasis_and_links() -> None:
    page = drawn(
        "# Who we are\n\n*Lumi* **Optik**\nShanghai\n\n1. one\n2. two\n\n[Terms](/legal/terms) <https://a.example>"
    )
    assert page == (
        "<h2>Who we are</h2>\n<p><em>Lumi</em> <strong>Optik</strong><br>\nShanghai</p>\n"
        "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"
        '<p><a href="/legal/terms">Terms</a> <a href="https://a.example">https://a.example</a></p>\n'
    )


def test_headings_stay_below_the_pages_own() -> None:
    assert "<h1" not in drawn("# a\n\nb\n===")
    assert "<h6>" in drawn("###### a")
