"""What a provider tells of a person, read into values. Nothing in it is taken on trust but by these rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blueprints.access import rules
from blueprints.access.oidc.outside import Refusal
from shopbell.i18n import LOCALES
from shopbell.text import clean_name

MOST_GROUPS = 1000
LONGEST_GROUP = 200
LONGEST_SUBJECT = 255
VERIFIED = ("email_verified", "xms_edov")
"""Either says that the address is the person's own; the second is Microsoft's word for it."""


@dataclass(frozen=True)
class Person:
    """Who somebody is to the provider. `email` is the form that accounts have; it counts only when `email_verified`."""

    subject: str
    name: str
    email: str
    email_verified: bool
    locale: str | None
    groups: frozenset[str]
    id_token: str = ""
    sid: str = ""
    """What the provider calls its own session, when it says so."""

    @property
    def own_email(self) -> str:
        return self.email if self.email_verified else ""


def person(claims: Mapping[str, Any], groups_claim: str, id_token: str) -> Person:
    """Raises Refusal when the provider names groups elsewhere than in its answer, which it does of people with many."""
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, Mapping) and groups_claim in elsewhere:
        raise Refusal("groups_elsewhere")
    subject = str(claims.get("sub", ""))
    if not subject or len(subject) > LONGEST_SUBJECT or "\x00" in subject:
        raise Refusal("subject")
    email = rules.account_email(_text(claims, "email")) or ""
    locale = _text(claims, "locale")
    return Person(
        subject=subject,
        name=_name(claims, email) or subject[: rules.LONGEST_NAME],
        email=email,
        email_verified=any(str(claims.get(word)).lower() in {"true", "1"} for word in VERIFIED),
        locale=locale if locale in LOCALES else None,
        groups=groups(claims, groups_claim),
        id_token=id_token,
        sid=session_id(claims),
    )


def session_id(claims: Mapping[str, Any]) -> str:
    """Empty when the provider names none, or none that could be one."""
    found = _text(claims, "sid")
    return found if len(found) <= LONGEST_SUBJECT else ""


def groups(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """The texts of a claim, one or several; a name with dots may lead into objects, as in realm_access.roles."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return frozenset(one for one in listed[:MOST_GROUPS] if isinstance(one, str) and 0 < len(one) <= LONGEST_GROUP)


def _name(claims: Mapping[str, Any], email: str) -> str:
    both = " ".join(filter(None, (_text(claims, "given_name"), _text(claims, "family_name"))))
    for text in (_text(claims, "name"), both, _text(claims, "preferred_username"), email):
        name = clean_name(text)[: rules.LONGEST_NAME].strip()
        if name:
            return name
    return ""


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.replace("\x00", "") if isinstance(value, str) else ""
