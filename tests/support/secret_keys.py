"""Another secret key of the installation, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from shopbell import runtime
from shopbell.settings import Settings


@contextmanager
def secret_keys(settings: Settings, new: str, *earlier: str) -> Iterator[None]:
    """Within it the installation signs and seals by `new`, and reads what the `earlier` ones made."""
    runtime.install(replace(settings, secret_key=new, earlier_secret_keys=earlier))
    try:
        yield
    finally:
        runtime.install(settings)
