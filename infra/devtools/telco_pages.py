"""The phone screens, the JSON listing and the switches of the simulator."""

from __future__ import annotations

import json
from collections import Counter

from infra.devtools.pages import draw, stylesheet
from infra.devtools.telco import MAGIC_NUMBERS, PLANS, Telco
from infra.devtools.telco_api import MessagesApi
from infra.devtools.web import Request, Response, answer_json, answer_page

REFRESH_SECONDS = 4
SHOWN_NUMBERS = 60
SHOWN_MESSAGES = 50
SEARCHED = 2000


def telco_app(telco: Telco, api: MessagesApi, request: Request) -> Response:
    """Answer a request to the simulator's port."""
    if request.path.startswith("/2010-04-01/"):
        return api.answer(request)
    if request.path == "/":
        return _phone(telco, request)
    if request.path == "/devtools.css":
        return stylesheet()
    if request.path == "/sim/messages.json":
        found = telco.messages(to=request.one("to"), limit=request.whole("limit", 1000, 100_000))
        return answer_json({"total": telco.journal.total, "messages": found})
    if request.path == "/sim/faults" and request.method == "POST":
        return _change(telco, request.body)
    return answer_page(draw("missing.html", title="Phones"), 404)


def _phone(telco: Telco, request: Request) -> Response:
    to, paused = request.one("to"), bool(request.one("pause"))
    found = telco.messages(to=to, limit=SEARCHED)
    numbers = Counter(entry["to"] for entry in found)
    number = request.one("number") if request.one("number") in numbers else next(iter(numbers), "")
    page = draw(
        "phone.html",
        title="Phones",
        to=to,
        paused=paused,
        number=number,
        numbers=list(numbers.items())[:SHOWN_NUMBERS],
        messages=[entry for entry in reversed(found) if entry["to"] == number][-SHOWN_MESSAGES:],
        plan=telco.plan_for(number),
        plans=PLANS,
        magic=MAGIC_NUMBERS,
    )
    return answer_page(page, refresh_seconds=0 if paused else REFRESH_SECONDS)


def _change(telco: Telco, body: bytes) -> Response:
    """Take {"to": number, "plan": name} or {"latency_ms": …, "error_rate": …}."""
    try:
        wanted = json.loads(body)
        if "plan" in wanted:
            telco.plan(str(wanted["to"]), str(wanted["plan"]))
        else:
            telco.set_weather(**wanted)
    except (ValueError, KeyError, TypeError):
        return answer_json({"error": "Give to and plan, or latency_ms and error_rate", "plans": PLANS}, 400)
    weather = telco.weather
    return answer_json({"latency_ms": weather.latency_ms, "error_rate": weather.error_rate})
