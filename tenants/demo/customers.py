"""Invented customers: names by language, phone numbers that no operator hands out to anybody we know, notes.

The middle block of the Chinese and Vietnamese numbers is all zeros, and the American ones are from the range kept for
films; all of them pass as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from shopbell.text import search_key


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ZH_FAMILY = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁"
    "于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴"
)
ZH_GIVEN = words(
    """
    雨桐 子涵 梓萱 欣怡 佳宁 思远 晓彤 文博 嘉怡 俊熙 雅婷 浩然 静怡 建国 丽华 秀英 志诚 诗涵 宇轩 晨曦 若兰 明哲 书瑶
    海燕 国栋 婉清 一凡 语菲 乐瑶 景行 淑芬 家豪 敏华 天佑 艺馨 立群 可欣 瑞霖 梦洁 承泽 芷若 正阳 玉兰 泽楷 春梅 沐阳
    """
)
VI_FAMILY = words("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý")
VI_MIDDLE = words("Thị Văn Minh Ngọc Thanh Quốc Hoàng Gia Thu Bảo Khánh Đức Hồng Xuân")
VI_GIVEN = words(
    """
    Anh Linh Trang Hương Mai Lan Hà Nga Thảo Vy Ngân Nhi Tâm Hạnh Tuấn Dũng Hùng Nam Long Khoa Phúc Thịnh Hiếu Quân
    Duy Khang Trâm Uyên Yến Châu
    """
)
EN_GIVEN = words(
    """
    Sarah James Priya Daniel Amara Lucas Sofia Kenji Hannah Omar Grace Tomás Ingrid Wei-Lin Chloe Arjun Noah Mina Felix
    Isabel Jonas Leila Patrick Yuki Rebecca
    """
)
EN_FAMILY = words(
    """
    Müller Smith Patel Kim Johansson Okafor Garcia Tanaka O'Connor Rossi Novák Wilson Haddad Chen Dubois Nair Walker
    Sato Lindqvist Costa Becker Murphy
    """
)

ZH_PREFIXES = words("133 135 136 137 138 139 150 152 158 159 177 180 186 189")
VI_PREFIXES = words("90 91 93 94 97 98")
EN_PREFIXES = words("202 212 312 415 617")
NOTES = {
    "zh-CN": ("喜欢安静", "周末下午方便", "对香味敏感", "带小朋友一起来", "上次非常满意", "请提前发短信提醒"),
    "vi": ("Thích yên tĩnh", "Chỉ rảnh cuối tuần", "Nhạy cảm với mùi hương", "Đi cùng con nhỏ", "Lần trước hài lòng"),
    "en": ("Prefers a quiet seat", "Free on weekend afternoons", "Sensitive to scents", "Brings a toddler"),
}
CANCELLED = {
    "zh-CN": ("临时有事", "身体不适", "想改到下周"),
    "vi": ("Có việc đột xuất", "Bị ốm", "Muốn dời sang tuần sau"),
    "en": ("Something came up", "Not feeling well", "Would rather come next week"),
}


@dataclass(frozen=True)
class DemoCustomer:
    """`phone` is E.164; `tier` is 0 for no member."""

    name: str
    phone: str
    email: str | None
    locale: str
    tier: int = 0


def customers(draw: Random, count: int, tongues: Mapping[str, int]) -> list[DemoCustomer]:
    """That many different people; the same `draw` gives the same ones."""
    found: dict[str, DemoCustomer] = {}
    while len(found) < count:
        locale = draw.choices(list(tongues), weights=list(tongues.values()))[0]
        name, phone = person_name(draw, locale), phone_number(draw, locale)
        found.setdefault(phone, DemoCustomer(name, phone, email(draw, name, locale), locale, tier(len(found))))
    return list(found.values())


def tier(number: int) -> int:
    """One customer in forty is of the second tier, one in twelve of the first."""
    return 2 if number % 40 == 7 else 1 if number % 12 == 3 else 0


def person_name(draw: Random, locale: str) -> str:
    if locale == "zh-CN":
        return draw.choice(ZH_FAMILY) + draw.choice(ZH_GIVEN)
    if locale == "vi":
        return f"{draw.choice(VI_FAMILY)} {draw.choice(VI_MIDDLE)} {draw.choice(VI_GIVEN)}"
    return f"{draw.choice(EN_GIVEN)} {draw.choice(EN_FAMILY)}"


def phone_number(draw: Random, locale: str) -> str:
    if locale == "zh-CN":
        return f"+86{draw.choice(ZH_PREFIXES)}0000{draw.randrange(10_000):04}"
    if locale == "vi":
        return f"+84{draw.choice(VI_PREFIXES)}000{draw.randrange(10_000):04}"
    return f"+1{draw.choice(('202', '212', '312', '415', '617'))}55501{draw.randrange(100):02}"


def email(draw: Random, name: str, locale: str) -> str | None:
    """An address at a domain reserved for examples; about half of all people leave one."""
    if draw.random() < 0.45:
        return None
    domain = draw.choice(("example.com", "example.net", "example.org"))
    if locale == "zh-CN":
        return f"user{draw.randrange(10_000, 99_999)}@{domain}"
    words = "".join(letter if letter.isascii() and letter.isalpha() else " " for letter in search_key(name)).split()
    return f"{'.'.join((words[-1], words[0]))}{draw.randrange(60, 99)}@{domain}"


def note(draw: Random, locale: str) -> str:
    """What staff jotted down at one booking in eight; mostly nothing."""
    return draw.choice(NOTES[locale]) if draw.random() < 0.125 else ""
