"""The whole product, started the way people start it, and browsers to use it with."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from infra.dev import ports
from shopbell.settings import ROOT
from tests.journeys.caller import Caller
from tests.journeys.quiet import CHAIN, QuietTimes

READY_SECONDS = 300
TOLD_SECONDS = 5.0
"""Within this time after the commit, e-mail and SMS have arrived, while the machine is not busy with more than that."""
SEEN_SECONDS = 20.0
"""A page shows what was done, on a busy machine as well."""
expect.set_options(timeout=SEEN_SECONDS * 1000)

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: ViewportSize = {"width": 390, "height": 844}
PICTURES = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Door:
    """A face of the product, as the start-up message names it."""

    url: str
    user: str
    password: str


@dataclass(frozen=True)
class Product:
    """The running product; `said` is what it printed when it was ready."""

    port: int
    said: str
    environ: dict[str, str]

    def command(self, *arguments: str) -> str:
        """What one of the product's own commands prints, run beside it."""
        done = subprocess.run(
            [sys.executable, "-m", "infra.cli", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    def pages(self, chain: str) -> str:
        return f"http://{chain}.localhost:{self.port}"

    def door(self, chain: str, face: str) -> Door:
        """A sign-in of the demo chains."""
        found = re.search(rf"{face}\s+(http://{chain}\.localhost\S+)\s+(\S+)\s+(\S+)", self.said)
        assert found, self.said
        return Door(*found.groups())

    def letters(self, to: str) -> list[dict[str, Any]]:
        """E-mails that arrived at an address, newest first."""
        return self._arrived(26, f"/mailbox/messages.json?to={to}")

    def texts(self, to: str) -> list[dict[str, Any]]:
        """SMS that arrived at a number (digits only), newest first."""
        return self._arrived(27, f"/sim/messages.json?to={to}")

    def _arrived(self, offset: int, path: str) -> list[dict[str, Any]]:
        with urlopen(f"http://127.0.0.1:{self.port + offset}{path}", timeout=5) as answer:
            found: list[dict[str, Any]] = json.load(answer)["messages"]
        return found


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """`make run` after its set-up: own servers, own data, free ports, both demo chains."""
    (ROOT / "var").mkdir(exist_ok=True)
    var_dir = Path(tempfile.mkdtemp(prefix="journey-", dir=ROOT / "var"))
    # The built-in PostgreSQL runs as a user of its own when we are root, and must get through.
    var_dir.chmod(0o755)
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environ |= {"PORT": str(port), "SHOPBELL_VAR_DIR": str(var_dir), "PYTHONUNBUFFERED": "1"}
    environ["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'platform'}"
    log = var_dir / "run.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "infra.dev"]
        running = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield Product(port, when_ready(running, log), environ)
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(60)
        except subprocess.TimeoutExpired:
            running.kill()
        shutil.rmtree(var_dir, ignore_errors=True)


def free_port() -> int:
    """A port that is free together with the three that follow from it."""
    for port in random.sample(range(20_000, 30_000, 50), 50):
        try:
            ports.must_be_free(port)
        except ports.PortProblem:
            continue
        return port
    raise AssertionError("no four free ports were found")


def when_ready(running: subprocess.Popen[bytes], log: Path) -> str:
    def ready() -> bool:
        assert running.poll() is None, log.read_text()
        return "Shopbell is ready" in log.read_text()

    wait_for(ready, seconds=READY_SECONDS, what="the product did not get ready")
    return log.read_text()


def wait_for(
    condition: Callable[[], object], *, seconds: float = TOLD_SECONDS, what: str = "nothing happened"
) -> float:
    """Until the condition holds: the seconds that took. With more work than cores it may take so much longer."""
    begun = monotonic()
    while not condition():
        allowed = seconds * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))
        assert monotonic() < begun + allowed, f"{what} within {allowed:.0f} s"
        Event().wait(0.05)
    return monotonic() - begun


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; inside a container it runs as root and cannot make a sandbox of its own."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "the browser tests need Chromium: apt-get install -y chromium"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": program, "args": [*sandbox, "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def quiet_times(product: Product) -> QuietTimes:
    """Days and people with room at a branch of lumi, each day for one journey only."""
    caller = Caller(product, CHAIN)
    caller.authorise()
    return QuietTimes(caller)


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    """A customer's phone with JavaScript switched off."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


class Pictures:
    """Screenshots for the README, taken when SHOPBELL_PICTURES is set."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wanted = bool(os.environ.get("SHOPBELL_PICTURES"))
        self.phones: list[bytes] = []

    def phone(self, page: Page) -> None:
        """One more screen for the row of phone screens."""
        if self.wanted:
            self.phones.append(page.screenshot())

    def save(self, page: Page, name: str) -> None:
        if self.wanted:
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")

    def save_phones(self, name: str) -> None:
        """The phone screens side by side, as one picture."""
        if not self.phones:
            return
        sources = (f"data:image/png;base64,{base64.b64encode(shot).decode()}" for shot in self.phones)
        images = "".join(
            f'<img src="{source}" style="border-radius:16px;border:1px solid #ccd2da">' for source in sources
        )
        page = self.browser.new_page(viewport={"width": len(self.phones) * (PHONE["width"] + 26) + 24, "height": 894})
        page.set_content(f'<body style="margin:24px;display:flex;gap:24px;background:#fff">{images}')
        self.save(page, name)
        page.close()


@pytest.fixture
def pictures(browser: Browser) -> Iterator[Pictures]:
    taken = Pictures(browser)
    yield taken
    taken.save_phones("booking")


Judge = Callable[[Page], None]


class Judgement:
    """Puts what a page shows before axe, in a second window: with JavaScript off nothing can look from inside."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.html = ""
        self.page.route("**/*", self.serve)
        self.axe = AXE.read_text()

    def serve(self, route: Route) -> None:
        if route.request.resource_type == "document":
            route.fulfill(status=200, content_type="text/html; charset=utf-8", body=self.html)
        else:
            route.continue_()

    def __call__(self, page: Page) -> None:
        # The address of a followed link is there before its page is.
        page.wait_for_load_state()
        self.html = page.content()
        self.page.goto(page.url)
        self.page.evaluate(self.axe)
        found = self.page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
        told = [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]
        assert not told, f"{page.url}\n" + "\n".join(told)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


@pytest.fixture
def judge(browser: Browser) -> Iterator[Judge]:
    """Fails on anything axe finds (WCAG 2.2 A and AA, and good practice), in light, and in dark on a narrow screen."""
    narrow: ViewportSize = {"width": 320, "height": 640}
    contexts = [
        browser.new_context(viewport=PHONE, color_scheme="light"),
        browser.new_context(viewport=narrow, color_scheme="dark"),
    ]
    judgements = [Judgement(context) for context in contexts]

    def look(page: Page) -> None:
        for judgement in judgements:
            judgement(page)

    yield look
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(browser: Browser, product: Product) -> Iterator[Callable[[str, str], Page]]:
    """A member of staff at work: signed_in("lumi", "Front desk shanghai")."""
    contexts: list[BrowserContext] = []

    def sign_in(chain: str, face: str) -> Page:
        door = product.door(chain, face)
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB"))
        page = contexts[-1].new_page()
        page.goto(door.url)
        page.fill("[name=email]", door.user)
        page.fill("[name=password]", door.password)
        page.click("form [type=submit], form button.primary")
        page.wait_for_url(door.url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
