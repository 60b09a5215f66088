"""The same requests spread over many chains and sent to one: what switching costs, and the memory it takes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import partial

from infra.bench.crowd import backends, crowd
from infra.bench.django_peer import beside
from infra.bench.load import drive, request_bytes
from infra.bench.measure import Measurement, interleaved
from infra.bench.stage import Stage

ROUNDS = 3


def tenants(stage: Stage) -> Measurement:
    """The booking page's first step. The largest size counts; the detail has the others and the memory."""
    told, ratio, spread, one = [], 0.0, 0.0, 0.0
    for size in stage.sizes:
        chains = crowd(stage, size)
        pages = [request_bytes("GET", "/", {"Host": f"{chain.host}:{stage.port}"}) for chain in chains]
        warm(stage, pages)
        spread, one, _ = interleaved(partial(rate_of, stage, pages), partial(rate_of, stage, pages[:1]), ROUNDS)
        ratio = one / spread
        count, megabytes = backends(stage.database)
        told.append(f"{len(chains)}: {ratio:.2f} and {megabytes:.0f} MB in {count} backends")
    told.append(beside(ratio, lambda peer: peer.spread, "times the same on one", stage.sizes[-1]))
    goal = "time spread / time on one <= 1.3"
    return Measurement("tenants", spread, "per s", one, ratio, goal, ratio <= 1.3, "; ".join(told))


def rate_of(stage: Stage, pages: list[bytes]) -> float:
    return drive(stage.port, partial(at_random, pages)).rate(200)


def warm(stage: Stage, pages: list[bytes]) -> None:
    """Let every process and connection meet every chain once; what that costs is not what is measured."""
    for _ in range(2):
        drive(stage.port, lambda number: iter(pages[number:] + pages[:number]), seconds=len(pages) / 4 + 2)


def at_random(pages: Sequence[bytes], seed: int) -> Iterator[bytes]:
    choice = random.Random(seed)
    while True:
        yield choice.choice(pages)
