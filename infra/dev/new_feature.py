"""Write the skeleton of a feature: every file of the anatomy, small, complete and with a test.

python -m infra.dev.new_feature gift_cards
"""

import keyword
import re
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[2]
SKELETON = Path(__file__).with_name("feature_skeleton")
NEXT = """\
Wrote {count} files below blueprints/{things}/ and tests/{things}/. What is left for you:
  1. blueprints/registry.py: import its FEATURE and list it in FEATURES
  2. infra/migrations/tenant: a revision that creates the table {things}
  3. infra/bin/messages, then translate the texts it lists
  4. make test"""


class BadName(Exception):
    """The feature cannot be called that; the text says what a name looks like."""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the feature that the one argument names. Returns the exit code."""
    if len(arguments) != 1:
        print("Name the feature, in the plural and in small letters: make new-feature NAME=gift_cards", file=sys.stderr)
        return 2
    try:
        written = write(arguments[0], root)
    except BadName as problem:
        print(problem, file=sys.stderr)
        return 1
    print(NEXT.format(count=len(written), things=arguments[0]))
    return 0


def write(name: str, root: Path) -> list[Path]:
    """Write the files and return their paths. Raises BadName, with nothing written, when the name is unfit or taken."""
    words = spellings(name)
    home, tests = root / "blueprints" / name, root / "tests" / name
    for folder in (home, tests):
        if folder.exists():
            raise BadName(f"{folder.relative_to(root)} exists already: choose another name.")
    written = []
    for template in sorted(SKELETON.glob("*.txt")):
        target = (tests if template.name.startswith("test_") else home) / template.stem
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
        written.append(target)
    return written


def spellings(name: str) -> dict[str, str]:
    """The forms of the name: gift_cards, gift_card, GiftCard, gift cards, gift-cards, Gift cards. Raises BadName."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > 30 or keyword.iskeyword(name):
        raise BadName(
            f"{name!r} is no name for a feature: up to 30 small letters, words joined by _, as in gift_cards."
        )
    thing = singular(name)
    words = name.replace("_", " ")
    return {
        "things": name,
        "thing": thing,
        "Thing": "".join(part.capitalize() for part in thing.split("_")),
        "words": words,
        "Things": words.capitalize(),
        "path": name.replace("_", "-"),
    }


def singular(name: str) -> str:
    """One of them, as far as spelling tells."""
    if name.endswith("ies"):
        return name[:-3] + "y"
    if name.endswith("s") and not name.endswith("ss"):
        return name[:-1]
    return f"{name}_entry"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
