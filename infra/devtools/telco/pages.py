"""The phone screens, the JSON listing and the switches of the simulator."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from infra.devtools.journal import Entry
from infra.devtools.pages import draw, stylesheet
from infra.devtools.telco.console import Console, Template
from infra.devtools.telco.network import Telco
from infra.devtools.telco.plans import MAGIC_ENDINGS, PLANS
from infra.devtools.telco.replies import NobodyWrote, Replies
from infra.devtools.web import Request, Response, answer_json, answer_page

REFRESH_SECONDS = 4
SHOWN_NUMBERS = 60
SHOWN_MESSAGES = 50
SEARCHED = 2000
LONGEST_REPLY = 1000


class Pages:
    """Answers what is not a provider's API."""

    def __init__(self, telco: Telco, console: Console, replies: Replies, judge: Callable[[Template], object]) -> None:
        self._telco = telco
        self._console = console
        self._replies = replies
        self._judge = judge
        self._shown: dict[str, Callable[[Request], Response]] = {
            "/": self._phones,
            "/screen": self._screen,
            "/devtools.css": lambda request: stylesheet(),
            "/sim/messages.json": self._listing,
            "/sim/console.json": lambda request: answer_json(self._console.overview()),
        }
        self._changes: dict[str, Callable[[dict[str, Any]], None]] = {
            "/sim/faults": self._set_fault,
            "/sim/callbacks": self._set_callback,
            "/sim/templates": self._set_template,
            "/sim/signs": lambda wanted: self._console.put_sign(wanted["sign"], approved=bool(wanted["approved"])),
        }

    def answer(self, request: Request) -> Response:
        """Answer a request to the simulator's own pages."""
        if request.method == "POST" and request.path == "/sim/reply":
            return self._reply(request)
        if request.method == "POST" and request.path in self._changes:
            return self._change(self._changes[request.path], request.body)
        show = self._shown.get(request.path)
        return show(request) if show else answer_page(draw("missing.html", title="Phones"), 404)

    def _phones(self, request: Request) -> Response:
        to, paused, chosen = request.one("to"), bool(request.one("pause")), request.one("number")
        found = self._telco.conversation(to=to)[:SEARCHED]
        numbers = Counter(entry["to"] for entry in found)
        number = chosen if chosen in numbers else next(iter(numbers), "")
        page = draw(
            "phone.html",
            title="Phones",
            to=to,
            paused=paused,
            number=number,
            writing=bool(number) and number == chosen,
            numbers=list(numbers.items())[:SHOWN_NUMBERS],
            messages=_newest_of(found, number),
            plan=self._telco.plan_for(number),
            plans=PLANS,
            magic=MAGIC_ENDINGS,
        )
        # With a number chosen there is something to type into, which loading the page again would throw away.
        return answer_page(page, refresh_seconds=0 if paused or number == chosen else REFRESH_SECONDS)

    def _screen(self, request: Request) -> Response:
        number = request.one("number")
        found = self._telco.conversation(to=number)
        return answer_page(
            draw("screen.html", title=number, messages=_newest_of(found, number)), refresh_seconds=REFRESH_SECONDS
        )

    def _listing(self, request: Request) -> Response:
        limit = request.whole("limit", 1000, 100_000)
        found = self._telco.messages(to=request.one("to"), dialect=request.one("dialect"), limit=limit)
        return answer_json({"total": self._telco.journal.total, "messages": found})

    def _reply(self, request: Request) -> Response:
        """A form from the phone's page, or the same as JSON."""
        from_page = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        try:
            fields = {name: values[-1] for name, values in request.form.items()} if from_page else request.json
            number, text = str(fields["number"]), str(fields["text"]).strip()
            if not 0 < len(text) <= LONGEST_REPLY:
                raise ValueError
            entry, told = self._replies.write(number, text)
        except (ValueError, KeyError, TypeError):
            return answer_json({"error": f"Give number, and text of at most {LONGEST_REPLY} letters"}, 400)
        except NobodyWrote:
            return answer_json({"error": "Nobody has written to this number, so there is nobody to answer"}, 404)
        if from_page:
            return Response(303, headers={"Location": f"/?{urlencode({'number': number})}"})
        return answer_json({"id": entry["id"], "told": told})

    def _set_fault(self, wanted: dict[str, Any]) -> None:
        """Take {"to": number, "plan": name} or the names of the weather."""
        if "plan" in wanted:
            self._telco.plan(str(wanted["to"]), str(wanted["plan"]))
        else:
            self._telco.set_weather(**wanted)

    def _set_callback(self, wanted: dict[str, Any]) -> None:
        self._console.send_to(wanted["dialect"], wanted["direction"], str(wanted["url"]))

    def _set_template(self, wanted: dict[str, Any]) -> None:
        template = Template(**wanted)
        self._console.put_template(template)
        self._judge(template)

    def _change(self, change: Callable[[dict[str, Any]], None], body: bytes) -> Response:
        try:
            change(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            return answer_json({"error": "docs/simulator.md says what may be given here", "plans": PLANS}, 400)
        weather = self._telco.weather
        return answer_json({"latency_ms": weather.latency_ms, "error_rate": weather.error_rate})


def _newest_of(found: Sequence[Entry], number: str) -> list[Entry]:
    """A number's texts, oldest first, the parts of a long one put together as its phone does."""
    shown: list[Entry] = []
    parts: dict[tuple[Any, ...], Entry] = {}
    for entry in reversed(found):
        if entry["to"] != number:
            continue
        part = entry["extra"].get("part")
        if part is None:
            shown.append(entry)
            continue
        key = (entry["from"], part["reference"], part["total"])
        if key not in parts:
            parts[key] = {**entry, "pieces": {}, "num_segments": part["total"]}
            shown.append(parts[key])
        whole = parts[key]
        whole["pieces"][part["number"]] = entry["body"]
        whole["body"] = "".join(whole["pieces"].get(each, "…") for each in range(1, part["total"] + 1))
        whole["status"] = entry["status"]
        if len(whole["pieces"]) == part["total"]:
            # References are used again after a while.
            del parts[key]
    return shown[-SHOWN_MESSAGES:]
