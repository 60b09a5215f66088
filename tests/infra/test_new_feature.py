"""The skeleton of a feature is complete and keeps the house rules from its first minute."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.dev import new_feature
from tests.architecture.house import ROOT, RULES, sources


def tool(name: str, *arguments: str, cwd: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(command, cwd=cwd, env={**os.environ, **environ}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["gift_cards", "loyalty", "diaries"])
def test_the_skeleton_passes_style_rules_and_its_own_test(tmp_path: Path, name: str) -> None:
    written = new_feature.write(name, tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "platform").mkdir()
    for check in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        style = tool("ruff", *check, ".", cwd=tmp_path)
        assert style.returncode == 0, style.stdout
    assert {path.name for path in written} >= {
        "__init__.py",
        "feature.py",
        "events.py",
        "models.py",
        "rules.py",
        "api.py",
    }
    findings = [
        str(finding)
        for source in sources("blueprints", "tests", root=tmp_path)
        for rule in RULES
        for finding in rule(source)
    ]
    assert findings == []


def test_the_skeleton_works(tmp_path: Path) -> None:
    new_feature.write("gift_cards", tmp_path)
    program = (
        "import blueprints; blueprints.__path__.append('blueprints'); import pytest, sys;"
        "from blueprints.gift_cards.feature import FEATURE; assert FEATURE.name == 'gift_cards';"
        "from blueprints.gift_cards import api, service;"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-p', 'no:playwright', '--import-mode=importlib']))"
    )
    path = f"{ROOT}:{ROOT / 'platform'}"
    done = tool("python", "-c", program, cwd=tmp_path, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


@pytest.mark.parametrize("name", ["", "Gift", "gift-cards", "../crm", "1st", "class", "a" * 31, "gift__cards"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(new_feature.BadName, match="as in gift_cards"):
        new_feature.write(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_feature_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_feature.write("gift_cards", tmp_path)
    service = tmp_path / "blueprints" / "gift_cards" / "service.py"
    service.write_text("mine = True\n")
    assert new_feature.main(["gift_cards"], tmp_path) == 1
    assert "exists already" in capsys.readouterr().err
    assert service.read_text() == "mine = True\n"


def test_without_a_name_it_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert new_feature.main([]) == 2
    assert "make new-feature NAME=gift_cards" in capsys.readouterr().err
