"""What head office is told when a provider, or what came from it, is refused."""

from __future__ import annotations

from blueprints.access.oidc import Refusal
from shopbell.i18n import gettext as _
from shopbell.text import N_

UNREACHED = frozenset({"unreachable", "too_slow", "certificate", "private_address", "status", "not_json", "too_large"})
"""Nothing is wrong with the person or their browser: it may work later."""
SENTENCES = {
    "unreachable": N_("Nothing answers at its address."),
    "too_slow": N_("It takes too long to answer."),
    "certificate": N_("Its certificate is not valid."),
    "private_address": N_("Its address lies in a private network, which is not asked."),
    "status": N_("It answers with an error."),
    "not_json": N_("What it answers is no description of a provider. Is the issuer right?"),
    "too_large": N_("What it answers is too long."),
    "bad_address": N_("It names an address that is not asked."),
    "other_issuer": N_("It calls itself something else. Copy the issuer exactly."),
    "algorithm": N_("It signs in no way that is safe enough."),
    "keys": N_("It shows no key that its signatures could be checked with."),
    "secret": N_("The secret cannot be read here. Enter it once more."),
    "code_refused": N_("It does not take our code. Are the client id and the secret right?"),
    "turned_away": N_("It turned the person away."),
    "mixed_up": N_("The answer came from another provider."),
    "expired": N_("The token is too old. Is one of the two clocks wrong?"),
    "groups_elsewhere": N_("The person is in too many groups. Let the provider send only those that matter here."),
}
UNTRUSTED = N_("What it says of the person cannot be trusted.")


def sentence(refusal: Refusal) -> str:
    """What is wrong, with the provider's own words where it has said any."""
    text = _(SENTENCES.get(refusal.code, UNTRUSTED))
    return f"{text} ({refusal.told})" if refusal.told else text
