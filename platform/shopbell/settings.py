"""One typed, frozen settings object, built from the environment and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shopbell import own_mail, sms_providers
from shopbell.own_mail import OwnMail
from shopbell.sms_providers import SmsProvider
from shopbell.tenancy import OWN_HOSTS
from shopbell.vault import masters

ROOT = Path(__file__).resolve().parents[2]
SERVER_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
NEXT_PAIR = re.compile(r"[\s,]+(?=[^\s,=]*=\w+://)")
DEVELOPMENT_SECRET = "development-only-not-a-secret"  # noqa: S105 - refused below # pragma: allowlist secret
DEVELOPMENT_MASTER = "development:ZGV2ZWxvcG1lbnQtb25seS1ub3QtYS1tYXN0ZXIta2U="  # pragma: allowlist secret
DEVELOPMENT_SMS_HOOK = "development-only-not-a-secret"

SIGN_UP_LIMITS = {"branches": 3, "bookings": 1_000, "messages": 1_000}
"""Branches, and bookings and messages a month: enough to try the product, too little for floods of messages."""


class BadSettings(Exception):
    """The environment cannot work; the text says which variable and what it should hold."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Times in seconds unless the name says otherwise."""

    environment: str
    database_url: str
    databases: tuple[tuple[str, str], ...]
    """Names and addresses of further database servers; the one at `database_url` is called main."""
    redis_url: str
    secret_key: str = field(repr=False)
    earlier_secret_keys: tuple[str, ...] = field(repr=False)
    """By these nothing is signed or sealed any more, but what was is still read."""
    master_keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    """What wraps the keys of chains' personal data, by name, the newest first."""
    base_domain: str
    port: int
    public_scheme: str
    smtp_url: str
    mail_from: str
    own_mail: OwnMail
    sms_api_base: str
    sms_account_sid: str
    sms_auth_token: str
    sms_from: str
    sms_hook: str = field(repr=False)
    sms_providers: tuple[SmsProvider, ...]
    """Further accounts with providers of text messages; the five settings above are one of Twilio's, if set."""
    var_dir: Path
    pool_size: int
    rate_limit_factor: int
    api_per_minute: int
    """How many calls of the API one program may make; twice as many may come from one address."""
    consent_days: int
    """For how long an app that somebody has let in may act for them before they are asked again."""
    relay_interval: float
    lease_seconds: int
    messages_per_second: int
    """How many messages a chain may send in a second, those that somebody waits for aside; 0 for any number."""
    mail_per_second: int
    """How many mails the mail server takes in a second; 0 for any number."""
    private_calendars: bool
    dns_server: str
    """The name server that is asked for proofs of ownership, as address:port; empty for the system's own."""
    sign_up: bool
    """Whether anybody may sign up a chain at the host `start`."""
    sign_up_limits: tuple[tuple[str, int | None], ...]
    """By name, what such a chain may use until the operator says otherwise; None: as much as it likes."""
    security_contact: str
    """Whom to tell about a hole in the product: an address such as mailto:security@shopbell.example, or nothing."""

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    def tenant_url(self, host: str) -> str:
        """The address of a tenant's pages, without a trailing slash; the port is shown only where browsers need it."""
        default = {"http": 80, "https": 443}[self.public_scheme]
        return f"{self.public_scheme}://{host}" + (
            "" if self.is_production or self.port == default else f":{self.port}"
        )

    @property
    def sms_accounts(self) -> tuple[SmsProvider, ...]:
        """The installation's accounts with providers of text messages, the one asked first in front."""
        if not self.sms_account_sid:
            return self.sms_providers
        first = SmsProvider(
            key="twilio",
            provider="twilio",
            identity=self.sms_account_sid,
            secret=self.sms_auth_token,
            sender=self.sms_from,
            base=self.sms_api_base,
            hook=self.sms_hook,
        )
        return (first, *self.sms_providers)

    def own_host(self, host: str) -> str:
        """Which of OWN_HOSTS a host name without port is, or nothing."""
        name, _, rest = host.lower().partition(".")
        return name if name in OWN_HOSTS and rest == self.base_domain else ""

    def own_url(self, name: str) -> str:
        """The address of one of the installation's own hosts, without a trailing slash."""
        return self.tenant_url(f"{name}.{self.base_domain}")

    @staticmethod
    def load(environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment. Raises BadSettings naming the variable that is missing or wrong."""
        env = os.environ if environ is None else environ
        environment = env.get("SHOPBELL_ENVIRONMENT", "development")
        if environment not in {"development", "test", "production"}:
            raise BadSettings("SHOPBELL_ENVIRONMENT must be development, test or production")
        port = _number(env, "PORT", 8000)
        live = environment == "production"

        def text(name: str, otherwise: str) -> str:
            value = env.get(f"SHOPBELL_{name}") or ("" if live else otherwise)
            if not value:
                raise BadSettings(f"SHOPBELL_{name} is missing: production has no default for it")
            return value

        providers = _sms_providers(env)

        def sms(name: str, otherwise: str) -> str:
            """Who names other accounts in production need not have this one."""
            return env.get(f"SHOPBELL_{name}", "") if live and providers else text(name, otherwise)

        for name in ("DATABASE_URL", "REDIS_URL"):
            if not env.get(name):
                raise BadSettings(f"{name} is missing; `make run` starts the built-in servers and sets it")
        return Settings(
            environment=environment,
            database_url=_psycopg(env["DATABASE_URL"]),
            databases=_databases(env.get("SHOPBELL_DATABASES", "")),
            redis_url=env["REDIS_URL"],
            secret_key=text("SECRET_KEY", DEVELOPMENT_SECRET),
            earlier_secret_keys=tuple(env.get("SHOPBELL_EARLIER_SECRET_KEYS", "").split()),
            master_keys=_master_keys(env, "" if live else DEVELOPMENT_MASTER),
            base_domain=text("BASE_DOMAIN", "localhost"),
            port=port,
            public_scheme=env.get("SHOPBELL_PUBLIC_SCHEME", "https" if live else "http"),
            smtp_url=text("SMTP_URL", f"smtp://127.0.0.1:{port + 25}"),
            mail_from=(mail_from := text("MAIL_FROM", "no-reply@shopbell.localhost")),
            own_mail=_own_mail(env, mail_from, live=live),
            sms_api_base=sms("SMS_API_BASE", f"http://127.0.0.1:{port + 27}"),
            sms_account_sid=sms("SMS_ACCOUNT_SID", "AC00000000000000000000000000000001"),
            sms_auth_token=sms("SMS_AUTH_TOKEN", "development-token"),
            sms_from=sms("SMS_FROM", "+15005550006"),
            sms_hook=_sms_hook(env.get("SHOPBELL_SMS_HOOK") or ("" if live else DEVELOPMENT_SMS_HOOK)),
            sms_providers=providers,
            var_dir=Path(env.get("SHOPBELL_VAR_DIR") or ROOT / "var"),
            pool_size=_number(env, "SHOPBELL_POOL_SIZE", 4),
            rate_limit_factor=_number(env, "SHOPBELL_RATE_LIMIT_FACTOR", 1),
            api_per_minute=_number(env, "SHOPBELL_API_PER_MINUTE", 600),
            consent_days=_number(env, "SHOPBELL_CONSENT_DAYS", 365),
            relay_interval=_number(env, "SHOPBELL_RELAY_INTERVAL_MS", 250) / 1000,
            lease_seconds=_number(env, "SHOPBELL_LEASE_SECONDS", 60),
            messages_per_second=_number(env, "SHOPBELL_MESSAGES_PER_SECOND", 0, least=0),
            mail_per_second=_number(env, "SHOPBELL_MAIL_PER_SECOND", 0, least=0),
            # Whether calendars may be read from addresses inside the own network: for installations in a company.
            private_calendars=env.get("SHOPBELL_PRIVATE_CALENDARS") == "yes",
            dns_server=_server(env.get("SHOPBELL_DNS_SERVER", "")),
            sign_up=(env.get("SHOPBELL_SIGN_UP") or ("no" if live else "yes")) == "yes",
            sign_up_limits=tuple((name, _limit(env, name, most)) for name, most in SIGN_UP_LIMITS.items()),
            security_contact=_contact(env.get("SHOPBELL_SECURITY_CONTACT", "")),
        )


def _number(env: Mapping[str, str], name: str, otherwise: int, *, least: int = 1) -> int:
    raw = env.get(name) or str(otherwise)
    if not raw.isdigit() or int(raw) < least:
        raise BadSettings(f"{name} must be a whole number of at least {least}, not {raw!r}")
    return int(raw)


def _limit(env: Mapping[str, str], name: str, otherwise: int) -> int | None:
    variable = f"SHOPBELL_SIGN_UP_{name.upper()}"
    return None if env.get(variable) == "unlimited" else _number(env, variable, otherwise)


def _master_keys(env: Mapping[str, str], otherwise: str) -> tuple[tuple[str, bytes], ...]:
    """From the variable, or from the file that SHOPBELL_MASTER_KEYS_FILE names."""
    path = env.get("SHOPBELL_MASTER_KEYS_FILE")
    try:
        told = Path(path).read_text() if path else env.get("SHOPBELL_MASTER_KEYS") or otherwise
        found = masters.read(told)
    except OSError as error:
        raise BadSettings(f"SHOPBELL_MASTER_KEYS_FILE cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadSettings(f"SHOPBELL_MASTER_KEYS: {error}") from None
    if not found:
        raise BadSettings("SHOPBELL_MASTER_KEYS is missing: production has no default for it (`shopbell keys new`)")
    return tuple(found.items())


def _sms_providers(env: Mapping[str, str]) -> tuple[SmsProvider, ...]:
    """From the variable, or from the file that SHOPBELL_SMS_PROVIDERS_FILE names."""
    path = env.get("SHOPBELL_SMS_PROVIDERS_FILE")
    try:
        return sms_providers.read(Path(path).read_text() if path else env.get("SHOPBELL_SMS_PROVIDERS", ""))
    except OSError as error:
        raise BadSettings(f"SHOPBELL_SMS_PROVIDERS_FILE cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadSettings(f"SHOPBELL_SMS_PROVIDERS {error}") from None


def _sms_hook(text: str) -> str:
    if 0 < len(text) < sms_providers.SHORTEST_HOOK:
        raise BadSettings(f"SHOPBELL_SMS_HOOK needs {sms_providers.SHORTEST_HOOK} characters or more")
    return text


def _own_mail(env: Mapping[str, str], sender: str, *, live: bool) -> OwnMail:
    try:
        return own_mail.read(env, sender, live=live)
    except ValueError as error:
        raise BadSettings(str(error)) from None


def _server(text: str) -> str:
    address, _, port = text.rpartition(":")
    if text and not (address and port.isdigit()):
        raise BadSettings(f"SHOPBELL_DNS_SERVER must be address:port such as 192.0.2.53:53, not {text!r}")
    return text


def _contact(text: str) -> str:
    if text and not re.fullmatch(r"(mailto:|https://|tel:)\S+", text):
        raise BadSettings(f"SHOPBELL_SECURITY_CONTACT must begin with mailto:, https:// or tel:, not {text!r}")
    return text


def _databases(text: str) -> tuple[tuple[str, str], ...]:
    """`name=url` pairs, parted by commas or spaces; an address of several hosts may have commas in it."""
    found: dict[str, str] = {}
    for pair in NEXT_PAIR.split(text.strip()) if text.strip() else ():
        name, _, url = pair.partition("=")
        if not SERVER_NAME.fullmatch(name) or "://" not in url:
            raise BadSettings("SHOPBELL_DATABASES must hold pairs such as second=postgresql://..., parted by commas")
        if name == "main" or name in found:
            raise BadSettings(f"SHOPBELL_DATABASES names {name!r} twice: main is the database of DATABASE_URL")
        found[name] = _psycopg(url)
    return tuple(found.items())


def _psycopg(url: str) -> str:
    """Accept the usual postgres:// spellings; SQLAlchemy needs the driver named."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
