"""Providers, relay and workers as processes of their own, for the benchmarks of messages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra.bench.stage import Stage, pause
from infra.devtools.tools import OFFSETS
from shopbell.settings import ROOT

WORKERS = os.cpu_count() or 2
READY_SECONDS = 30.0


@contextmanager
def outside(stage: Stage, *, workers: int = WORKERS) -> Iterator[list[int]]:
    """The development mailbox and telephone network at the ports that the settings name, a relay, and workers.

    Yields the process ids of the workers.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        environ = environment(stage, Path(folder))
        running.enter_context(process("infra.devtools", environ))
        _listening(stage.settings.port + OFFSETS["SMTP"])
        running.enter_context(process("workers.relay", environ))
        yield [running.enter_context(process("workers.run", environ)) for _ in range(workers)]


def environment(stage: Stage, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": stage.settings.database_url,
        "REDIS_URL": stage.settings.redis_url,
        "PORT": str(stage.settings.port),
        "SHOPBELL_ENVIRONMENT": "test",
        "SHOPBELL_VAR_DIR": str(folder),
    }


@contextmanager
def process(module: str, environ: Mapping[str, str]) -> Iterator[int]:
    running = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=dict(environ), stdout=subprocess.DEVNULL)
    try:
        yield running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()


def resident_megabytes(pid: int) -> float:
    """What a process holds in memory now."""
    lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _listening(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    inode = f":{port:04X}"
    while time.monotonic() < until:
        if any(inode in line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]):
            return
        pause()
    raise RuntimeError("the mailbox was not ready in time")
