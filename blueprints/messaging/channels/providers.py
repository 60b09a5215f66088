"""The providers of this process: made once, from the settings, so that connections are reused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from blueprints.messaging.channels.sms import adapters
from blueprints.messaging.channels.sms.adapters import step_seconds
from blueprints.messaging.channels.smtp import Mailer, MailServer
from shopbell import runtime
from shopbell.settings import Settings


@dataclass(frozen=True)
class Providers:
    """How mail leaves; text messages leave by their accounts (channels.sms.adapters)."""

    mail: Mailer

    def close(self) -> None:
        """Close all connections; the next message opens new ones."""
        adapters.close_all()
        self.mail.close()


def providers() -> Providers:
    """The providers for the installed settings."""
    return _providers_for(runtime.settings())


@lru_cache(maxsize=4)
def _providers_for(settings: Settings) -> Providers:
    return Providers(Mailer(MailServer.from_url(settings.smtp_url), step_seconds=step_seconds(settings)))
