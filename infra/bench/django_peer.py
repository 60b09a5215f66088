"""django-tenants doing the same: forty models, one more column, `migrate_schemas`; in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from shopbell.embedded import postgres

PACKAGES = ["django==5.2.*", "django-tenants==3.*", "psycopg[binary]==3.*"]
TENANTS = 10
MODELS = 40

SETTINGS = """
import os
SECRET_KEY = "bench"  # pragma: allowlist secret
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django_tenants.postgresql_backend", "NAME": "shopbell", "USER": "shopbell",
    "HOST": os.environ["PEER_HOST"], "PORT": os.environ["PEER_PORT"]}}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
SHARED_APPS = ["django_tenants", "chains"]
TENANT_APPS = ["django.contrib.contenttypes", "shop"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
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
CREATE = f"""
import django
django.setup()
from chains.models import Chain
for number in range({TENANTS}):
    Chain(schema_name=f"c{{number}}", name=str(number)).save()
"""


def seconds_per_tenant() -> float | None:
    """What one added column takes for each tenant; None when the packages cannot be had."""
    with tempfile.TemporaryDirectory(prefix="bench-peer-") as folder:
        home = Path(folder)
        python = installed(home / "env")
        if python is None:
            return None
        # PostgreSQL may run as another user, who has to reach its data.
        home.chmod(0o755)
        with postgres.served(home / "postgres") as url:
            return measured(python, home / "project", url)


def installed(home: Path) -> Path | None:
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-input", *PACKAGES], capture_output=True, check=False
    )
    return None if done.returncode else python


def measured(python: Path, project: Path, url: str) -> float:
    for app, models in (("chains", CHAINS), ("shop", SHOP)):
        (project / app / "migrations").mkdir(parents=True)
        (project / app / "migrations" / "__init__.py").touch()
        (project / app / "__init__.py").touch()
        (project / app / "models.py").write_text(models)
    (project / "settings.py").write_text(SETTINGS)
    host, port = url.partition("host=")[2].replace("%2F", "/").split("&port=")
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PEER_HOST": host, "PEER_PORT": port}
    environ["PYTHONPATH"] = str(project)

    def run(*arguments: str) -> float:
        begun = time.perf_counter()
        done = subprocess.run(
            [python, *arguments], cwd=project, env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"django-tenants failed:\n{done.stderr[-2000:]}")
        return time.perf_counter() - begun

    run("-m", "django", "makemigrations", "chains", "shop")
    run("-m", "django", "migrate_schemas", "--shared")
    run("-c", CREATE)
    nothing = run("-m", "django", "migrate_schemas", "--shared")
    things = project / "shop" / "models.py"
    things.write_text(things.read_text() + "    later = models.CharField(max_length=50, null=True)\n")
    run("-m", "django", "makemigrations", "shop")
    return (run("-m", "django", "migrate_schemas", "--tenant") - nothing) / TENANTS


if __name__ == "__main__":
    print(seconds_per_tenant(), file=sys.stdout)
