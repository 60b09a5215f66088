"""Child processes of `make run`: started, their words prefixed, watched, stopped."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile

LEASH = Path(__file__).with_name("leash.py")
LAST_LINES = 15
STOP_SECONDS = 12.0


@dataclass
class Child:
    """One running process and the last things it said."""

    name: str
    process: subprocess.Popen[str]
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))

    @property
    def ended(self) -> str:
        """How it went, in words."""
        code = self.process.poll()
        if code is None:
            return "still runs"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


Inbox = SimpleQueue[Child | signal.Signals]


class Interrupted(Exception):
    """Ctrl-C or SIGTERM came."""


class Children:
    """The processes of one run. News of them, and signals to us, arrive in one inbox."""

    def __init__(self, environ: Mapping[str, str], cwd: Path, inbox: Inbox) -> None:
        self._environ, self._cwd, self._news = environ, cwd, inbox
        self._running: list[Child] = []
        self._readers: list[threading.Thread] = []

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start one in a session of its own, so that Ctrl-C in the terminal reaches us alone."""
        process = subprocess.Popen(
            [sys.executable, "-S", str(LEASH), str(os.getpid()), *command],
            cwd=self._cwd,
            env={**self._environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        child = Child(name, process)
        self._running.append(child)
        reader = threading.Thread(target=self._repeat, args=(child,), name=f"words of {name}", daemon=True)
        reader.start()
        self._readers.append(reader)
        return child

    def run_to_end(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str] | Child":
        """Run a command while the others live: how it ended, or the child that ended first. Raises Interrupted."""
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            process = subprocess.Popen(
                [sys.executable, "-S", str(LEASH), str(os.getpid()), *command],
                cwd=self._cwd,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                while process.poll() is None:
                    ended = self.news(0.05)
                    if ended is not None:
                        return ended
            finally:
                process.terminate()
                process.wait()
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, process.returncode, out.read(), err.read())

    def news(self, seconds: float | None = None) -> Child | None:
        """Who ended; None when nobody did in time. Without `seconds` it waits for ever. Raises Interrupted."""
        try:
            received = self._news.get(timeout=seconds)
        except Empty:
            return None
        if isinstance(received, signal.Signals):
            raise Interrupted
        return received

    def stop(self) -> None:
        """Ask all to end, the last started first; after twelve seconds, or at a second signal, insist."""
        for child in reversed(self._running):
            _signal_group(child, signal.SIGTERM, whole=False)
        until = time.monotonic() + STOP_SECONDS
        with suppress(Interrupted):
            while any(child.process.poll() is None for child in self._running) and time.monotonic() < until:
                self.news(0.05)
        for child in self._running:
            _signal_group(child, signal.SIGKILL, whole=True)
            child.process.wait()
        for reader in self._readers:
            reader.join(1)

    def _repeat(self, child: Child) -> None:
        stream = child.process.stdout
        if stream is None:
            return
        with stream:
            for line in stream:
                child.last_lines.append(line.rstrip())
                print(f"{child.name:>8} | {line.rstrip()}", flush=True)
        child.process.wait()
        self._news.put(child)


def _signal_group(child: Child, which: signal.Signals, *, whole: bool) -> None:
    """Signal the process, or everything it started too: its own children share its group."""
    try:
        if whole:
            os.killpg(child.process.pid, which)
        elif child.process.poll() is None:
            child.process.send_signal(which)
    except (ProcessLookupError, PermissionError):
        return
