"""What the doors that speak HTTP have in common: the weather of the day, and answers that come late or never."""

from __future__ import annotations

import random
import threading
from dataclasses import replace

from infra.devtools.journal import Entry
from infra.devtools.telco.callbacks import Callbacks
from infra.devtools.telco.network import Telco
from infra.devtools.telco.stories import Stories
from infra.devtools.web import Response

EARLY_SECONDS = 0.7


class Door:
    """The network, what becomes of texts in it, and the way back to the sender: what every door is given."""

    def __init__(self, telco: Telco, stories: Stories, callbacks: Callbacks) -> None:
        self.telco = telco
        self.stories = stories
        self.callbacks = callbacks

    def weathered(self) -> bool:
        """Wait as long as the weather has it. True when this answer is to be an error of the provider's own."""
        if self.telco.weather.latency_ms:
            threading.Event().wait(self.telco.weather.latency_ms / 1000)
        return self.fails()

    def fails(self) -> bool:
        """Whether this answer is to be an error of the provider's own."""
        return random.random() < self.telco.weather.error_rate

    def accepted(self, entry: Entry, answer: Response) -> Response:
        """Begin the story of a text, and hold the answer back, or lose it, as the plan of its number has it."""
        self.stories.begin(entry)
        cut, seconds = self.answering(entry)
        return replace(answer, cut=cut, after_seconds=seconds)

    def answering(self, entry: Entry) -> tuple[bool, float]:
        """Whether the connection is cut instead of an answer, and after how many seconds there is one."""
        plan, to, body = str(entry["plan"]), str(entry["to"]), str(entry["body"])
        if plan == "early":
            return False, EARLY_SECONDS
        if plan not in ("swallow", "stall") or not self.telco.first_time(plan, to, body):
            return False, 0.0
        return plan == "swallow", self.telco.weather.stall_seconds if plan == "stall" else 0.0
