"""Makes a checkout ready: virtual environment, locked packages, front end, translations.

Runs before anything is installed, so it uses the standard library alone and imports nothing of the product. Each part
leaves a stamp with the checksum of what it was made from, and is passed over while that checksum stands.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST_NODE = 18


class CannotPrepare(Exception):
    """One plain sentence for whoever typed the command."""


def main(root: Path = ROOT) -> int:
    """Prepare the checkout at `root`. Returns the exit code; says in one sentence what is missing."""
    try:
        with only_one_at_a_time(root):
            packages(root)
            front_end(root)
            identity_provider(root)
            translations(root)
    except CannotPrepare as problem:
        print(f"\nShopbell: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"\nShopbell: {in_plain_words(problem)}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def only_one_at_a_time(root: Path) -> Iterator[None]:
    """Two commands started together must not both fill the virtual environment."""
    (root / "var").mkdir(exist_ok=True)
    with (root / "var" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def packages(root: Path) -> None:
    """The virtual environment with exactly the locked packages, and the product itself in editable form."""
    home = root / ".venv"
    python = home / "bin" / "python"
    made_by, stamp = home / ".made-by", home / ".packages"
    # Its programs name the place they were made for: a checkout that was moved needs a new environment.
    maker = f"{sys.version}\n{root}"
    checksum = digest([root / "requirements-dev.lock"], maker)
    if stamp_of(stamp) != checksum or not python.exists():
        with told("Installing the locked Python packages"):
            if stamp_of(made_by) != maker or not python.exists():
                venv.create(home, with_pip=True, clear=True, symlinks=True)
                made_by.write_text(maker)
            run(
                [python, "-m", "pip", "install", "-q", "--no-input", "--require-hashes", "-r", "requirements-dev.lock"],
                root,
            )
        stamp.write_text(checksum)

    stamp = home / ".product"
    checksum = digest([root / "pyproject.toml"], checksum)
    if stamp_of(stamp) != checksum:
        with told("Installing Shopbell itself"):
            install: list[str | Path] = [
                python,
                "-m",
                "pip",
                "install",
                "-q",
                "--no-input",
                "--no-deps",
                "--no-build-isolation",
            ]
            run([*install, "--no-index", "-e", "."], root)
        stamp.write_text(checksum)


def front_end(root: Path) -> None:
    """Locked npm packages without their scripts, then the esbuild bundle, each only when its sources changed."""
    home = root / "frontend"
    if not (home / "package.json").exists():
        return
    locked, built = npm_packages(home, "front-end packages"), home / "dist" / ".built"
    sources = digest(source_files(home), locked)
    if stamp_of(built) == sources:
        return
    _npm, node = tools()
    with told("Building the front end"):
        run([node, "build.mjs"], home)
    built.parent.mkdir(exist_ok=True)
    built.write_text(sources)


def identity_provider(root: Path) -> None:
    """The real identity provider that tests of signing in are run against."""
    home = root / "tests" / "support" / "oidc_provider"
    if (home / "package.json").exists():
        npm_packages(home, "identity provider of the tests")


def npm_packages(home: Path, what: str) -> str:
    """The npm packages that are locked there, without their scripts. Returns the checksum of what they are."""
    stamp, locked = home / "node_modules" / ".packages", digest([home / "package.json", home / "package-lock.json"])
    if stamp_of(stamp) != locked:
        npm, _node = tools()
        with told(f"Installing the locked {what}"):
            run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], home)
        stamp.write_text(locked)
    return locked


def source_files(home: Path) -> list[Path]:
    """Everything in the front end that is written by hand."""
    made = {"node_modules", "dist"}
    return sorted(
        path for path in home.rglob("*") if path.is_file() and not made.intersection(path.relative_to(home).parts)
    )


def tools() -> tuple[str, str]:
    """Paths of npm and node. Raises CannotPrepare when one is missing or too old."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise CannotPrepare(
            "npm is missing, and the front end is built with it. Install Node.js "
            f"{OLDEST_NODE} or newer (on Debian: apt-get install -y nodejs npm) and type the command again."
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = version.removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        raise CannotPrepare(
            f"Node.js {version or 'of an unknown version'} is too old; {OLDEST_NODE} or newer is needed."
        )
    return npm, node


def translations(root: Path) -> None:
    """Compile each catalogue that is newer than its compiled form."""
    catalogues = root / "blueprints" / "translations"
    stale = [source for source in catalogues.glob("*/LC_MESSAGES/*.po") if older(source.with_suffix(".mo"), source)]
    for source in stale:
        compiled, locale = source.with_suffix(".mo"), source.parent.parent.name
        command: list[str | Path] = [
            root / ".venv" / "bin" / "pybabel",
            "-q",
            "compile",
            "-i",
            source,
            "-o",
            compiled,
            "-l",
            locale,
        ]
        run(command, root)


def older(made: Path, source: Path) -> bool:
    """Whether `made` is missing or was written before `source`."""
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def digest(files: Iterable[Path], extra: str = "") -> str:
    """SHA-256 over the names and contents of the files that exist."""
    total = hashlib.sha256(extra.encode())
    for path in files:
        if path.is_file():
            total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stamp_of(path: Path) -> str:
    """What the stamp says, or nothing when it was never written."""
    return path.read_text() if path.exists() else ""


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what is being done, and afterwards how long it took."""
    print(f"{what} ...", flush=True)
    begun = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - begun:.0f} s", flush=True)


def run(command: Sequence[str | Path], cwd: Path) -> None:
    """Run to its end. Raises CannotPrepare with the command's own last words when it fails."""
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=cwd,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode == 0:
        return
    words = done.stdout.strip()
    if "No space left on device" in words:
        raise CannotPrepare(f"the disk is full: there is no space left on the device that holds {cwd}.")
    name = " ".join(Path(str(part)).name for part in command[:4])
    raise CannotPrepare(f"`{name}` failed:\n{words[-3000:]}")


def in_plain_words(problem: OSError) -> str:
    """A sentence for a failed file operation."""
    if problem.errno == 28:
        return f"the disk is full: there is no space left for {problem.filename or 'the set-up'}."
    return f"the set-up could not go on: {problem.strerror or problem} ({problem.filename or 'no file named'})."


if __name__ == "__main__":
    sys.exit(main())
