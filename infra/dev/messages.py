"""Take the English texts out of the sources and bring the catalogues up to date with them.

python -m infra.dev.messages

The catalogues are written without dates and line numbers and in the order of their texts, so that a change to one text
is a change to one entry.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from shopbell.i18n import BABEL_NAMES

ROOT = Path(__file__).resolve().parents[2]
MAPPING = Path("infra/babel.cfg")
FOLDERS = ("platform/shopbell", "tenants", "blueprints", "workers", "frontend/src")
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
UNSTEADY = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By)'
    rb".*\n",
    re.MULTILINE,
)


def main(root: Path = ROOT) -> int:
    """Update every catalogue; the exit code is 1 while one of them lacks a translation."""
    template, missing = extract(root), 0
    for locale in BABEL_NAMES.values():
        catalogue = update(root, locale, template)
        lacking = [message for message in catalogue if message.id and not is_translated(message)]
        print(f"{locale}: {len(catalogue)} texts", end="")
        print("" if locale == "en" or not lacking else f", {len(lacking)} of them to be translated")
        for message in lacking if locale != "en" else []:
            print(f"  {message.id!r}  {', '.join(sorted({path for path, _line in message.locations}))}")
            missing += 1
    return 1 if missing else 0


def extract(root: Path = ROOT) -> Catalog:
    """Every text of the sources, each with the files it is in. Raises what a file raises that cannot be read."""
    with (root / MAPPING).open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(charset="utf-8")
    for path, line, text, comments, context in _found(root, methods, options):
        catalogue.add(text, None, [(path, line)], auto_comments=comments, context=context)
    return catalogue


def _found(root: Path, methods: list, options: dict) -> Iterator[tuple]:
    wanted = [root / folder for folder in FOLDERS]

    def leads_to_sources(folder: str) -> bool:
        here = Path(folder)
        return any(here == way or here in way.parents or way in here.parents for way in wanted)

    return extract_from_dir(root, methods, options, keywords=KEYWORDS, directory_filter=leads_to_sources)


def update(root: Path, locale: str, template: Catalog) -> Catalog:
    """Write the catalogue of a locale with the texts of `template`: new ones empty, those that are gone left out."""
    path = catalogue_path(root, locale)
    catalogue = read(path, locale) if path.exists() else Catalog(locale=locale, charset="utf-8")
    catalogue.update(template, no_fuzzy_matching=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue))
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file that changes only when its texts do."""
    catalogue.project, catalogue.version, catalogue.fuzzy = "Shopbell", "1", False
    catalogue.header_comment = f"# The texts of Shopbell in {catalogue.locale}; infra/bin/messages keeps it complete."
    file = io.BytesIO()
    write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return UNSTEADY.sub(b"", file.getvalue()).rstrip() + b"\n"


def read(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale, charset="utf-8", abort_invalid=True)


def catalogue_path(root: Path, locale: str) -> Path:
    return root / "blueprints" / "translations" / locale / "LC_MESSAGES" / "messages.po"


def is_translated(message: Message) -> bool:
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return bool(forms) and all(forms)


if __name__ == "__main__":
    sys.exit(main())
