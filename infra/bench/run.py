"""Runs benchmarks and prints what came of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

import click

from infra.bench.crowd import chains
from infra.bench.earliest import earliest
from infra.bench.fairness import fairness
from infra.bench.first import FIRST
from infra.bench.measure import HEAD
from infra.bench.migrate import migrate
from infra.bench.mixed import mixed
from infra.bench.notify import notify
from infra.bench.stage import stage
from infra.bench.tenants import tenants

ALL = {**FIRST, "mixed": mixed, "notify": notify, "fairness": fairness, "earliest": earliest}
"""The largest comes last: it takes minutes to load."""
NAMED_ONLY = {"chains": chains, "migrate": migrate, "tenants": tenants}
"""They make hundreds of chains, and run only when they are asked for."""
KNOWN = {**ALL, **NAMED_ONLY}


def run(names: Sequence[str] = (), *, as_json: bool = False, sizes: Sequence[int] = ()) -> int:
    """Run the named benchmarks, or all but those of many chains, which make `sizes` of them.

    Returns 0 when they could be measured, whether or not goals were met.
    """
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        raise click.ClickException(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(KNOWN)}.")
    results = []
    with stage() as product:
        product.sizes = tuple(sorted(sizes)) or product.sizes
        if not as_json:
            click.echo(f"{os.cpu_count()} cores; load before the run {os.getloadavg()[0]:.2f}\n{HEAD}")
        for name in names or ALL:
            result = KNOWN[name](product)
            results.append(result)
            if not as_json:
                click.echo(result.line())
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], indent=1))
    return 0
