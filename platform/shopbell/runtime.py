"""The process's settings, put here once by whoever starts it (web server, worker, command, test)."""

from __future__ import annotations

from shopbell.crypto import Sealer, Signer
from shopbell.settings import Settings

_settings: Settings | None = None


def install(settings: Settings) -> None:
    global _settings  # noqa: PLW0603 - one process, one installation
    _settings = settings


def signer() -> Signer:
    """Signs by the installation's secret key."""
    held = settings()
    return Signer(held.secret_key, *held.earlier_secret_keys)


def sealer(purpose: str) -> Sealer:
    """Seals by the installation's secret key."""
    held = settings()
    return Sealer(held.secret_key, purpose, *held.earlier_secret_keys)


def settings() -> Settings:
    """Raises RuntimeError when the process was started without settings."""
    if _settings is None:
        raise RuntimeError("the process has no settings: its entry point must call runtime.install()")
    return _settings
