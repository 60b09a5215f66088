"""How the pages of the development tools are drawn."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from infra.devtools.web import Response

HERE = Path(__file__).parent
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)。，；：！？）】]")


def linked(text: str) -> Markup:
    """Text with its web addresses made clickable, everything else escaped."""
    parts: list[Markup] = []
    end = 0
    for match in ADDRESS.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(match.group()))
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def clock(moment: str) -> str:
    """An ISO moment as this machine's clock shows it, to the second."""
    return datetime.fromisoformat(moment).astimezone().strftime("%H:%M:%S")


def day(moment: str) -> str:
    """An ISO moment as a day on this machine."""
    return datetime.fromisoformat(moment).astimezone().strftime("%d %b")


@functools.cache
def _environment() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(linked=linked, clock=clock, day=day)
    return environment


def draw(template: str, **context: Any) -> str:
    """One page as HTML."""
    return _environment().get_template(template).render(**context)


@functools.cache
def _stylesheet_bytes() -> bytes:
    return (HERE / "static" / "devtools.css").read_bytes()


def stylesheet() -> Response:
    """The style of all pages."""
    return Response(200, _stylesheet_bytes(), "text/css; charset=utf-8", {"Cache-Control": "max-age=60"})
