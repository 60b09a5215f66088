"""What becomes of accepted texts, step by step, told by the door that took them. One thread keeps time, a few tell."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from infra.devtools.journal import Entry
from infra.devtools.telco import plans
from infra.devtools.telco.network import Telco
from infra.devtools.telco.plans import Step

RETRY_AFTER_SECONDS = (0.5, 2.0, 8.0)

#: Tells the sender of a text what became of it, in its provider's words. False when nobody took it: it is told again.
Tell = Callable[[Entry, Step], bool]


class Stories:
    """Plays them out until closed."""

    def __init__(self, telco: Telco, *, tellers: int = 8) -> None:
        self._telco = telco
        self._tell: dict[str, Tell] = {}
        self._due: list[tuple[float, int, str, Step, int]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._tellers = ThreadPoolExecutor(tellers, thread_name_prefix="receipts")
        self._thread = threading.Thread(target=self._keep_time, daemon=True)
        self._thread.start()

    def told_by(self, dialect: str, tell: Tell) -> None:
        """From now on this tells of the texts of a dialect."""
        self._tell[dialect] = tell

    def begin(self, entry: Entry, *, plan: str = "") -> None:
        """Begin the story of an accepted text: that of its number, or another one."""
        plan = plan or str(entry["plan"])
        if plan == "silent":
            self._telco.advance(str(entry["id"]), "sent")
        for step in plans.story(plan, self._telco.weather.late_seconds):
            self._later(step.seconds, str(entry["id"]), step, 0)

    def close(self) -> None:
        """Stop; what was still to come is not told."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        self._tellers.shutdown(cancel_futures=True)

    def _later(self, seconds: float, text_id: str, step: Step, tries: int) -> None:
        with self._changed:
            heapq.heappush(self._due, (monotonic() + seconds, next(self._order), text_id, step, tries))
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
                _, _, text_id, step, tries = heapq.heappop(self._due)
            self._tellers.submit(self._happen, text_id, step, tries)

    def _happen(self, text_id: str, step: Step, tries: int) -> None:
        entry = self._telco.advance(text_id, step.status, reason=step.reason)
        if entry is None:
            return
        tell = self._tell.get(str(entry["dialect"]))
        if tell is not None and not tell(entry, step) and tries < len(RETRY_AFTER_SECONDS):
            self._later(RETRY_AFTER_SECONDS[tries], text_id, step, tries + 1)
