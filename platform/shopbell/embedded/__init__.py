"""The built-in PostgreSQL and Redis: real servers from PyPI wheels, for a machine where nothing is running.

    with embedded.services(Path("var"), os.environ) as urls:
        urls.database_url, urls.redis_url

A URL that the environment names is used as it is, and nothing is started for it.
"""

from shopbell.embedded.ground import EmbeddedProblem
from shopbell.embedded.postgres import postgres_program
from shopbell.embedded.services import Urls, services

__all__ = ["EmbeddedProblem", "Urls", "postgres_program", "services"]
