"""The set-up does what is needed, once, and says in a sentence what it cannot do."""

import subprocess
from pathlib import Path

import pytest

from infra.dev import bootstrap


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands the set-up would run, recorded instead."""
    ran: list[str] = []

    def record(command: list[str | Path], cwd: Path) -> None:
        ran.append(" ".join(Path(str(part)).name for part in command))

    monkeypatch.setattr(bootstrap, "run", record)
    return ran


@pytest.fixture
def front_end(tmp_path: Path) -> Path:
    home = tmp_path / "frontend"
    (home / "src").mkdir(parents=True)
    (home / "node_modules").mkdir()
    for name in ("package.json", "package-lock.json", "build.mjs", "src/app.css"):
        (home / name).write_text(name)
    return home


def test_the_front_end_is_built_once_and_again_when_its_sources_change(
    front_end: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "tools", lambda: ("npm", "node"))
    bootstrap.front_end(front_end.parent)
    assert commands == ["npm ci --ignore-scripts --no-audit --no-fund --loglevel=error", "node build.mjs"]
    bootstrap.front_end(front_end.parent)
    assert len(commands) == 2
    (front_end / "src" / "app.css").write_text("changed")
    bootstrap.front_end(front_end.parent)
    assert commands[2:] == ["node build.mjs"]
    (front_end / "package-lock.json").write_text("changed")
    bootstrap.front_end(front_end.parent)
    assert len(commands) == 5


def test_the_tests_identity_provider_is_installed_once_for_its_lock(
    tmp_path: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "tools", lambda: ("npm", "node"))
    home = tmp_path / "tests" / "support" / "oidc_provider"
    (home / "node_modules").mkdir(parents=True)
    (home / "package.json").write_text("{}")
    for lock in ("one", "one", "two"):
        (home / "package-lock.json").write_text(lock)
        bootstrap.identity_provider(tmp_path)
    assert commands == ["npm ci --ignore-scripts --no-audit --no-fund --loglevel=error"] * 2


def test_without_npm_it_says_what_to_install(front_end: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(bootstrap.CannotPrepare, match=r"^npm is missing.*apt-get install -y nodejs npm"):
        bootstrap.front_end(front_end.parent)


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(bootstrap.CannotPrepare, match=r"^the disk is full"):
        bootstrap.run(["sh", "-c", "echo 'write: No space left on device' >&2; exit 1"], tmp_path)
    assert "the disk is full" in bootstrap.in_plain_words(OSError(28, "No space left on device", "x"))


def test_a_command_that_fails_is_named_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(bootstrap.CannotPrepare, match=r"`sh -c .*` failed:\nno such luck"):
        bootstrap.run(["sh", "-c", "echo no such luck; exit 1"], tmp_path)


def test_only_translations_that_changed_are_compiled(tmp_path: Path, commands: list[str]) -> None:
    for locale in ("vi", "en"):
        folder = tmp_path / "blueprints" / "translations" / locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "messages.po").write_text("")
    (tmp_path / "blueprints" / "translations" / "en" / "LC_MESSAGES" / "messages.mo").write_text("")
    bootstrap.translations(tmp_path)
    assert commands == ["pybabel -q compile -i messages.po -o messages.mo -l vi"]


def test_the_locks_pin_everything_with_hashes_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (bootstrap.ROOT / name).read_text()
        entries = text.replace("\\\n", " ").splitlines()
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries if entry.strip())
        assert "http" not in text


def test_the_help_names_every_target_in_one_line() -> None:
    shown = subprocess.run(["make", "help"], cwd=bootstrap.ROOT, capture_output=True, text=True, check=True).stdout
    targets = [line.split()[1] for line in shown.splitlines() if line.startswith("  make ")]
    assert targets == ["run", "test", "lint", "fuzz", "pgbouncer", "peers", "storm", "bench", "new-feature", "help"]


def test_the_pipeline_types_what_the_readme_types() -> None:
    script = (bootstrap.ROOT / ".ci" / "run").read_text().splitlines()
    assert script[-1] == "exec make test"
