"""What both servers stand on: their directories, their socket, who shares them, and plain words for what goes wrong."""

import errno
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LEAST_FREE_BYTES = 100_000_000
# A socket address holds 108 bytes on Linux and 104 on macOS, its closing zero included.
LONGEST_SOCKET_PATH = 103


class EmbeddedProblem(Exception):
    """A built-in server cannot be had; the text is one plain sentence for whoever typed the command."""


@dataclass(frozen=True)
class Account:
    """The user a server runs as; `switch` says whether we are root and must become that user."""

    uid: int
    gid: int
    name: str
    switch: bool


@contextmanager
def in_plain_words(where: Path) -> Iterator[None]:
    """Turn a failed file operation into EmbeddedProblem."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EmbeddedProblem(disk_full(where)) from problem
        named = problem.filename or where
        raise EmbeddedProblem(f"{named} cannot be used for the built-in servers: {problem.strerror}.") from problem


def disk_full(where: Path) -> str:
    """The sentence for a full disk."""
    return f"The disk is full: there is no space left for the built-in servers' data in {where}."


def room_for_data(where: Path) -> None:
    """Create the directory and see that something can be written. Raises EmbeddedProblem when the disk is full."""
    where.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(where).free
    if free < LEAST_FREE_BYTES:
        raise EmbeddedProblem(
            f"The disk is full: {where} has {free // 1_000_000} MB left and the built-in servers need "
            f"{LEAST_FREE_BYTES // 1_000_000} MB."
        )


@contextmanager
def shared_by_many(home: Path, start: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    """Enter with the server running; the last process to leave stops it.

    `start` runs under a lock, so it meets no other start or stop of the same server; it must do nothing when the
    server already answers. Every user holds a shared lock that the system takes back even after kill -9, so nobody
    is counted who is gone.
    """
    with (home / "users.lock").open("w") as users:
        with one_at_a_time(home):
            start()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with one_at_a_time(home):
                if _nobody_else(users.fileno()):
                    stop()


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """No two processes start or stop the same server at the same time."""
    with (home / "turn.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _nobody_else(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def socket_dir(home: Path, name: str) -> Path:
    """A directory whose socket `name` has an address short enough for the system: below `home` where that fits."""
    near = home / "run"
    # To the client library a comma separates hosts.
    if len(os.fsencode(near / name)) <= LONGEST_SOCKET_PATH and "," not in str(near):
        return near
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"shopbell-{os.geteuid()}-{mark}"


def own_dir(path: Path, account: Account) -> None:
    """Create a directory that only `account` (and root) may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = path.stat().st_uid
    # Root may take over what lies in the product's own directories, never what somebody else put into a shared one.
    trusted = os.geteuid() == 0 and not path.parent.stat().st_mode & stat.S_IWOTH
    if path.is_symlink() or not (trusted or owner in (os.geteuid(), account.uid)):
        raise EmbeddedProblem(
            f"{path} belongs to {_name_of(owner)}, who once started the built-in servers here: start them "
            "as that user, or as root, or move the directory away."
        )
    if account.switch:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)


def account_for(data: Path) -> Account:
    """Ourselves; or, when we are root, whom PostgreSQL refuses, the owner of the data, else a user without rights.

    The choice outlives the first start because data, once made, stay with their owner.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), _name_of(os.geteuid()), switch=False)
    if data.exists() and data.stat().st_uid != 0:
        entry = pwd.getpwuid(data.stat().st_uid)
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, switch=True)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, switch=True)
    raise EmbeddedProblem(
        "PostgreSQL does not run as root and there is no user postgres or nobody to run it as: "
        "run the command as an ordinary user, or set DATABASE_URL."
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}"
