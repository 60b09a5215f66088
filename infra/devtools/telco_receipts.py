"""Status callbacks: signed, in order, repeated a few times while nobody answers."""

from __future__ import annotations

import base64
import hashlib
import heapq
import hmac
import itertools
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3

from infra.devtools.journal import Entry
from infra.devtools.telco import Telco

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RETRY_AFTER_SECONDS = (0.5, 2.0, 8.0)
#: What follows acceptance: seconds after it, status, error code.
STORIES: dict[str, tuple[tuple[float, str, int | None], ...]] = {
    "deliver": ((0.0, "queued", None), (0.2, "sent", None), (0.9, "delivered", None)),
    "unreachable": ((0.0, "queued", None), (0.2, "sent", None), (0.9, "undelivered", 30003)),
    "lost": ((0.0, "queued", None), (0.2, "failed", 30008)),
    "noisy": (
        (0.0, "delivered", None),
        (0.1, "sent", None),
        (0.2, "queued", None),
        (0.3, "delivered", None),
        (0.4, "sent", None),
    ),
}


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """The X-Twilio-Signature of a form post."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class Receipts:
    """Plays out each message's story and tells the sender. One thread keeps time, a few post."""

    def __init__(self, telco: Telco, token: str, *, posters: int = 4) -> None:
        self._telco = telco
        self._token = token
        self._http = urllib3.PoolManager(num_pools=50, maxsize=posters, retries=False)
        self._due: list[tuple[float, int, str, str, int | None, int]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._posters = ThreadPoolExecutor(posters, thread_name_prefix="receipts")
        self._thread = threading.Thread(target=self._keep_time, daemon=True)
        self._thread.start()

    def follow(self, entry: Entry, plan: str) -> None:
        """Begin the story of an accepted message."""
        if plan == "silent":
            self._telco.advance(entry["id"], "sent")
            return
        for seconds, status, error in STORIES.get(plan, STORIES["deliver"]):
            self._later(seconds, entry["id"], status, error, 0)

    def close(self) -> None:
        """Stop; what was still to come is not told."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        self._posters.shutdown(cancel_futures=True)

    def _later(self, seconds: float, sid: str, status: str, error: int | None, tries: int) -> None:
        with self._changed:
            heapq.heappush(self._due, (monotonic() + seconds, next(self._order), sid, status, error, tries))
            self._changed.notify()

    def _keep_time(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                wait = self._due[0][0] - monotonic() if self._due else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                _, _, sid, status, error, tries = heapq.heappop(self._due)
            self._posters.submit(self._tell, sid, status, error, tries)

    def _tell(self, sid: str, status: str, error: int | None, tries: int) -> None:
        entry = self._telco.advance(sid, status, error_code=error)
        if entry is None or not entry["callback"]:
            return
        if not self._post(entry["callback"], _form(entry, status, error)) and tries < len(RETRY_AFTER_SECONDS):
            self._later(RETRY_AFTER_SECONDS[tries], sid, status, error, tries + 1)

    def _post(self, url: str, form: dict[str, str]) -> bool:
        headers = {"X-Twilio-Signature": signature(self._token, url, form), "User-Agent": "TwilioProxy/1.1", **FORM}
        reachable, host = _reachable(url)
        try:
            answer = self._http.request(
                "POST", reachable, body=urlencode(form), headers={**headers, "Host": host}, timeout=urllib3.Timeout(5.0)
            )
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status < 500


def _form(entry: Entry, status: str, error: int | None) -> dict[str, str]:
    form = {
        "AccountSid": entry["account_sid"],
        "ApiVersion": "2010-04-01",
        "From": entry["from"],
        "To": entry["to"],
        "MessageSid": entry["id"],
        "MessageStatus": status,
        "SmsSid": entry["id"],
        "SmsStatus": status,
    }
    if error is not None:
        form["ErrorCode"] = str(error)
    if status in ("delivered", "undelivered"):
        form["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
    return form


def _reachable(url: str) -> tuple[str, str]:
    # Names under .localhost mean this machine everywhere, yet not every resolver knows it.
    parts = urlsplit(url)
    if (parts.hostname or "").endswith(".localhost"):
        port = f":{parts.port}" if parts.port else ""
        return urlunsplit(parts._replace(netloc=f"127.0.0.1{port}")), parts.netloc
    return url, parts.netloc
