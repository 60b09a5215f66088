"""What the DNS says about mail of a domain: DKIM keys, SPF, DMARC. Looked up, compared, and said as states.

`right`: there and as it should be; `missing`; `other`: there, and not what it should be; `unreachable`: no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shopbell import name_server
from shopbell.dkim import Signer
from shopbell.name_server import NotReached

RIGHT, MISSING, OTHER, UNREACHABLE = STATES = ("right", "missing", "other", "unreachable")
POLICIES = frozenset({"none", "quarantine", "reject"})
#: One that protects nothing yet and harms nothing: what every guide has a domain begin with.
FIRST_POLICY = "v=DMARC1; p=none"


@dataclass(frozen=True)
class Finding:
    """The state of a record, and the text that was found, if any."""

    state: str
    seen: str = ""


def dkim_key(signer: Signer, server: str = "") -> Finding:
    """Whether receivers find the key that signs."""
    try:
        found = name_server.texts(signer.record_name, server)
    except NotReached:
        return Finding(UNREACHABLE)
    wanted = _tags(signer.record)
    for text in found:
        tags = _tags(text)
        if tags.get("p") == wanted["p"] and tags.get("k", "rsa") == wanted["k"]:
            return Finding(RIGHT, text)
    return Finding(OTHER, found[0]) if found else Finding(MISSING)


def spf(domain: str, server: str = "") -> Finding:
    """Whether there is one policy on who may send from the envelope address's domain, and one that says something."""
    try:
        found = [text for text in name_server.texts(domain, server) if _is_spf(text)]
    except NotReached:
        return Finding(UNREACHABLE)
    if not found:
        return Finding(MISSING)
    sound = len(found) == 1 and "+all" not in found[0].lower().split()
    return Finding(RIGHT if sound else OTHER, found[0])


def dmarc(domain: str, server: str = "") -> Finding:
    """The policy for mail that claims to be from the domain: its own, or that of the domain above it."""
    try:
        for name in _upwards(domain):
            found = [
                text for text in name_server.texts(f"_dmarc.{name}", server) if text.lower().startswith("v=dmarc1")
            ]
            if found:
                sound = len(found) == 1 and _tags(found[0]).get("p", "").lower() in POLICIES
                return Finding(RIGHT if sound else OTHER, found[0])
    except NotReached:
        return Finding(UNREACHABLE)
    return Finding(MISSING)


def _is_spf(text: str) -> bool:
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def _upwards(domain: str) -> Iterable[str]:
    labels = domain.split(".")
    return (".".join(labels[start:]) for start in range(len(labels) - 1))


def _tags(text: str) -> dict[str, str]:
    """Tags of a record by name; blanks inside values mean nothing."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}
