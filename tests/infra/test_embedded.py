"""The built-in servers are real, shared, kept and stopped."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from shopbell import embedded
from shopbell.embedded import ground, postgres
from shopbell.embedded import redis as embedded_redis
from shopbell.embedded.services import Urls

HOLDER = """
import sys
from pathlib import Path
from shopbell import embedded
with embedded.services(Path(sys.argv[1]), {}, throwaway=True) as urls:
    print(urls.database_url, flush=True)
    sys.stdin.read()
"""
Serve = Callable[[], AbstractContextManager[Urls]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A var directory whose cluster is made once, because making one is the slow part."""
    path = tmp_path_factory.mktemp("var")
    path.parent.chmod(0o711)
    with embedded.services(path, {}, throwaway=True) as urls, connect(urls) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    yield path
    assert not running(path)


@pytest.fixture
def serve(made: Path) -> Serve:
    return lambda: embedded.services(made, {}, throwaway=True)


def connect(urls: Urls) -> psycopg.Connection:
    return psycopg.connect(urls.database_url.replace("+psycopg", ""), autocommit=True)


def postmaster(var: Path) -> int:
    return int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def running(var: Path) -> list[str]:
    """Command lines of the servers below the directory."""
    lines = (" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if str(var) in line and ("postgres" in line or "redis" in line)]


def holder(var: Path) -> "subprocess.Popen[str]":
    """Another process that uses the servers until its input is closed; returns once they answer it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql")
    return process


def let_go(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=60)


def test_what_was_written_is_there_at_the_next_start(serve: Serve) -> None:
    with serve() as urls, connect(urls) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("still here",)]
    with serve() as urls, redis.Redis.from_url(urls.redis_url) as client:
        client.set("word", "kept as well")
    with serve() as urls, redis.Redis.from_url(urls.redis_url) as client:
        assert client.get("word") == b"kept as well"


def test_the_settings_are_those_the_product_counts_on(serve: Serve) -> None:
    with serve() as urls, connect(urls) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone() for name in ("TimeZone", "max_locks_per_transaction")
        }
    assert shown == {"TimeZone": ("UTC",), "max_locks_per_transaction": ("256",)}


def test_pgbench_reaches_the_database(serve: Serve) -> None:
    with serve() as urls:
        command = [str(embedded.postgres_program("pgbench")), "-i", "-q", urls.database_url.replace("+psycopg", "")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_given_urls_are_respected_and_nothing_is_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere:1/0"}
    with embedded.services(tmp_path / "var", given) as urls:
        assert urls == Urls(given["DATABASE_URL"], given["REDIS_URL"])
    assert not (tmp_path / "var").exists()


def test_only_the_missing_one_is_started(made: Path) -> None:
    with embedded.services(made, {"DATABASE_URL": "postgresql://elsewhere/db"}) as urls:
        assert urls.database_url == "postgresql://elsewhere/db"
        assert [line for line in running(made) if "postgres -D" in line] == []
        assert redis.Redis.from_url(urls.redis_url).ping()


def test_processes_that_start_together_share_the_servers_and_the_last_stops_them(made: Path, serve: Serve) -> None:
    first, second = holder(made), holder(made)
    pid = postmaster(made)
    with serve() as urls:
        let_go(first)
        let_go(second)
        assert postmaster(made) == pid
        with connect(urls) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not running(made)


def test_servers_left_by_a_killed_process_are_taken_over_and_stopped(made: Path, serve: Serve) -> None:
    process = holder(made)
    pid = postmaster(made)
    process.kill()
    let_go(process)
    assert psutil.pid_exists(pid)
    with serve():
        assert postmaster(made) == pid
    assert not running(made)


def test_a_database_killed_outright_starts_again_with_its_data(made: Path, serve: Serve) -> None:
    with serve() as urls:
        server = psutil.Process(postmaster(made))
        family = [server, *server.children(recursive=True)]
        for process in family:
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)
        with serve() as again, connect(again) as connection:
            assert again == urls
            assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)


def test_a_stale_pid_file_whose_number_somebody_else_has_is_seen_through(made: Path, serve: Serve) -> None:
    data = made / "postgres" / "data"
    lock = data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{data}\n1\n5432\n{made / 'postgres' / 'run'}\n\n  1  1\nready\n")
    shutil.chown(lock, data.stat().st_uid, data.stat().st_gid)
    with serve() as urls, connect(urls) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(made) != os.getpid()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    long = tmp_path / ("a" * 100)
    assert len(str(ground.socket_dir(long, "redis.sock") / "redis.sock")) <= ground.LONGEST_SOCKET_PATH
    assert ground.socket_dir(Path("/srv/shop/var/redis"), "redis.sock") == Path("/srv/shop/var/redis/run")


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 3_000_000))
    with pytest.raises(embedded.EmbeddedProblem, match=r"^The disk is full: .* has 3 MB left .* need 100 MB\.$"):
        embedded.services(tmp_path, {}).__enter__()


def test_a_disk_that_fills_up_while_starting_is_said(tmp_path: Path) -> None:
    with pytest.raises(embedded.EmbeddedProblem, match=r"^The disk is full"), ground.in_plain_words(tmp_path):
        raise OSError(28, "No space left on device")


def test_a_missing_redis_is_said_with_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(embedded.EmbeddedProblem, match=r"apt-get install -y redis-server.*REDIS_URL"):
        embedded_redis.redis_program()


def test_a_missing_postgresql_is_said_with_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(embedded.EmbeddedProblem, match=r"infra/bin/setup.*DATABASE_URL"):
        embedded.postgres_program("psql")


def test_data_of_another_release_are_left_alone(made: Path) -> None:
    version = made / "postgres" / "data" / "PG_VERSION"
    before = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(embedded.EmbeddedProblem, match="made by PostgreSQL 12"):
            postgres.served(made / "postgres").__enter__()
    finally:
        version.write_text(before)


def test_the_settings_keep_ctrl_c_from_the_database(serve: Serve, made: Path) -> None:
    with serve():
        assert os.getpgid(postmaster(made)) != os.getpgid(0)
