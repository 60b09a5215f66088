"""The catalogues hold exactly the texts of the sources, in whole, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from blueprints.registry import FEATURES
from blueprints.templates.texts import FOLDER
from infra.dev import messages
from infra.dev.messages import FOLDERS, ROOT, catalogue_path, extract, read, written
from shopbell.errors import DomainError
from shopbell.i18n import BABEL_NAMES, LOCALES

TRANSLATED = ("zh_Hans_CN", "vi")
FORMS = {"en": 2, "zh_Hans_CN": 1, "vi": 1}
# Texts that are the same in a language as in English, and why that is no oversight.
BRANDS = {"Slack", "Telegram", "Microsoft Teams", "Lark"}
SAME = {
    "zh_Hans_CN": BRANDS,
    "vi": BRANDS
    | {"Feishu", "WeCom", "DingTalk"}
    | {"Logo", "E-mail", "SMS", "%(km)s km", "%(sentence)s.", "%(label)s: %(text)s", "“%(part)s”: %(sentence)s"},
}
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
# What a template hides or works out, and what is written for machines.
NO_WORDS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<code\b[^>]*>.*?</code>", re.DOTALL)
# A word between tags, or in an attribute that is read to people.
BARE_TEXT = re.compile(r">([^<>]*[A-Za-z]{2}[^<>]*)<")
BARE_ATTRIBUTE = re.compile(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"]*[A-Za-z]{2}[^\"]*)\"")
BARE_IN_JSX = re.compile(r">\s*([A-Z][a-z]+(?: [^<>{}=;()]*)?)\s*</")
# Names of things, the same in every language, and a label that is meant for those who cannot read the page.
NAMES = {"openapi.json", "Shopbell", "UTC", "SPF", "DKIM", "DMARC", "Language / 语言 / Ngôn ngữ"}


@cache
def sources() -> Catalog:
    return extract()


@cache
def catalogue(locale: str) -> Catalog:
    return read(catalogue_path(ROOT, locale), locale)


def texts(of: Catalog) -> dict[str | tuple[str, ...], Message]:
    return {_id(message): message for message in of if message.id}


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[tuple[str, ...]]:
    return {match.groups() for match in PLACEHOLDER.finditer(text)}


@pytest.mark.parametrize("locale", BABEL_NAMES.values())
def test_a_catalogue_holds_exactly_the_texts_of_the_sources(locale: str) -> None:
    wanted, kept = texts(sources()).keys(), texts(catalogue(locale)).keys()
    assert not wanted - kept, "new in the sources: run infra/bin/messages and translate"
    assert not kept - wanted, "gone from the sources: run infra/bin/messages"
    assert not catalogue(locale).obsolete


@pytest.mark.parametrize("locale", BABEL_NAMES.values())
def test_a_catalogue_names_the_files_its_texts_are_in(locale: str) -> None:
    """The console picks its texts by their files."""
    wanted = {key: {path for path, _line in message.locations} for key, message in texts(sources()).items()}
    kept = {key: {path for path, _line in message.locations} for key, message in texts(catalogue(locale)).items()}
    moved = sorted(str(key) for key in wanted.keys() & kept.keys() if wanted[key] != kept[key])
    assert not moved, "run infra/bin/messages"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated(locale: str) -> None:
    lacking = [key for key, message in texts(catalogue(locale)).items() if not all(forms(message)) or message.fuzzy]
    assert not lacking


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_text_is_left_in_english(locale: str) -> None:
    same = {key for key, message in texts(catalogue(locale)).items() if message.string == key}
    assert same == SAME[locale]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_text(locale: str) -> None:
    for key, message in texts(catalogue(locale)).items():
        wanted = placeholders(key if isinstance(key, str) else key[-1])
        for form in forms(message):
            assert placeholders(form) == wanted, key
            # A lone percent sign breaks the formatting of a text that has placeholders.
            assert not wanted or "%" not in PLACEHOLDER.sub("", form).replace("%%", ""), key


@pytest.mark.parametrize("locale", BABEL_NAMES.values())
def test_a_catalogue_compiles_in_a_fresh_checkout(locale: str) -> None:
    """The set-up stops at the first text whose translation holds another placeholder, also one nobody meant."""
    assert not [(message.id, problems) for message, problems in catalogue(locale).check()]


@pytest.mark.parametrize("locale", BABEL_NAMES.values())
def test_plurals_have_as_many_forms_as_the_language(locale: str) -> None:
    found = catalogue(locale)
    assert found.num_plurals == FORMS[locale]
    assert {len(forms(message)) for message in found if message.pluralizable} == {FORMS[locale]}


@pytest.mark.parametrize("locale", BABEL_NAMES.values())
def test_a_catalogue_is_written_as_the_script_writes_it(locale: str) -> None:
    assert catalogue_path(ROOT, locale).read_bytes() == written(catalogue(locale))


def test_errors_and_navigation_speak_every_language() -> None:
    known = texts(sources()).keys()
    labels = {entry.label for feature in FEATURES for entry in feature.navigation}
    titles = {kind.title for kind in _kinds(DomainError) if kind.__module__.startswith(("shopbell", "blueprints"))}
    assert not labels - known, "mark the label with N_"
    assert not titles - known, "mark the title with N_"


def _kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    yield base
    for kind in base.__subclasses__():
        yield from _kinds(kind)


def test_templates_hold_no_bare_words() -> None:
    for path in _files("html"):
        page = NO_WORDS.sub("", path.read_text(encoding="utf-8"))
        bare = {match.strip() for pattern in (BARE_TEXT, BARE_ATTRIBUTE) for match in pattern.findall(page)}
        assert not {text for text in bare if "=" not in text} - NAMES, path


def test_the_console_holds_no_bare_words() -> None:
    for path in _files("jsx"):
        assert not BARE_IN_JSX.findall(path.read_text(encoding="utf-8")), path


def _files(kind: str) -> list[Path]:
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob(f"*.{kind}"))]
    assert found
    return found


def test_every_message_to_customers_is_written_in_every_language() -> None:
    written_in: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.*.jinja"):
        occasion, locale = path.name.removesuffix(".jinja").split(".")
        if occasion != "layout":
            written_in.setdefault(occasion, set()).add(locale)
    assert {"confirmation", "change", "cancellation", "reminder"} <= written_in.keys()
    assert all(locales == LOCALES.keys() for locales in written_in.values()), written_in


def test_updating_keeps_translations_and_drops_what_is_gone(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    _write(tmp_path, "_('Stays'), _('Goes')")
    assert messages.main(tmp_path) == 1
    assert "'Stays'" in capsys.readouterr().out
    path = catalogue_path(tmp_path, "vi")
    path.write_text(re.sub(r'(msgid "Stays"\nmsgstr )""', r'\1"Còn"', path.read_text()))
    _write(tmp_path, "_('Stays'), N_('Comes')")
    messages.main(tmp_path)
    assert {key: message.string for key, message in texts(read(path, "vi")).items()} == {"Stays": "Còn", "Comes": ""}
    assert b"Goes" not in path.read_bytes()


def _write(root: Path, code: str) -> None:
    (root / "infra").mkdir(exist_ok=True)
    (root / messages.MAPPING).write_bytes((ROOT / messages.MAPPING).read_bytes())
    (root / "blueprints").mkdir(exist_ok=True)
    (root / "blueprints" / "shop.py").write_text(code)
