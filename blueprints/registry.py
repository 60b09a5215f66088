"""The features, explicit and in order, and what they offer together."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from blueprints.access import api as access
from blueprints.access.feature import FEATURE as ACCESS
from blueprints.account.feature import FEATURE as ACCOUNT
from blueprints.alerts.feature import FEATURE as ALERTS
from blueprints.arrivals.feature import FEATURE as ARRIVALS
from blueprints.audit.feature import FEATURE as AUDIT
from blueprints.booking.feature import FEATURE as BOOKING
from blueprints.brand.feature import FEATURE as BRAND
from blueprints.carriers.feature import FEATURE as CARRIERS
from blueprints.catalog.feature import FEATURE as CATALOG
from blueprints.crm.feature import FEATURE as CRM
from blueprints.domains.feature import FEATURE as DOMAINS
from blueprints.feeds.feature import FEATURE as FEEDS
from blueprints.finder.feature import FEATURE as FINDER
from blueprints.frontdesk.feature import FEATURE as FRONTDESK
from blueprints.hq.feature import FEATURE as HQ
from blueprints.inbox.feature import FEATURE as INBOX
from blueprints.messaging.feature import FEATURE as MESSAGING
from blueprints.operator.feature import FEATURE as OPERATOR
from blueprints.reviews.feature import FEATURE as REVIEWS
from blueprints.settings.feature import FEATURE as SETTINGS
from blueprints.signup.feature import FEATURE as SIGNUP
from blueprints.staff.feature import FEATURE as STAFF
from blueprints.storefront.feature import FEATURE as STOREFRONT
from blueprints.templates.feature import FEATURE as TEMPLATES
from blueprints.waitlist.feature import FEATURE as WAITLIST
from blueprints.webhooks.feature import FEATURE as WEBHOOKS
from shopbell import housekeeping
from shopbell.auth import Permission, Permissions
from shopbell.due import JobMark
from shopbell.events import Event, reaction_name
from shopbell.feature import Feature
from shopbell.http.idempotency import SEALED as KEPT_ANSWERS
from shopbell.http.idempotency import IdempotencyKey
from shopbell.vault import sealing
from shopbell.vault.columns import Sealed
from tenants import creation, domains
from tenants.move import moving

FEATURES: tuple[Feature, ...] = (
    ACCESS,
    CATALOG,
    STAFF,
    BRAND,
    CRM,
    BOOKING,
    ARRIVALS,
    WAITLIST,
    REVIEWS,
    FEEDS,
    FINDER,
    TEMPLATES,
    MESSAGING,
    INBOX,
    ALERTS,
    FRONTDESK,
    STOREFRONT,
    ACCOUNT,
    SETTINGS,
    HQ,
    DOMAINS,
    WEBHOOKS,
    AUDIT,
    SIGNUP,
    CARRIERS,
    OPERATOR,
)

KEYS_SERVED = housekeeping.older_than(timedelta(days=2), IdempotencyKey, IdempotencyKey.created_at)
"""Clients repeat a request within minutes; two days cover a weekend's outage."""


@dataclass(frozen=True)
class Job:
    """A handler of due work."""

    mark: JobMark
    function: Callable[..., None]


@dataclass
class Handlers:
    """Everything a worker needs: which reactions an event has, and who handles a kind of due work."""

    events: dict[str, type[Event]] = field(default_factory=dict)
    reactions: dict[str, Callable[..., None]] = field(default_factory=dict)
    reactions_of: dict[str, list[str]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)


def handlers(features: Iterable[Feature] = FEATURES) -> Handlers:
    """Collect reactions and jobs. Raises ValueError when two have one name."""
    found = Handlers()
    for feature in features:
        for reaction in feature.reactions:
            name, event = reaction_name(reaction), reaction.reacts_to  # type: ignore[attr-defined]
            _once(found.reactions, name, reaction)
            found.events[event.name] = event
            found.reactions_of.setdefault(event.name, []).append(name)
        for function in feature.jobs:
            mark: JobMark = function.handles  # type: ignore[attr-defined]
            _once(found.jobs, mark.kind, Job(mark, function))
    sweeps = [KEYS_SERVED, *(sweep for feature in features for sweep in feature.housekeeping)]
    own: tuple[Callable[..., None], ...] = (
        housekeeping.job(sweeps),
        creation.job(seeders(features), access.invite_owner),
        domains.check,
        moving.remove_old_copy,
        *sealing.jobs(sealed(features)),
    )
    for function in own:
        mark = function.handles  # type: ignore[attr-defined]
        _once(found.jobs, mark.kind, Job(mark, function))
    return found


def permissions(features: Iterable[Feature] = FEATURES) -> Permissions:
    """Every permission of chains by name, in the order of the features."""
    return _permissions(feature for feature in features if not feature.host)


def own_permissions(features: Iterable[Feature] = FEATURES) -> Permissions:
    """What may be done at the installation's own hosts; nobody in a chain can hold any of it."""
    return _permissions(feature for feature in features if feature.host)


def _permissions(features: Iterable[Feature]) -> Permissions:
    known: dict[str, Permission] = {}
    for feature in features:
        for name, permission in feature.permissions.items():
            _once(known, name, permission)
    return Permissions(known)


def scopes(features: Iterable[Feature] = FEATURES) -> dict[str, str]:
    """What programs may ask for, in the order of the features, each with a msgid that says it to people."""
    known: dict[str, str] = {}
    for feature in features:
        for name, label in feature.scopes.items():
            _once(known, name, label)
    return known


def seeders(features: Iterable[Feature] = FEATURES) -> list[Callable[..., None]]:
    """What a new tenant is furnished with."""
    return [*(seed for feature in features for seed in feature.seeders), housekeeping.start]


def sealed(features: Iterable[Feature] = FEATURES) -> list[Sealed]:
    """Every column of personal data that is sealed."""
    return [*KEPT_ANSWERS, *(column for feature in features for column in feature.sealed)]


def load_models(features: Iterable[Feature] = FEATURES) -> None:
    """Import every feature's tables, so that the metadata is complete."""
    importlib.import_module("tenants.models")
    importlib.import_module("shopbell.audit")
    importlib.import_module("tenants.settings.models")
    importlib.import_module("shopbell.outbox")
    importlib.import_module("shopbell.config_version")
    importlib.import_module("shopbell.vault.models")
    importlib.import_module("shopbell.http.idempotency")
    for feature in features:
        name = f"blueprints.{feature.name}.models"
        if importlib.util.find_spec(name):
            importlib.import_module(name)


def _once(known: dict[str, Any], name: str, value: Any) -> None:
    if name in known:
        raise ValueError(f"two features offer {name}")
    known[name] = value
