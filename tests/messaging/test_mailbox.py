"""The development mailbox shows mail as programs do, and answers as other servers do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import urllib3

from blueprints.messaging.channels.mime import Picture, build
from blueprints.messaging.channels.returned import signed
from blueprints.messaging.channels.returned.reports import read
from infra.devtools.returns import ANSWERS, Returns, report
from infra.devtools.tools import DevTools
from infra.devtools.web import Request, Response, WebServer
from tests.messaging.test_mail import MAIL

BACK = "b1@bounce.shopbell.localhost"
HTML = "<style>@media (prefers-color-scheme: dark) { p { color: red } }</style><p>Hi <img src='cid:1@logo' alt=''></p>"


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("gone", "bounce", "no_such_address"),
        ("full", "bounce", "mailbox_full"),
        ("late", "late", "server_trouble"),
        ("spam", "complaint", "complaint"),
    ],
)
def test_each_answer_is_what_its_button_says(answer: str, kind: str, reason: str) -> None:
    found = read(report(BACK, "lan@example.com", answer))
    assert (found.kind, found.reason) == (kind, reason)
    assert answer in ANSWERS


def test_a_mail_is_shown_in_light_and_in_dark_and_sent_back_signed() -> None:
    heard: list[Request] = []

    def product(request: Request) -> Response:
        heard.append(request)
        return Response(204)

    door = WebServer("127.0.0.1", 0, product)
    door.start()
    tools = DevTools(returns=Returns(f"127.0.0.1:{door.port}", "start.localhost", "secret"))
    tools.start()
    raw = build(replace(MAIL, html=HTML, pictures=(Picture("1@logo", "image/png", b"png"),)))
    mail_id = tools.mailbox.keep(BACK, ["lan@example.com"], raw)
    root = f"http://127.0.0.1:{tools.ports['mailbox page']}/messages/{mail_id}"

    def get(path: str) -> str:
        return urllib3.request("GET", root + path).data.decode()

    def press(answer: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request("POST", f"{root}/answer", body=f"answer={answer}", redirect=False)

    dark, light = get("/html?scheme=dark"), get("/html?scheme=light")
    assert "@media all" in dark
    assert "@media not all" in light
    assert "data:image/png;base64,cG5n" in dark
    assert BACK in get("?scheme=dark")
    answered = press("gone")
    assert "Sent+back" in answered.headers["Location"]
    (request,) = heard
    assert request.query == {"recipient": [BACK]}
    sent_at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
    signed.check("secret", request.headers, request.body, sent_at)
    assert press("x").status == 404
    tools.close()
    door.close()


def test_a_product_that_is_away_is_named() -> None:
    assert "did not answer" in Returns("127.0.0.1:9", "start.localhost", "").send(BACK, "lan@example.com", "gone")
