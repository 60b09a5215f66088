"""Types of rooms and devices: the trades' own ones, named in the reader's language, and those a chain types itself."""

from __future__ import annotations

from collections.abc import Iterable

from shopbell.i18n import LOCALES, speaking
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant
from shopbell.text import N_
from tenants.packs import PACKS

NAMES = {
    "exam_room": N_("exam room"),
    "fitting_desk": N_("fitting desk"),
    "pretest_area": N_("pre-test area"),
    "autorefractor": N_("autorefractor"),
    "biometer": N_("biometer"),
    "fundus_camera": N_("fundus camera"),
    "lensmeter": N_("lensmeter"),
    "phoropter": N_("phoropter"),
    "slit_lamp": N_("slit lamp"),
    "topographer": N_("corneal topographer"),
    "chair": N_("styling chair"),
    "nail_table": N_("nail table"),
    "treatment_room": N_("treatment room"),
    "wash_basin": N_("wash basin"),
    "facial_steamer": N_("facial steamer"),
    "nail_lamp": N_("nail lamp"),
    "perm_machine": N_("perm machine"),
    "steamer": N_("hair steamer"),
}


def type_name(type_: str) -> str:
    """The type for people to read: a trade's own in the current language, a chain's own as it was typed."""
    return _(NAMES[type_]) if type_ in NAMES else type_.replace("_", " ")


def type_meant(text: str, known: Iterable[str]) -> str:
    """The type that somebody means who typed this: one of a trade, in any language, or one of the `known`, however its
    letters are written; else a new one."""
    wanted = _folded(text)
    for type_ in NAMES:
        if wanted == _folded(type_) or wanted in _in_every_language(type_):
            return type_
    return next((type_ for type_ in known if _folded(type_) == wanted), text)


def types_of_the_trade(kind: str) -> list[str]:
    """The types of rooms ("room") or devices ("device") that the services of the chain's trade pack need, by name."""
    pack = PACKS[current_tenant().pack]
    return sorted(pack.room_types if kind == "room" else pack.device_types)


def _in_every_language(type_: str) -> set[str]:
    found = set()
    for locale in LOCALES:
        with speaking(locale):
            found.add(_folded(type_name(type_)))
    return found


def _folded(text: str) -> str:
    return text.casefold().replace("_", " ")
