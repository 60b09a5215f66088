"""What people write back: kept in the network, and told to the customer by the door their text came through."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from infra.devtools.journal import Entry
from infra.devtools.telco.network import Telco

#: The ids of texts that come in, as far as a provider gives them one.
PREFIXES = {"twilio": "SM"}
#: Nobody can write back to these: a one-way sender id.
ONE_WAY = frozenset({"sns"})


class NobodyWrote(Exception):
    """A number that never got a text has nobody to answer."""


class Replies:
    """Answers the newest text of a number that can be answered."""

    def __init__(self, telco: Telco, doors: Mapping[str, Callable[[Entry], bool]]) -> None:
        self._telco = telco
        self._doors = doors

    def write(self, number: str, text: str) -> tuple[Entry, bool]:
        """Write back from a number; returns what was kept, and whether somebody took it. Raises NobodyWrote."""
        found = (entry for entry in self._telco.messages(to=number) if entry["to"] == number)
        answered = next((entry for entry in found if entry["dialect"] not in ONE_WAY), None)
        if answered is None:
            raise NobodyWrote(number)
        dialect = str(answered["dialect"])
        extra = {name: value for name, value in answered["extra"].items() if name != "part"}
        reply_id = PREFIXES.get(dialect, "") + secrets.token_hex(16)
        entry = self._telco.write_back(reply_id, {**answered, "extra": extra}, text)
        return entry, self._doors[dialect](entry)
