"""What people type: names made fit to store and show, and keys to find them by."""

from __future__ import annotations

import unicodedata

# Overrides, embeddings, isolates and marks of direction can make a name read as another one or flip the line
# around it. Scripts written from right to left need none of them: their letters carry the direction.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The zero-width joiner and non-joiner stay: emoji families and Persian words are spelled with them.
_INVISIBLE = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
# Letters and symbols by category, yet nothing is drawn for them.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")

# Letters whose stroke or missing dot is no combining mark, so decomposition leaves them alone.
_PLAIN_LETTERS = str.maketrans("đðøłħŧı", "ddolhti") | str.maketrans({"æ": "ae", "œ": "oe"})

_BARRED = str.maketrans("đĐ", "dD")

# Control, surrogate, and Unicode's own line and paragraph ends.
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def N_(message: str) -> str:
    """Mark an English message for the translators; it is translated where it is shown."""
    return message


def clean_name(text: str) -> str:
    """The name in NFC on one line, single-spaced, without control, direction and invisible characters.

    Every script, emoji included, is kept. Empty when nothing visible is left.
    """
    kept = text
    if not text.isprintable():
        kept = "".join(character for character in text if character.isspace() or _belongs_in_a_name(character))
    name = unicodedata.normalize("NFC", " ".join(kept.split()))
    return name if any(map(_is_visible, name)) else ""


def one_line(text: str) -> str:
    """Text in one line: control characters, line ends and lone surrogates become spaces, runs of them one space."""
    plain = "".join(" " if unicodedata.category(letter) in _BREAKS else letter for letter in text)
    return " ".join(plain.split())


def search_key(text: str) -> str:
    """What a name is found by: no case, no accents, no widths ("Nguyễn Đức" and "nguyen duc" meet).

    Marks that make another letter rather than an accent (Japanese voicing, Indic vowels) are kept.
    """
    folded = unicodedata.normalize("NFKD", clean_name(text)).casefold()
    plain = "".join(character for character in unicodedata.normalize("NFKD", folded) if not _is_accent(character))
    return " ".join(unicodedata.normalize("NFC", plain.translate(_PLAIN_LETTERS)).split())


def without_accents(text: str) -> str:
    """The text in letters that a cheap text message can carry where only accents kept it from that: Đã đặt, Da dat."""
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not _is_accent(one))
    return unicodedata.normalize("NFC", bare.translate(_BARRED))


def _belongs_in_a_name(character: str) -> bool:
    if character in _DIRECTION or character in _INVISIBLE:
        return False
    # Cc: controls; Cs: half a surrogate pair, which no database stores.
    return unicodedata.category(character) not in ("Cc", "Cs")


def _is_visible(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character) not in ("Cf", "Mn", "Me", "Zs")


def _is_accent(character: str) -> bool:
    """Latin, Greek and Cyrillic accents, Arabic vowel points, and the selectors of an emoji's style."""
    return "\u0300" <= character <= "\u036f" or "\u064b" <= character <= "\u065f" or "\ufe00" <= character <= "\ufe0f"
