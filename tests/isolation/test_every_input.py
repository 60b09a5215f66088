"""Every form that a page shows and every input that the API describes, spoiled one field at a time: never our error."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.isolation.furnished import furnish
from tests.isolation.walk import built, endpoints

NASTY_TEXTS = ["a\x00\u202e", "9" * 400, "0001-01-01"]
AT_LENGTH = "SHOPBELL_FUZZ_EXAMPLES" in os.environ
NASTY_VALUES: list[Any] = ["\x00\ud83d", "9999-12-31T23:59:59Z", None, True, -1, 2**70, float("nan"), [], {"\x00": 1}]


class Forms(HTMLParser):
    """The forms of a page that change something: where they go, and their fields with what is in them."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.fields = address, list[tuple[str, dict[str, str]]](), dict[str, str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.fields = {}
            if given.get("method", "").lower() == "post":
                action = given.get("action") or self.address
                self.found.append((f"{urlsplit(action).path}?{urlsplit(action).query}", self.fields))
        elif tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.fields.setdefault(given["name"], given.get("value", "1"))


@pytest.fixture
def own(database, shop):
    """The ids and names of everything that the signed-in chain has."""
    return furnish(database, shop)


def addresses(app, own) -> Iterator[str]:
    """Every page there is, with the chain's own ids."""
    plain = [
        rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not (rule.arguments or rule.subdomain)
    ]
    for rule in [*plain, *(rule for rule, method in endpoints(app) if method == "GET")]:
        if not rule.rule.startswith(("/api/", "/static/")) and not rule.rule.endswith(".js"):
            yield built(app, rule, own)


def every_form(app, own, browser) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for address in addresses(app, own):
        answer = browser.get(address, buffered=True)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = Forms(address)
            page.feed(answer.text)
            for action, fields in page.found:
                found.setdefault(action, {}).update(fields)
    return found


def test_no_form_makes_us_stumble(app, own, sign_in_as):
    browser = sign_in_as("hq")
    wrong, count = [], 0
    forms = every_form(app, own, browser)
    assert len(forms) > 40
    for action, sent in spoiled(forms):
        count += 1
        status = browser.post(action, data=sent).status_code
        if status >= 500:
            wrong.append((action, sent, status))
    assert wrong == []
    assert count > 300


def spoiled(forms: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each field of each form with one of the nasty texts in turn, at length with each of them; then all fields of a
    form at once."""
    turns = cycle(NASTY_TEXTS)
    for action, fields in forms.items():
        if not fields or action.startswith("/sign-out"):
            continue
        for name in one_of_each(fields):
            for nasty in NASTY_TEXTS if AT_LENGTH else (next(turns),):
                yield action, {**fields, name: nasty}
        for nasty in NASTY_TEXTS if len(fields) > 1 else ():
            yield action, dict.fromkeys(fields, nasty)


def one_of_each(fields: dict[str, str]) -> list[str]:
    """Of fields that differ in a number alone, as those of weekdays and steps do, the last."""
    return list({re.sub(r"\d+", "#", name): name for name in fields}.values())


def plausible(schema: dict[str, Any], schemas: dict[str, Any], name: str, own) -> Any:
    """Something a caller might send there."""
    schema = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    kind = schema.get("type", "object")
    kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if kind == "object":
        return {key: plausible(inner, schemas, key, own) for key, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [plausible(schema.get("items", {}), schemas, name.removesuffix("s"), own)]
    if schema.get("format") == "uuid":
        return str(own.values.get({"staff": "person_id"}.get(name, f"{name}_id"), own.values["booking_id"]))
    known = {"date": "2026-03-03", "date-time": "2026-03-03T10:00:00+08:00", "email": "a@example.com"}
    text = known.get(schema.get("format", ""), (schema.get("enum") or ["13812345678"])[0])
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, text)


def test_no_document_makes_the_api_stumble(app, own, api_client, sign_in_as):
    desk = sign_in_as("hq")
    callers, wrong, count = (api_client(), desk), [], 0
    document = desk.get("/api/v1/openapi.json").get_json()
    for rule, method in endpoints(app, all_rules=True):
        operation = document["paths"].get(path_of(rule), {}).get(method.lower(), {})
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        good = plausible(body, document["components"]["schemas"], "", own) if body else {}
        for sent in [{**good, name: value} for name in good for value in NASTY_VALUES]:
            for caller in callers:
                status = send(caller, method, built(app, rule, own), sent)
                count += 1
                if status >= 500:
                    wrong.append((method, rule.rule, sent))
    assert wrong == []
    assert count > 500


def send(caller, method: str, address: str, document: Any) -> int:
    answer = caller.open(address, method=method, data=json.dumps(document), content_type="application/json")
    return answer.status_code


def path_of(rule) -> str:
    """As the description writes it: without the kinds of the parameters."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
