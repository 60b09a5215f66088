"""django-tenants doing the same, in an environment of its own: as many chains, of forty models each, are made, one
column is added to all of them by `migrate_schemas`, and requests are spread over them.

As many, because it looks through the whole catalogue for each chain: what one takes grows with their number. And two at
a time, as ours are: in two processes, the column by its multiprocessing executor.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shopbell.embedded import postgres

PACKAGES = ["django==5.2.*", "django-tenants==3.*", "psycopg[binary]==3.*"]
MODELS = 40
REQUESTS = 300

SETTINGS = """
import os
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
SECRET_KEY = "bench"  # pragma: allowlist secret
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django_tenants.postgresql_backend", "NAME": "shopbell", "USER": "shopbell",
    "HOST": os.environ["PEER_HOST"], "PORT": os.environ["PEER_PORT"]}}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
SHARED_APPS = ["django_tenants", "chains"]
TENANT_APPS = ["django.contrib.contenttypes", "shop"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MULTIPROCESSING_MAX_PROCESSES = 2
TENANT_MODEL, TENANT_DOMAIN_MODEL = "chains.Chain", "chains.Host"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
CHAINS = """
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin
class Chain(TenantMixin):
    name = models.CharField(max_length=100)
    auto_create_schema = True
class Host(DomainMixin):
    pass
"""
SHOP = (
    "from django.db import models\n"
    + "class Thing0(models.Model):\n    name = models.CharField(max_length=50)\n"
    + "".join(
        f"class Thing{number}(models.Model):\n"
        f"    name = models.CharField(max_length=50, db_index=True)\n"
        f"    other = models.ForeignKey(Thing{number - 1}, on_delete=models.CASCADE)\n"
        for number in range(1, MODELS)
    )
)
CREATE = """
import django
django.setup()
import sys
from chains.models import Chain, Host
first, chains = int(sys.argv[1]), int(sys.argv[2])
for number in range(first, chains, 2):
    chain = Chain(schema_name=f"c{number}", name=str(number))
    chain.save(verbosity=0)
    Host(domain=f"c{number}.localhost", tenant=chain, is_primary=True).save()
"""
URLS = """
from django.http import HttpResponse
from django.urls import path
from shop.models import Thing0
urlpatterns = [path("", lambda request: HttpResponse(str(list(Thing0.objects.all()[:20]))))]
"""
ASK = f"""
import django
django.setup()
import random
import statistics
import sys
import time
from django.test import Client
client = Client()
def seconds(hosts):
    begun = time.perf_counter()
    for _ in range({REQUESTS}):
        assert client.get("/", headers={{"host": random.choice(hosts)}}).status_code == 200
    return time.perf_counter() - begun
every = [f"c{{number}}.localhost" for number in range(int(sys.argv[1]))]
seconds(every)
print(statistics.median(seconds(every) / seconds(every[:1]) for _ in range(5)))
"""


@dataclass(frozen=True)
class Peer:
    """Seconds to make a chain, seconds each for one more column, and the time of requests spread over all chains as a
    multiple of the same ones on one."""

    create: float
    migrate: float
    spread: float


@cache
def peer(chains: int) -> Peer | None:
    """With so many chains. Measured once per run; None when the packages cannot be had."""
    with tempfile.TemporaryDirectory(prefix="bench-peer-") as folder:
        home = Path(folder)
        python = installed(home / "env")
        if python is None:
            return None
        # PostgreSQL may run as another user, who has to reach its data.
        home.chmod(0o755)
        with postgres.served(home / "postgres") as url:
            return measured(python, home / "project", url, chains)


def installed(home: Path) -> Path | None:
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-input", *PACKAGES], capture_output=True, check=False
    )
    return None if done.returncode else python


def measured(python: Path, project: Path, url: str, chains: int) -> Peer:
    for app, models in (("chains", CHAINS), ("shop", SHOP)):
        (project / app / "migrations").mkdir(parents=True)
        (project / app / "migrations" / "__init__.py").touch()
        (project / app / "__init__.py").touch()
        (project / app / "models.py").write_text(models)
    (project / "settings.py").write_text(SETTINGS)
    (project / "urls.py").write_text(URLS)
    host, port = url.partition("host=")[2].replace("%2F", "/").split("&port=")
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PEER_HOST": host, "PEER_PORT": port}
    environ["PYTHONPATH"] = str(project)

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, *arguments], cwd=project, env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"django-tenants failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def seconds(*arguments: str) -> float:
        begun = time.perf_counter()
        run(*arguments)
        return time.perf_counter() - begun

    run("-m", "django", "makemigrations", "chains", "shop")
    run("-m", "django", "migrate_schemas", "--shared")
    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda first: run("-c", CREATE, str(first), str(chains)), range(2)))
    create = (time.perf_counter() - begun) / chains
    spread = float(run("-c", ASK, str(chains)).split()[-1])
    nothing = seconds("-m", "django", "migrate_schemas", "--shared")
    things = project / "shop" / "models.py"
    things.write_text(things.read_text() + "    later = models.CharField(max_length=50, null=True)\n")
    run("-m", "django", "makemigrations", "shop")
    upgrade = ("-m", "django", "migrate_schemas", "--tenant", "--executor", "multiprocessing")
    migrate = (seconds(*upgrade) - nothing) / chains
    return Peer(create, migrate, spread)


def beside(value: float, figure: Callable[[Peer], float], unit: str, chains: int) -> str:
    """What the peer took for the same, in words; both in the same `unit`."""
    found = peer(chains)
    if found is None:
        return "django-tenants: absent, it could not be installed"
    theirs = figure(found)
    return f"django-tenants {theirs:.3g} {unit}, {theirs / value:.3g} times ours"


if __name__ == "__main__":
    print(peer(10))
