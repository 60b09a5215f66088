"""Which server is wanted, and one `with` around both."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shopbell.embedded import postgres, redis
from shopbell.embedded.ground import in_plain_words


@dataclass(frozen=True)
class Urls:
    """Where the database and Redis answer."""

    database_url: str
    redis_url: str


@contextmanager
def services(var_dir: Path, environ: Mapping[str, str], *, throwaway: bool = False) -> Iterator[Urls]:
    """Yield the URLs of a database and a Redis, starting whichever `environ` does not name.

    DATABASE_URL and REDIS_URL are taken from `environ` and respected. What is started keeps its data below `var_dir`
    (postgres/, redis/) for the next time. Several processes may enter at once: they share the servers, and the last
    to leave stops them. A server that was left behind by a killed process is taken over.

    `throwaway` trades safety of the data for speed (no fsync): for tests alone.
    Raises EmbeddedProblem, whose text is one plain sentence, when a server cannot be had.
    """
    with ExitStack() as stack:
        with in_plain_words(var_dir):
            database_url = environ.get("DATABASE_URL") or stack.enter_context(
                postgres.served(var_dir / "postgres", throwaway=throwaway)
            )
            redis_url = environ.get("REDIS_URL") or stack.enter_context(redis.served(var_dir / "redis"))
        yield Urls(database_url=database_url, redis_url=redis_url)
