"""The import-linter contracts of pyproject.toml refuse what they are there to refuse."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

SKELETON = {
    "platform/shopbell/__init__.py": "",
    "tenants/__init__.py": "",
    "blueprints/__init__.py": "",
    "blueprints/booking/__init__.py": "",
    "blueprints/booking/feature.py": "from blueprints.booking import api",
    "blueprints/booking/api.py": "from blueprints.booking import service",
    "blueprints/booking/service/__init__.py": "from blueprints.booking import models, rules",
    "blueprints/booking/models.py": "from blueprints.booking import rules",
    "blueprints/booking/rules.py": "from blueprints.booking import events",
    "blueprints/booking/events.py": "import shopbell",
    "workers/__init__.py": "import blueprints.booking.feature",
    "infra/__init__.py": "import workers",
}


def verdict(root: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """What import-linter says to the skeleton with some files changed; `__` stands for the slash in their names."""
    files = SKELETON | {path.replace("__", "/") + ".py": text for path, text in changed.items()}
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    shutil.copy(ROOT / "pyproject.toml", root)
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    environ = {**os.environ, "PYTHONPATH": f"{root}:{root / 'platform'}"}
    return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)


def test_the_skeleton_is_kept(tmp_path: Path) -> None:
    result = verdict(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("platform__shopbell__db", "import tenants"),
        ("tenants__resolve", "import blueprints.booking.api"),
        ("blueprints__booking__jobs", "import workers"),
        ("workers__run", "import infra"),
        ("blueprints__booking__rules", "from blueprints.booking import models"),
        ("blueprints__booking__models", "from blueprints.booking.service import reserve"),
        ("blueprints__booking__events", "import blueprints.booking.rules"),
        ("blueprints__booking__schemas", "import blueprints.booking.routes"),
    ],
)
def test_an_import_against_the_grain_is_refused(tmp_path: Path, path: str, text: str) -> None:
    (tmp_path / "blueprints" / "booking").mkdir(parents=True)
    (tmp_path / "blueprints" / "booking" / "routes.py").write_text("")
    result = verdict(tmp_path, **{path: text})
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout
