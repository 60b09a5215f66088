"""What a review may say to be shown at once. What it may not say waits for somebody to look at it.

Nothing here asks how many stars there are: a bad review is shown as quickly as a good one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import normalize

from blueprints.reviews.rules.abuse import ABUSE

HIDE_REASONS = ("abusive", "private", "unrelated", "not_a_customer", "unlawful")
"""Why a review may be hidden. Being unhappy is not among them."""

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]{2,}\s?\.\s?"
    r"(?:com|cn|net|org|vn|io|me|top|xyz|shop|vip|info|biz|cc|co|app|ly|link|site|online)\b",
    re.ASCII,
)
_MAIL = re.compile(r"[^\s@]+\s?(?:@|\(at\)|\[at\])\s?[^\s@]+\.[^\s@]+")
_HANDLE = re.compile(
    r"(?:微信号?|威信|薇信|扣扣|\b(?:wechat|weixin|wx|vx|qq|zalo|telegram|whatsapp|viber|line|facebook|fb))"
    r"\s*(?:id|号|群|number|số)?\s*(?:[:：是]|is|là)?\s*[a-z0-9_.+-]*\d[a-z0-9_.+-]{3,}"
)
_DATES = re.compile(
    r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})\b|\d{4}年\d{1,2}月(?:\d{1,2}[日号])?|\b\d{1,2}:\d{2}\b"
)
_AMOUNTS = re.compile(
    r"(?:[¥￥$₫€]|rmb|cny|vnd|usd)\s?\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?"
    r"|\b\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?\s?(?:元|块|đồng|đ\b|vnd|vnđ|₫|rmb|cny|usd|k\b)"
)
_DIGITS = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){7,}x?")
_PHONE = re.compile(r"(?:\+|00)?86?1[3-9]\d{9}|1[3-9]\d{9}|(?:\+|00)?84\d{9,10}|0\d{9,10}")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_CHINESE_NUMBER = re.compile("[〇零一二三四五六七八九幺]{8,}")


def judge(words: str) -> str | None:
    """The name of the first rule that the text breaks, None when it may be shown at once.

    link, email, contact, id_number, phone, abuse or shouting.
    """
    text = normalize("NFKC", _INVISIBLE.sub("", words))
    folded = text.casefold()
    for name, breaks in RULES:
        if breaks(text if name == "shouting" else folded):
            return name
    return None


def has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def has_email(text: str) -> bool:
    return _MAIL.search(text) is not None


def has_contact(text: str) -> bool:
    """An account elsewhere, under which somebody can be found."""
    return _HANDLE.search(text) is not None


def has_id_number(text: str) -> bool:
    """Twelve digits or more that are no telephone number: an identity card, a passport's long line, a bank card."""
    return any(len(number.lstrip("+")) >= 12 and not _PHONE.fullmatch(number) for number in numbers(text))


def has_phone(text: str) -> bool:
    """Eight digits or more, however they are grouped, that are neither a date nor an amount."""
    return bool(numbers(text))


def numbers(text: str) -> list[str]:
    """The long numbers of a text, without what stands between their digits."""
    spoken = _CHINESE_NUMBER.sub(lambda found: found[0].translate(_CHINESE_DIGITS), text)
    plain = _AMOUNTS.sub(" ; ", _DATES.sub(" ; ", spoken))
    return [re.sub(r"[^\dx+]", "", found) for found in _DIGITS.findall(plain)]


def is_abusive(text: str) -> bool:
    return ABUSE.search(text) is not None


def is_shouting(text: str) -> bool:
    """All in capitals, in scripts that have them."""
    cased = [letter for letter in text if letter.isupper() or letter.islower()]
    return len(cased) >= 12 and sum(letter.isupper() for letter in cased) >= 0.8 * len(cased)


RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", has_email),
    ("link", has_link),
    ("contact", has_contact),
    ("id_number", has_id_number),
    ("phone", has_phone),
    ("abuse", is_abusive),
    ("shouting", is_shouting),
)
