"""Starts the product on one machine and stops all of it again: what `make run` does once the set-up is done."""

import errno
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from infra.dev import ports
from infra.dev.children import Child, Children, Inbox, Interrupted
from infra.dev.welcome import SignIn, welcome
from shopbell import embedded

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0
# They would work through three weeks of made-up bookings while these are still being made.
AFTER_DEMO = {"relay", "worker"}


class CannotRun(Exception):
    """The product cannot be started; the text is for whoever typed the command."""


def run(environ: Mapping[str, str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM and return 0; return 1, having said why, when something cannot start or ends.

    Starts the built-in database and Redis where `environ` names none, brings the schemas up to date, has the demo
    chains made, and runs web, relay, worker and the development tools until the end. Everything started is stopped.
    """
    begun = time.monotonic()
    env = dict(os.environ if environ is None else environ)
    var_dir = Path(env.get("SHOPBELL_VAR_DIR") or ROOT / "var")
    try:
        port = ports.chosen(env)
        ports.must_be_free(port)
        with signals_told() as inbox, embedded.services(var_dir, env) as urls:
            env |= {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url, "PORT": str(port)}
            return _serve(Children(env, ROOT, inbox), port, begun)
    except Interrupted:
        print("\nStopped.", flush=True)
        return 0
    except (CannotRun, ports.PortProblem, embedded.EmbeddedProblem) as problem:
        return _say(str(problem))
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            return _say(f"The disk is full: there is no space left in {problem.filename or var_dir}.")
        raise


def commands(port: int) -> dict[str, list[str]]:
    """What runs beside each other, by the name its lines are prefixed with."""
    python = sys.executable
    # Each web process may open eight connections, and the built-in database takes a hundred.
    workers = str(min(os.cpu_count() or 1, 8))
    gunicorn = [python, "-m", "gunicorn", "--worker-class", "gthread", "--workers", workers, "--threads", "4"]
    # Loaded once and forked: what that opens is closed again, so no two processes share a connection.
    quiet = ["--preload", "--no-control-socket", "--log-level", "warning", "--graceful-timeout", "8"]
    return {
        "tools": [python, "-m", "infra.devtools"],
        "web": [*gunicorn, *quiet, "--bind", f"127.0.0.1:{port}", "infra.wsgi:app"],
        "relay": [python, "-m", "workers.relay"],
        "worker": [python, "-m", "workers.run"],
    }


@contextmanager
def signals_told() -> Iterator[Inbox]:
    """Have Ctrl-C, SIGTERM and a closed terminal arrive as news instead of breaking in anywhere."""
    inbox: Inbox = SimpleQueue()
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {which: signal.signal(which, lambda number, _: inbox.put(signal.Signals(number))) for which in wanted}
    try:
        yield inbox
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _serve(children: Children, port: int, begun: float) -> int:
    try:
        _shopbell(children, "Bringing the database up to date", "migrate")
        wanted = commands(port)
        for name in wanted.keys() - AFTER_DEMO:
            children.start(name, wanted[name])
        answer = _shopbell(children, "Looking after the demo chains", "demo", "--json")
        for name in wanted.keys() & AFTER_DEMO:
            children.start(name, wanted[name])
        _wait_until_ready(children, port)
        print(welcome(port, sign_ins(answer), time.monotonic() - begun), flush=True)
        return _watch(children)
    finally:
        children.stop()


def _shopbell(children: Children, what: str, *arguments: str) -> str:
    """Run one of the product's own commands to its end and return what it printed. Raises CannotRun, Interrupted."""
    print(f"{what} ...", flush=True)
    done = children.run_to_end([sys.executable, "-m", "infra.cli", *arguments])
    if isinstance(done, Child):
        raise CannotRun(_obituary(done))
    if done.returncode:
        words = (done.stderr or done.stdout).strip()
        if "No space left on device" in words:
            raise CannotRun("The disk is full: the database has no space left.")
        raise CannotRun(f"{what} failed (shopbell {' '.join(arguments)}):\n{words[-4000:]}")
    for line in done.stderr.splitlines():
        print(f"  {line}", flush=True)
    return done.stdout


def sign_ins(answer: str) -> list[SignIn]:
    """What `shopbell demo --json` prints last: a list of {chain, face, url, user, password}, the last two optional."""
    lines = [line for line in answer.splitlines() if line.startswith("[")]
    return [SignIn(**row) for row in json.loads(lines[-1])] if lines else []


def _wait_until_ready(children: Children, port: int) -> None:
    """Return once /readyz says so. Raises CannotRun when a child ends or time is up, Interrupted when a signal came."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if answers(f"http://127.0.0.1:{port}/readyz"):
            return
        news = children.news(0.1)
        if news is not None:
            raise CannotRun(_obituary(news))
    raise CannotRun(f"Shopbell was not ready after {READY_SECONDS:.0f} s: http://127.0.0.1:{port}/readyz says why.")


def answers(url: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _watch(children: Children) -> int:
    """Wait for the end: a child's is a failure, a signal is what was asked for."""
    try:
        news = children.news()
    except Interrupted:
        print("\nStopping ...", flush=True)
        return 0
    if news is None:
        return 0
    raise CannotRun(_obituary(news))


def _obituary(child: Child) -> str:
    said: Sequence[str] = list(child.last_lines) or ["(nothing)"]
    last = "\n".join(f"    {line}" for line in said)
    return f"The {child.name} process {child.ended}, so everything was stopped. Its last lines:\n{last}"


def _say(problem: str) -> int:
    print(f"\nShopbell: {problem}", file=sys.stderr, flush=True)
    return 1
