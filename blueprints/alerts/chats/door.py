"""Stands where `requests` stands in apprise's modules, so that they reach nothing but what `shopbell.outgoing` allows.

Apprise knows how each service wants to be told; it does not look where an address leads, and takes an answer of 200
for a yes, although WeCom, DingTalk and Feishu put their refusals into one. So every request goes out by the kit's own
way, and what was answered is kept for whoever asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from apprise.plugins import dingtalk, feishu, lark, slack, telegram, wecombot, workflows
from urllib3.exceptions import HTTPError

from shopbell import runtime
from shopbell.outgoing import Trouble, ask

MODULES = (dingtalk, feishu, lark, slack, telegram, wecombot, workflows)
SECONDS = 5.0
LONGEST_ANSWER = 20_000


@dataclass(frozen=True)
class Answer:
    """As much of a response as apprise looks at."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.content)


_HEARD: ContextVar[list[Answer | Trouble] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[list[Answer | Trouble]]:
    """Everything that is answered meanwhile, in order."""
    heard: list[Answer | Trouble] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


class Door:
    """The part of `requests` that apprise's modules use."""

    codes = requests.codes
    RequestException = requests.RequestException

    def post(self, url: str, **more: Any) -> Answer:
        return self.request("POST", url, **more)

    def get(self, url: str, **more: Any) -> Answer:
        return self.request("GET", url, **more)

    def request(
        self,
        method: str,
        url: str,
        *,
        data: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        **_settings: Any,
    ) -> Answer:
        """Redirects are not followed. Raises requests.ConnectionError, which apprise takes for a failure."""
        heard = _HEARD.get()
        body = data.encode() if isinstance(data, str) else data
        question = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}" if params else url
        try:
            answer = _asked(method, question, headers or {}, body)
        except Trouble as trouble:
            if heard is not None:
                heard.append(trouble)
            raise requests.ConnectionError(trouble.code) from None
        if heard is not None:
            heard.append(answer)
        return answer


def _asked(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    private = runtime.settings().private_calendars
    if urlsplit(url).scheme != "https" and not private:
        raise Trouble("not_https")
    response = ask(method.upper(), url, headers, private=private, seconds=SECONDS, body=body)
    try:
        return Answer(response.status, response.read(LONGEST_ANSWER), dict(response.headers))
    except (HTTPError, OSError):
        raise Trouble("too_slow") from None
    finally:
        response.close()


for _module in MODULES:
    setattr(_module, "requests", Door())  # noqa: B010 - typed as the module that it takes the place of
