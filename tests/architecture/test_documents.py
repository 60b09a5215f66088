"""The documents tell of everything there is, and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from blueprints.access.pages.oidc_words import SENTENCES
from blueprints.registry import FEATURES, scopes
from blueprints.webhooks.rules import TEST, TYPES
from infra.bench.run import KNOWN
from infra.cli import main
from infra.devtools.telco.plans import MAGIC_ENDINGS
from shopbell.settings import ROOT, Settings

DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "frontend/README.md", *ROOT.glob("docs/**/*.md")]
}
DEPLOY = DOCUMENTS["docs/deploy.md"]
SETTING = re.compile(r"(?:SHOPBELL_[A-Z_]*[A-Z]|DATABASE_URL|REDIS_URL|PORT)\b")
OF_OTHERS = {"SHOPBELL_ENV_FILE": "the containers'", "SHOPBELL_PICTURES": "the browser tests'"}
"""What the documents name as well, and whose it is."""


class Reads(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(DATABASE_URL="postgresql://main/db", REDIS_URL="redis://r")
        self.names: set[str] = set()

    def get(self, name: str, otherwise: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, otherwise)


@pytest.fixture(scope="module")
def settings() -> set[str]:
    """The variables that the product reads: when its settings are loaded, and by name anywhere else in it."""
    reads = Reads()
    Settings.load(reads)
    product = (path.read_text() for part in ("platform", "workers") for path in (ROOT / part).rglob("*.py"))
    return reads.names | {name for text in product for name in re.findall(r'environ[^\n"]*"(SHOPBELL_[A-Z_]+)"', text)}


def test_deploying_tells_of_every_setting(settings: set[str]) -> None:
    rows = [name for row in re.findall(r"^\| (`.*?) \|", DEPLOY, re.M) for name in SETTING.findall(row)]
    assert sorted(rows) == sorted(settings)


def test_no_document_names_a_setting_that_is_not_read(settings: set[str]) -> None:
    texts = {**DOCUMENTS, "env.example": (ROOT / "infra/deploy/env.example").read_text()}
    strange = {
        (where, name)
        for where, text in texts.items()
        for name in re.findall(r"SHOPBELL_[A-Z_]*[A-Z]\b", text)
        if name not in settings | OF_OTHERS.keys()
    }
    assert strange == set()


def commands(group: click.Group, path: str = "shopbell") -> Iterator[tuple[str, click.Command]]:
    """Every command and every group of them, by what is typed."""
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def test_every_command_is_told_of() -> None:
    everything = " ".join(" ".join(DOCUMENTS.values()).split())
    assert [path for path, _ in commands(main) if not re.search(rf"{path}\b", everything)] == []


def test_what_the_documents_type_are_commands_with_their_options() -> None:
    known = dict(commands(main))
    for where, text in DOCUMENTS.items():
        for words, rest in typed(text):
            path = longest(f"shopbell {words}".split(), known)
            assert path, f"{where}: there is no `shopbell {words.strip()}`"
            options = {option for parameter in known[path].params for option in parameter.opts}
            unknown = set(re.findall(r"(?<!\S)--[a-z-]+", words + rest)) - options
            assert not unknown, f"{where}: `{path}` has no {unknown}"


def typed(text: str) -> Iterator[tuple[str, str]]:
    """What is typed after `shopbell` in blocks for a shell, indented lines and the middle of sentences."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S) + re.findall(r"^    .*$", text, re.M)
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
        yield from re.findall(r"(?:^ *|bin/|&& )shopbell ((?!-)(?:[a-z-]+ ?)+)([^#&]*)", line)
    yield from re.findall(r"`shopbell ((?!-)(?:[a-z-]+\s?)+)([^`]*)`", text)


def longest(words: list[str], known: dict[str, click.Command]) -> str:
    """The command that these words begin with, or nothing."""
    beginnings = (" ".join(words[:count]) for count in range(len(words), 1, -1))
    return next((path for path in beginnings if path in known), "")


def test_the_readme_has_every_target_of_make_and_nobody_another() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M)) - {"help"}
    named = {
        where: set(re.findall(r"(?:^    |`)(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text, re.M))
        for where, text in DOCUMENTS.items()
    }
    assert named["README.md"] == targets
    assert {where: names - targets for where, names in named.items() if names - targets} == {}


def test_the_readme_names_every_benchmark() -> None:
    listed = re.search(r"Benchmarks are (.*?)\.\n", DOCUMENTS["README.md"], re.S)
    assert listed
    assert set(re.findall(r"`([a-z_]+)`", listed[1])) == set(KNOWN)


def test_the_architecture_tells_of_every_feature() -> None:
    told = re.findall(r"^\| `([a-z]+)` \|", DOCUMENTS["docs/architecture.md"], re.M)
    assert sorted(told) == sorted(feature.name for feature in FEATURES)


def test_the_architecture_lists_every_decision_by_its_title() -> None:
    listed = re.findall(r"^(\d+)\. \[.+?\]\(decisions/(\S+)\)$", DOCUMENTS["docs/architecture.md"], re.M)
    written = sorted(path.name for path in (ROOT / "docs/decisions").glob("*.md"))
    assert listed == [(str(int(name[:4])), name) for name in written]


def test_partners_are_told_of_every_scope_and_every_event() -> None:
    assert first_words("docs/api.md") == sorted(scopes())
    assert first_words("docs/webhooks.md") == sorted([*TYPES, TEST])


def first_words(document: str) -> list[str]:
    """What the rows of a document's tables begin with."""
    rows = re.findall(r"^\| (`.*?) \|", DOCUMENTS[document], re.M)
    return sorted(word for row in rows for word in re.findall(r"`([a-z_.]+)`", row))


def test_head_office_can_look_up_every_word_of_a_provider_that_is_refused() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "blueprints/access/oidc").glob("*.py"))
    words = {*SENTENCES, *re.findall(r'Refusal\("([a-z_]+)"', sources)}
    assert words - set(first_words("docs/sign-in.md")) == set()


def test_the_simulators_numbers_that_misbehave_are_all_told_of() -> None:
    rows = re.findall(r"^\| 555 ([\d, ]+) \|", DOCUMENTS["docs/simulator.md"], re.M)
    assert sorted(f"555{ending}" for row in rows for ending in row.split(", ")) == sorted(MAGIC_ENDINGS)


def test_every_link_between_the_documents_leads_somewhere() -> None:
    lost = [
        (where, f"{target}#{heading}")
        for where, text in DOCUMENTS.items()
        for target, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", text)
        if not (path := (ROOT / where).parent / target if target else ROOT / where).exists()
        or (heading and heading not in headings(path.read_text()))
    ]
    assert lost == []


def headings(text: str) -> set[str]:
    """What the headings of a document are linked by."""
    found = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in re.findall(r"^#+ (.*)$", text, re.M))
    return {heading.replace(" ", "-") for heading in found}
