"""How far an account is trusted at the moment, after what came of its last messages. Pure.

An account's *share* is the part of its messages, in hundredths, that it is still asked first to bring. Trouble takes it
away in steps, calm gives it back in smaller ones, so that an account that comes and goes does not get everything
again at once. Each step says why (GOV.UK Notify does so between its two providers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shopbell.sms_providers import SmsProvider

WINDOW = timedelta(minutes=10)
ENOUGH = 5
"""So many messages in a window say something."""
TROUBLED_PERCENT, DOWN_PERCENT = 20, 80
SLOW_PERCENT = 15
SLOW_SECONDS = 5.0
HEARD_WITHIN = timedelta(minutes=5)
UNHEARD_PERCENT = 50
"""A phone that is switched off says nothing either, and that is not the account's fault."""
STEP, STEP_BACK, LEAST = 30, 10, 5
"""What is left of the share even now: somebody has to find out that the account is well again."""
PAUSE = timedelta(minutes=1)
CALM = timedelta(minutes=5)
FULL = 100


@dataclass(frozen=True)
class Standing:
    """An account's share, since when, and which change that was."""

    share: int = FULL
    version: int = 0
    changed_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Tally:
    """What came of an account's messages in a window. `slow` were taken, but late.

    `due` were taken in the window that ended HEARD_WITHIN ago, so that their receipts should be here; of `unheard`
    there is none.
    """

    taken: int = 0
    troubled: int = 0
    slow: int = 0
    due: int = 0
    unheard: int = 0

    @property
    def all(self) -> int:
        return self.taken + self.troubled

    @property
    def silent(self) -> bool:
        """Whether receipts have stopped coming, or come late."""
        return self.due >= ENOUGH and self.unheard * 100 >= self.due * UNHEARD_PERCENT


def steps(
    keys: Sequence[str], standings: Mapping[str, Standing], tallies: Mapping[str, Tally], now: datetime
) -> dict[str, tuple[int, str]]:
    """The accounts whose share should change now, out of those that can stand in for each other: to what, and why.

    While all of them are in trouble nobody loses anything: it would only move the trouble about.
    """
    well = {key for key in keys if not _trouble(tallies.get(key, Tally()))}
    found = {}
    for key in keys:
        standing, why = standings.get(key, Standing()), _trouble(tallies.get(key, Tally()))
        if why and well:
            found[key] = _less(standing, why, now)
        elif not why:
            found[key] = _more(standing, now)
    return {key: step for key, step in found.items() if step}


def _less(standing: Standing, why: str, now: datetime) -> tuple[int, str] | None:
    lower = LEAST if why == "down" else max(standing.share - STEP, LEAST)
    too_soon = standing.changed_at is not None and now - standing.changed_at < PAUSE
    return None if too_soon or lower >= standing.share else (lower, why)


def _more(standing: Standing, now: datetime) -> tuple[int, str] | None:
    calm = standing.changed_at is not None and now - standing.changed_at >= CALM
    return (min(standing.share + STEP_BACK, FULL), "calm") if calm and standing.share < FULL else None


def _trouble(tally: Tally) -> str:
    if tally.all >= ENOUGH:
        if tally.troubled * 100 >= tally.all * DOWN_PERCENT:
            return "down"
        if tally.troubled * 100 >= tally.all * TROUBLED_PERCENT:
            return "errors"
        if tally.slow * 100 >= tally.all * SLOW_PERCENT:
            return "slow"
    return "unheard" if tally.silent else ""


def in_order(
    accounts: Sequence[SmsProvider], shares: Mapping[str, int], message_id: UUID, number: str, purpose: str
) -> list[SmsProvider]:
    """The accounts that serve a message, the one to ask first in front.

    The first in the order that the chain gave them is asked first as often as its share says; always the same one for
    a message, whoever asks.
    """
    serving = sorted((one for one in accounts if one.serves(number, purpose)), key=lambda one: one.position)
    first = next((one for one in serving if _chance(message_id, one.key) < shares.get(one.key, FULL)), None)
    rest = sorted((one for one in serving if one is not first), key=lambda one: -shares.get(one.key, FULL))
    return [first, *rest] if first else rest


def _chance(message_id: UUID, key: str) -> int:
    return int.from_bytes(hashlib.sha256(message_id.bytes + key.encode()).digest()[:8], "big") % FULL
