"""The accounts the simulator knows: one with each provider, all of them worth nothing anywhere else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    """A Twilio account."""

    sid: str = "AC00000000000000000000000000000001"  # pragma: allowlist secret
    token: str = "development-token"  # noqa: S105 - worth nothing anywhere


@dataclass(frozen=True)
class Keys:
    """A pair of keys, as Alibaba Cloud, Tencent Cloud and AWS give them out."""

    id: str
    secret: str


@dataclass(frozen=True)
class Smpp:
    """Who may bind to the SMSC."""

    system_id: str = "shopbell"
    password: str = "smpp-dev"  # noqa: S105 - worth nothing anywhere


@dataclass(frozen=True)
class Accounts:
    """One account with each provider."""

    twilio: Account = field(default_factory=Account)
    alibaba: Keys = Keys("LTAIdevelopment", "alibaba-development-secret")
    tencent: Keys = Keys("AKIDdevelopment", "tencent-development-secret")
    tencent_app: str = "1400006666"
    sns: Keys = Keys("AKIADEVELOPMENT00000", "sns-development-secret")
    smpp: Smpp = field(default_factory=Smpp)
