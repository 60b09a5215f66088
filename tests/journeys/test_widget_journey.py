"""The booking pages on somebody else's web site: another origin, a strict policy, no third-party cookies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserType, FrameLocator, Page, expect

from tests.journeys.conftest import PHONE, Judge, Product, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src {0}; frame-src {0} {1}"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop's own page</title>
<h1>Our shop</h1><script src="{0}/widget.js" data-branch="shanghai" data-lang="en" async></script>
<iframe src="{1}/cookie" title="A third party's cookie"></iframe></html>"""


class Site(ThreadingHTTPServer):
    """A small web site on 127.0.0.1, which also plays a third party under the name localhost."""

    def __init__(self, chain: str) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.chain = chain
        self.port = self.server_address[1]
        self.cookies_seen: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def third_party(self) -> str:
        return f"http://localhost:{self.port}"


class Pages(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/cookie":
            self.server.cookies_seen.append(self.headers.get("Cookie", ""))
            self.send_header("Set-Cookie", "third=party; SameSite=None; Secure; Path=/")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>x</title>")
            return
        self.send_header("Content-Security-Policy", POLICY.format(self.server.chain, self.server.third_party))
        self.end_headers()
        self.wfile.write(PAGE.format(self.server.chain, self.server.third_party).encode())

    def log_message(self, *args: Any) -> None:
        """Silence."""


@pytest.fixture
def site(product: Product) -> Iterator[Site]:
    with Site(product.pages("lumi")) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def visitor(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Page]:
    """A browser of its own that gives third parties no cookies."""
    arguments = [*browser_type_launch_args["args"], "--test-third-party-cookie-phaseout"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    page = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
    yield page
    browser.close()


@pytest.mark.proves("B1")
def test_a_visitor_of_another_site_books_in_the_frame(
    product: Product, site: Site, visitor: Page, signed_in: Callable[[str, str], Page]
) -> None:
    refused: list[str] = []
    visitor.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    visitor.goto(site.origin)
    wait_for(lambda: any("frame-ancestors" in text for text in refused), what="a site nobody named may frame the pages")
    name_the_site(product, site, signed_in)

    refused.clear()
    visitor.goto(site.origin)
    frame = visitor.frame_locator("iframe").first
    expect(frame.locator("h1")).to_have_text("What can we do for you?")
    tall = visitor.locator("iframe").first
    wait_for(lambda: tall.get_attribute("height") != "760", what="the frame kept its first height")
    assert tall.evaluate("frame => frame.clientWidth") <= PHONE["width"]
    book(frame)
    expect(frame.locator("h1")).to_have_text("You are booked")

    assert [text for text in refused if "Content Security Policy" in text] == []
    assert site.cookies_seen, "the third party was asked"
    assert not any(site.cookies_seen), "this browser gives third parties cookies"
    assert [cookie for cookie in visitor.context.cookies() if "lumi" in cookie["domain"]] == []
    assert "/embed/en/done/" in frame.locator("body").evaluate("body => body.ownerDocument.URL")


def test_everybody_can_read_who_works_at_a_branch(product: Product, without_script: Page, judge: Judge) -> None:
    page = without_script
    page.goto(f"{product.pages('lumi')}/book/shanghai/team?lang=en")
    judge(page)
    page.locator(".pick a").first.click()
    expect(page.get_by_role("heading", name="Free next")).to_be_visible()
    judge(page)
    page.locator(".soon a").first.click()
    expect(page.locator("h1")).to_have_text("When would you like to come?")


def name_the_site(product: Product, site: Site, signed_in: Callable[[str, str], Page]) -> None:
    """What head office does before."""
    page = signed_in("lumi", "Head office")
    page.goto(f"{product.pages('lumi')}/hq/widget")
    page.get_by_label("Sites that may show the booking pages").fill(site.origin)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


def book(frame: FrameLocator) -> None:
    frame.get_by_role("link", name="Prescription check").click()
    frame.locator(".days a:not(.off)").nth(2).click()
    frame.locator(".slots button").first.click()
    frame.get_by_label("Your name").fill("Wei Chen")
    frame.get_by_label("Mobile number").fill("13800001111")
    frame.get_by_role("button", name="Confirm booking").click()
