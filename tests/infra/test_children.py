"""The processes of a run are repeated, watched and stopped, whatever they do."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import psutil
import pytest

from infra.dev.children import Child, Children, Inbox, Interrupted
from infra.dev.welcome import SignIn, welcome

WAITS = "import signal; print('up', flush=True); signal.pause()"
DEAF = "import signal; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\nwhile True: signal.pause()"


@pytest.fixture
def inbox() -> Inbox:
    return SimpleQueue()


@pytest.fixture
def children(tmp_path: Path, inbox: Inbox) -> Iterator[Children]:
    running = Children(os.environ, tmp_path, inbox)
    yield running
    running.stop()


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def wait_for(child: Child, line: str) -> None:
    """Return once the child has said the line."""
    for _ in range(500):
        if line in child.last_lines:
            return
        try:
            child.process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(f"{child.name} never said {line!r} but {list(child.last_lines)}")


def test_a_child_that_ends_is_news_with_its_last_lines(children: Children, capfd: pytest.CaptureFixture[str]) -> None:
    child = children.start("web", python("print('one'); print('两'); raise SystemExit(3)"))
    assert children.news(20) is child
    assert child.ended == "ended with exit code 3"
    assert list(child.last_lines) == ["one", "两"]
    assert "     web | 两" in capfd.readouterr().out


def test_a_child_that_was_killed_says_by_what(children: Children) -> None:
    child = children.start("worker", python(WAITS))
    wait_for(child, "up")
    child.process.kill()
    assert children.news(20) is child
    assert child.ended == "was killed by SIGKILL"


def test_stopping_ends_every_child(children: Children) -> None:
    started = [children.start(name, python(WAITS)) for name in ("web", "relay")]
    for child in started:
        wait_for(child, "up")
    children.stop()
    assert [child.ended for child in started] == ["was killed by SIGTERM"] * 2


def test_a_second_signal_ends_even_a_child_that_does_not_listen(children: Children, inbox: Inbox) -> None:
    child = children.start("web", python(DEAF))
    wait_for(child, "up")
    inbox.put(signal.SIGINT)
    children.stop()
    assert child.ended == "was killed by SIGKILL"


def test_what_a_child_started_goes_with_it(children: Children) -> None:
    program = (
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {DEAF!r}]);"
        "print(p.pid, flush=True); p.wait()"
    )
    child = children.start("web", python(program))
    wait_for(child, "up")
    grandchild = psutil.Process(int(next(line for line in child.last_lines if line.isdigit())))
    children.stop()
    psutil.wait_procs([grandchild], timeout=10)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_a_signal_interrupts_a_command_and_ends_it(children: Children, inbox: Inbox) -> None:
    inbox.put(signal.SIGTERM)
    with pytest.raises(Interrupted):
        children.run_to_end(python(WAITS))


def test_a_command_that_runs_to_its_end_gives_what_it_printed(children: Children) -> None:
    done = children.run_to_end(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(4)"))
    assert isinstance(done, subprocess.CompletedProcess)
    assert (done.returncode, done.stdout, done.stderr) == (4, "out\n", "err\n")


def test_children_do_not_outlive_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from queue import SimpleQueue;"
        "from infra.dev.children import Children;"
        f"c = Children(os.environ, Path({str(tmp_path)!r}), SimpleQueue());"
        f"print(c.start('web', [sys.executable, '-c', {WAITS!r}]).process.pid, flush=True); c.news()"
    )
    with subprocess.Popen(python(program), stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        child = psutil.Process(int(supervisor.stdout.readline()))
        assert "up" in supervisor.stdout.readline()
        supervisor.kill()
        psutil.wait_procs([child], timeout=10)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_the_welcome_names_every_door() -> None:
    doors = [
        SignIn("Lumi Optik", "Booking pages", "http://lumi.localhost:8000/"),
        SignIn("Lumi Optik", "Head office", "http://lumi.localhost:8000/hq/", "hq@lumi.example", "open sesame"),
    ]
    block = welcome(8000, doors, 4.25)
    assert "Shopbell is ready (4.2 s)." in block
    assert "    Head office     http://lumi.localhost:8000/hq/   hq@lumi.example  open sesame" in block
    assert "http://localhost:8026/" in block
    assert "http://localhost:8027/" in block
