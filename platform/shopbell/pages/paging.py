"""Long lists in pages: which one was asked for, and where the others are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

T = TypeVar("T")


@dataclass(frozen=True)
class Paging:
    """Page `number` of `last`, both from 1 on; `start` is the first entry's place from 0 on. `name` is what the address
    calls it: a page may hold two lists."""

    number: int
    last: int
    size: int
    name: str = "page"

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    def cut(self, entries: Sequence[T]) -> Sequence[T]:
        """This page's part of a list that is all there."""
        return entries[self.start : self.start + self.size]

    def address(self, number: int) -> str:
        """The same list at another page, filters kept."""
        return f"{request.path}?{urlencode({**request.args.to_dict(), self.name: str(number)})}"


def paging(total: int, size: int, name: str = "page", asked: Mapping[str, str] | None = None) -> Paging:
    """The page that ?page= asks for, or a form in `asked`; one that does not exist becomes the nearest that does."""
    last = max(1, -(-total // size))
    text = (request.args if asked is None else asked).get(name, "1")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    return Paging(min(max(wanted, 1), last), last, size, name)
