"""How the installation itself sends mail: the keys that sign it, where it comes back to, and who may tell of that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shopbell import dkim
from shopbell.dkim import BadKey, Signer

SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")
TOPIC = re.compile(r"arn:aws(-cn|-us-gov)?:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}")
DEVELOPMENT_DOMAIN = "bounce.shopbell.localhost"


class BadMailSettings(ValueError):
    """Says which variable is wrong and how, and never what was in a secret one."""


@dataclass(frozen=True)
class OwnMail:
    """Mail of the installation.

    `signers` sign what goes out under its own domain. What cannot be delivered comes back to `bounce_domain`; without
    one to the sender's mailbox, where nobody takes it in. `hook_secret` signs what other programs tell of bounces, and
    `topics` are those of Amazon SNS that may; without them nobody may.
    """

    signers: tuple[Signer, ...] = field(default=(), repr=False)
    bounce_domain: str = ""
    hook_secret: str = field(default="", repr=False)
    topics: tuple[str, ...] = ()


def read(env: Mapping[str, str], sender: str, *, live: bool) -> OwnMail:
    """From the environment, for the sender's domain. Raises BadMailSettings."""
    domain = sender.rpartition("@")[2].lower()
    bounces = env.get("SHOPBELL_BOUNCE_DOMAIN", "" if live else DEVELOPMENT_DOMAIN).lower()
    if bounces and not DOMAIN.fullmatch(bounces):
        raise BadMailSettings(f"SHOPBELL_BOUNCE_DOMAIN must be a domain such as bounce.{domain}, not {bounces!r}")
    topics = tuple(env.get("SHOPBELL_SES_TOPICS", "").replace(",", " ").split())
    for topic in topics:
        if not TOPIC.fullmatch(topic):
            raise BadMailSettings(f"SHOPBELL_SES_TOPICS must hold ARNs of SNS topics, not {topic!r}")
    return OwnMail(
        signers=_signers(_told(env), domain),
        bounce_domain=bounces,
        hook_secret=env.get("SHOPBELL_MAIL_HOOK_SECRET", "" if live else "development-only"),
        topics=topics,
    )


def _told(env: Mapping[str, str]) -> str:
    path = env.get("SHOPBELL_DKIM_KEYS_FILE")
    try:
        return Path(path).read_text() if path else env.get("SHOPBELL_DKIM_KEYS", "")
    except OSError as error:
        raise BadMailSettings(f"SHOPBELL_DKIM_KEYS_FILE cannot be read: {error.strerror}") from None


def _signers(told: str, domain: str) -> tuple[Signer, ...]:
    """From `selector:base64` pairs, parted by commas or white space; all of them sign."""
    found: dict[str, Signer] = {}
    for pair in told.replace(",", " ").split():
        selector, colon, private = pair.partition(":")
        if not colon or not SELECTOR.fullmatch(selector) or selector in found:
            raise BadMailSettings("SHOPBELL_DKIM_KEYS: each key needs a selector of its own before a colon")
        try:
            dkim.algorithm_of(private)
        except BadKey as error:
            raise BadMailSettings(f"SHOPBELL_DKIM_KEYS: the key {selector}: {error}") from None
        found[selector] = Signer(domain, selector, private)
    return tuple(found.values())
