"""What is wrong with a text before anybody reads it, and what its author should look at again. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from blueprints.templates.rules.filling import is_broken, names_in
from blueprints.templates.rules.wordings import CODE, PIECES, SAID, WORDINGS, Wording
from shopbell.i18n import gettext as _

LONGEST = {"sms": 700, "subject": 150, "heading": 150, "lead": 2000, "closing": 2000}
MAY_BE_MISSING = frozenset({"closing"})
MARKS = {"vi": ("[QC]", "(QC)", "[AD]"), "zh-CN": ("【",), "en": ()}
"""What a text that advertises begins with, where the law or the carriers demand it."""
WAYS_OUT = {
    "vi": ("từ chối", "tu choi"),
    "zh-CN": ("退订", "拒收", "回复R", "回复T", "回R", "回T"),
    "en": ("stop", "opt out", "unsubscribe"),
}
"""How a text that advertises says how to get no more of them."""
ADVERTISING = {
    "vi": ("giảm giá", "khuyến mãi", "ưu đãi", "miễn phí", "giam gia", "khuyen mai", "uu dai"),
    "zh-CN": ("优惠", "折扣", "促销", "特价", "满减", "免费领", "秒杀", "红包"),
    "en": ("discount", "special offer", "% off", "sale ends", "coupon", "free gift"),
}
Parts = Mapping[str, str]


def complaints(name: str, channel: str, locale: str, parts: Parts) -> dict[str, str]:
    """A sentence for each piece that cannot be published as it is."""
    wording, found = WORDINGS[name], dict[str, str]()
    for piece in PIECES[channel]:
        sentence = next(_wrong(wording, piece, parts.get(piece, "")), "")
        if sentence:
            found[piece] = sentence
    last = PIECES[channel][-2 if channel == "email" else 0]
    missing = _missing(wording, channel, parts)
    if missing:
        found.setdefault(last, missing)
    if wording.marketing:
        unmarked = _unmarked(locale, " ".join(parts.values()))
        if unmarked:
            found.setdefault(last, unmarked)
    return found


def hints(name: str, channel: str, locale: str, parts: Parts, *, plain: bool = False) -> list[str]:
    """What is allowed, and perhaps not meant."""
    return list(_hints(name, channel, locale, " ".join(parts.values()), plain))


def _wrong(wording: Wording, piece: str, text: str) -> Iterator[str]:
    if not text.strip() and piece not in MAY_BE_MISSING:
        yield _("Enter something here.")
    if len(text) > LONGEST[piece]:
        yield _("At most %(count)s characters.", count=LONGEST[piece])
    if is_broken(text):
        yield _("Write variables like %(example)s; nothing else may stand in braces.", example="{{ customer }}")
    for name in names_in(text):
        if name not in wording.knows:
            yield _("There is no variable %(name)s here.", name=name)


def _missing(wording: Wording, channel: str, parts: Parts) -> str:
    """A text message has to say what its reader needs; an e-mail's frame does, but for a code."""
    said = {name for text in parts.values() for name in names_in(text)}
    for group in wording.needs:
        if (channel == "sms" or group in (CODE, SAID)) and not said & set(group):
            return _("This text has to name %(variable)s.", variable="{{ " + group[0] + " }}")
    return ""


def _unmarked(locale: str, text: str) -> str:
    marks, ways = MARKS[locale], WAYS_OUT[locale]
    if marks and not text.lstrip().startswith(marks):
        return _("A text that advertises begins with %(mark)s.", mark=marks[0])
    if not any(way.casefold() in text.casefold() for way in ways):
        return _("A text that advertises says how to get no more of them.")
    return ""


def _hints(name: str, channel: str, locale: str, text: str, plain: bool) -> Iterator[str]:
    han, latin = _has_han(text), any("a" <= letter.lower() <= "z" for letter in _without_gaps(text))
    if locale == "zh-CN" and latin and not han:
        yield _("This does not look like Chinese.")
    if locale != "zh-CN" and han:
        yield _("There are Chinese characters in this text.")
    if locale == "vi" and latin and not plain and not _has_accents(text):
        yield _("This does not look like Vietnamese: it has no accents.")
    if locale == "zh-CN" and channel == "sms" and not text.lstrip().startswith("【"):
        yield _("Chinese carriers refuse text messages that do not begin with the sender's sign in 【】.")
    if not WORDINGS[name].marketing and any(word in text.casefold() for word in ADVERTISING[locale]):
        yield _("This reads like advertising: whoever has not agreed to it must not get it, and it has to be marked.")
    if name == "sign_in_code" and ("http" in text or "/" in _without_gaps(text)):
        yield _("A text with a code in it and a link looks like those of thieves.")


def _without_gaps(text: str) -> str:
    outside = text.split("{{")
    return outside[0] + "".join(part.partition("}}")[2] for part in outside[1:])


def _has_han(text: str) -> bool:
    return any(unicodedata.name(letter, "").startswith("CJK UNIFIED") for letter in text)


def _has_accents(text: str) -> bool:
    return any(letter in "đĐ" or unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", text))
