"""The providers of this process: made once, from the settings, so that connections are reused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from blueprints.messaging.channels.smtp import Mailer, MailServer
from blueprints.messaging.channels.twilio import TwilioSms
from shopbell import runtime
from shopbell.settings import Settings

#: An attempt takes about six steps on the network (connect, greet, sender, recipient, data, answer) and has to be
#: over before the lease on it is.
STEPS_IN_A_LEASE = 6
LONGEST_STEP_SECONDS = 10.0


@dataclass(frozen=True)
class Providers:
    """How messages leave."""

    sms: TwilioSms
    mail: Mailer

    def close(self) -> None:
        """Close all connections; the next message opens new ones."""
        self.sms.close()
        self.mail.close()


def providers() -> Providers:
    """The providers for the installed settings."""
    return _providers_for(runtime.settings())


@lru_cache(maxsize=4)
def _providers_for(settings: Settings) -> Providers:
    step_seconds = min(settings.lease_seconds / STEPS_IN_A_LEASE, LONGEST_STEP_SECONDS)
    return Providers(
        sms=TwilioSms(
            settings.sms_api_base,
            settings.sms_account_sid,
            settings.sms_auth_token,
            settings.sms_from,
            step_seconds=step_seconds,
        ),
        mail=Mailer(MailServer.from_url(settings.smtp_url), step_seconds=step_seconds),
    )
