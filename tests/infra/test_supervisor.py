"""`make run` from the outside: it becomes ready, prints the doors, and ends with everything it started."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
CLI = """
import sys
if sys.argv[1] == "migrate" and MIGRATE_FAILS: sys.exit("no table for you")
if sys.argv[1] == "demo": print('[{"chain": "Lumi", "face": "Booking pages", "url": "http://lumi.localhost/"}]')
"""
WEB = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
print("listening", flush=True)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
WORKER = "import signal; print('working', flush=True); signal.pause()"
RUN = """
import sys
from pathlib import Path
from infra.dev import supervisor
supervisor.ROOT = Path(sys.argv[1])
supervisor.commands = lambda port: {{
    "web": [sys.executable, "-S", "-c", {web!r}, str(port)], "worker": [sys.executable, "-S", "-c", {worker!r}],
}}
sys.exit(supervisor.run())
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Starts a run whose database, Redis and product are stand-ins; what is tested is the supervisor."""
    started: list[subprocess.Popen[str]] = []

    def start(*, worker: str = WORKER, migrate_fails: bool = False) -> "subprocess.Popen[str]":
        (tmp_path / "infra").mkdir()
        (tmp_path / "infra" / "__init__.py").write_text("")
        (tmp_path / "infra" / "cli.py").write_text(f"MIGRATE_FAILS = {migrate_fails}\n{CLI}")
        given = {"DATABASE_URL": "postgresql://nowhere/x", "REDIS_URL": "redis://nowhere/0", "PORT": str(port)}
        command = [sys.executable, "-c", RUN.format(web=WEB, worker=worker), str(tmp_path)]
        started.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **given},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if word in line:
            return seen
    process.wait(20)
    raise AssertionError(f"{word!r} never came:\n{seen}\n{process.stderr.read() if process.stderr else ''}")


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_it_becomes_ready_and_a_signal_ends_all_of_it(start: Start, port: int, which: signal.Signals) -> None:
    run = start()
    printed = read_until(run, "Ctrl-C stops everything")
    assert "Shopbell is ready" in printed
    assert "http://lumi.localhost/" in printed
    assert f"http://localhost:{port + 26}/" in printed
    family = psutil.Process(run.pid).children(recursive=True)
    assert len(family) == 2
    run.send_signal(which)
    assert run.wait(20) == 0
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def test_a_child_that_dies_ends_the_run_with_its_last_lines(start: Start) -> None:
    run = start(worker="import sys; sys.exit('out of cheese')")
    _, problem = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "The worker process ended with exit code 1, so everything was stopped." in problem
    assert "    out of cheese" in problem


def test_a_failed_migration_is_told_and_nothing_else_is_started(start: Start) -> None:
    run = start(migrate_fails=True)
    printed, problem = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "Bringing the database up to date failed (shopbell migrate):\nno table for you" in problem
    assert "listening" not in printed


def test_a_taken_port_is_one_plain_sentence(start: Start, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = start()
        printed, problem = run.communicate(timeout=30)
    assert (run.returncode, printed) == (1, "")
    assert problem.strip() == (
        f"Shopbell: Port {port}, needed for Shopbell itself, is taken by another program: "
        "stop that program, or choose another with PORT=8080 make run."
    )
