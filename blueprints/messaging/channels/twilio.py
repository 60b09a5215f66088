"""The Twilio Messages contract, as a client: send, look for what was sent, check a receipt's signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from blueprints.messaging.channels.outcomes import InDoubt, NotNow, Refused

PAGE_SIZE = 50
MOST_PAGES = 10
CLOCK_DIFFERENCE = timedelta(minutes=5)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
#: Answers that speak of our account or of the service and not of this message.
NOT_THE_MESSAGE = frozenset({401, 403, 404, 429})


@dataclass(frozen=True)
class Found:
    """A message the provider has: its reference and status."""

    ref: str
    status: str


class TwilioSms:
    """A client over a pool of kept-alive connections. Safe between threads.

    `step_seconds` bounds each step on the network: connecting, and waiting for the answer.
    """

    def __init__(self, base: str, account_sid: str, token: str, sender: str, *, step_seconds: float) -> None:
        self._base = base.rstrip("/")
        self._path = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._sender = sender
        self._headers = {**urllib3.make_headers(basic_auth=f"{account_sid}:{token}"), "Accept": "application/json"}
        self._http = urllib3.PoolManager(
            num_pools=4, maxsize=32, retries=False, timeout=urllib3.Timeout(connect=step_seconds, read=step_seconds)
        )

    def send(self, to: str, body: str, callback: str) -> str:
        """Hand one message over and return the provider's reference. Raises Refused, NotNow or InDoubt."""
        fields = {"To": to, "From": self._sender, "Body": body, "StatusCallback": callback}
        status, answer = self._ask("POST", self._path, urlencode(fields))
        if status == 201 and isinstance(answer.get("sid"), str):
            return str(answer["sid"])
        reason = f"{answer.get('code', status)} {answer.get('message', 'no reason given')}"
        if status in NOT_THE_MESSAGE:
            raise NotNow(reason)
        if 400 <= status < 500 and status != 408:
            raise Refused(reason)
        raise InDoubt(reason)

    def find(self, to: str, body: str, since: datetime) -> list[Found]:
        """What the provider has of this text for this number since that instant, newest first.

        The list is read by number alone: a message still waiting there has no DateSent to filter by. Raises NotNow
        or InDoubt when the question itself fails.
        """
        found = []
        for entry in self._newest_first(to):
            if parsedate_to_datetime(entry["date_created"]) < since - CLOCK_DIFFERENCE:
                break
            # A trial account puts a sentence before the text.
            if str(entry["body"]).endswith(body):
                found.append(Found(str(entry["sid"]), str(entry["status"])))
        return found

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._http.clear()

    def _newest_first(self, to: str) -> Iterator[dict[str, Any]]:
        page: str | None = f"{self._path}?{urlencode({'To': to, 'PageSize': PAGE_SIZE})}"
        for _ in range(MOST_PAGES):
            if page is None:
                return
            status, answer = self._ask("GET", page)
            if status != 200 or not isinstance(answer.get("messages"), list):
                raise NotNow(f"{status} {answer.get('message', 'no list')}")
            yield from answer["messages"]
            page = answer.get("next_page_uri")
        raise NotNow("the provider's list is too long to be sure")

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, Mapping[str, Any]]:
        headers = {**self._headers, **FORM} if body else self._headers
        try:
            response = self._http.request(method, self._base + path, body=body, headers=headers)
        except (NewConnectionError, ConnectTimeoutError) as error:
            raise NotNow("the provider cannot be reached") from error
        except HTTPError as error:
            raise InDoubt(f"the connection ended before the answer: {type(error).__name__}") from error
        return response.status, _members(response.data)


def _members(data: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(data)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def signature(token: str, url: str, form: Mapping[str, Sequence[str]]) -> str:
    """The X-Twilio-Signature of a form post: HMAC-SHA1 over the address and the sorted names with their values.

    A name's repeated values are taken once each, sorted.
    """
    signed = url + "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def is_genuine(token: str, url: str, form: Mapping[str, Sequence[str]], given: str) -> bool:
    """Whether a callback was signed with our token, for this address with or without its port."""
    spellings = (signature(token, spelling, form) for spelling in _with_and_without_port(url))
    return any(hmac.compare_digest(spelling.encode(), given.encode()) for spelling in spellings)


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return urlunsplit(parts._replace(netloc=host)), urlunsplit(parts._replace(netloc=f"{host}:{port}"))
