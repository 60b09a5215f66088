"""Two scans that belong to `make lint`: secrets left in the tree, and known holes in the packages it is locked to.

    python -m infra.dev.scan secrets
    python -m infra.dev.scan packages

A line that only looks like a secret says so at its end: `pragma: allowlist secret`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from shopbell.settings import ROOT

FOLDERS = (".ci", "platform", "tenants", "blueprints", "workers", "infra", "docs", "frontend", "Makefile", "README.md")
NOT_READ = {".po", ".pot", ".mo", ".png", ".jpg", ".webp", ".svg", ".lock"}
"""Texts for people and pictures: long words there are no secrets."""
NOT_ENTERED = {"node_modules", "dist", "__pycache__"}
LOCK = "requirements.lock"
PATIENCE = 60


def files() -> list[str]:
    """What is looked at for secrets. Tests are left out: they are full of made-up ones."""
    found = (one for folder in FOLDERS for one in _below(ROOT / folder))
    return sorted(str(one.relative_to(ROOT)) for one in found if one.suffix not in NOT_READ)


def _below(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    inside = (one for one in path.rglob("*") if one.is_file())
    return [one for one in inside if not NOT_ENTERED & set(one.parts) and one.name != "package-lock.json"]


def secrets() -> int:
    """Fails when a line looks like a password, a token or a key."""
    return subprocess.run([_tool("detect-secrets-hook"), *files()], cwd=ROOT, check=False).returncode


def packages() -> int:
    """Fails when an advisory is known for a locked package. Where advisories cannot be asked for, that is said: a
    machine without a way out must still be able to run the other checks."""
    command = [_tool("pip-audit"), "-r", LOCK, "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [*command, "-f", "json"], cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE
        )
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError) as error:
        print(f"advisories could not be asked for: {error}")
        return 0
    asked = [one for one in found if "skip_reason" not in one]
    holes = [(one, hole) for one in asked for hole in one["vulns"]]
    for one, hole in holes:
        fixed = ", ".join(hole["fix_versions"]) or "no fixed version yet"
        print(f"{one['name']} {one['version']}: {hole['id']} ({fixed})")
    unknown = f"; nobody answered for the other {len(found) - len(asked)}" if len(asked) < len(found) else ""
    print(f"{len(asked)} of {len(found)} packages asked about, {len(holes)} advisories{unknown}")
    return 1 if holes else 0


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


if __name__ == "__main__":
    sys.exit({"secrets": secrets, "packages": packages}[sys.argv[1]]())
