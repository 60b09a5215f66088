"""How a reviewer is named in public: enough to look like a person, too little to be found."""

from __future__ import annotations

MOST_INITIALS = 3


def public_name(name: str) -> str:
    """ "王**" for a Chinese name, initials for any other: "T. T. L."; empty when there is no letter in it."""
    letters = [letter for letter in name if letter.isalpha()]
    if letters and all("\u3400" <= letter <= "\u9fff" for letter in letters):
        return letters[0] + "**"
    words = ["".join(letter for letter in word if letter.isalpha()) for word in name.split()]
    return " ".join(f"{word[0].upper()}." for word in words if word)[: MOST_INITIALS * 3 - 1]
