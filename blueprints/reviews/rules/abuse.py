"""Words that nobody has to read about themselves, in the languages of our customers.

Chinese is written without spaces, so its words are found anywhere; what is often innocent inside a sentence ("my mum's
glasses" holds an oath) is not listed. Vietnamese words keep their accents: without them they mean other things.
"""

from __future__ import annotations

import re

ENGLISH = (
    "fuck",
    "motherfuck",
    "shit",
    "bullshit",
    "bitch",
    "cunt",
    "asshole",
    "arsehole",
    "bastard",
    "wanker",
    "slut",
    "whore",
    "faggot",
    "nigger",
    "retard",
    "moron",
    "idiot",
    "scumbag",
    "dickhead",
)
ENDINGS = "s|es|ed|er|ers|ing|in|y|ty|head|heads|face|ish|ic"
CHINESE = (
    "傻逼",
    "傻b",
    "煞笔",
    "沙比",
    "操你",
    "草泥马",
    "日你妈",
    "他妈的",
    "你妈的",
    "去你妈",
    "妈了个",
    "王八蛋",
    "混蛋",
    "贱人",
    "贱货",
    "婊子",
    "狗屎",
    "狗东西",
    "滚蛋",
    "脑残",
    "白痴",
    "弱智",
    "畜生",
    "不要脸",
    "去死",
    "人渣",
    "杂种",
    "尼玛",
)
VIETNAMESE = (
    "địt",
    "đụ má",
    "đụ mẹ",
    "đéo",
    "đĩ",
    "lồn",
    "cặc",
    "buồi",
    "đồ ngu",
    "ngu như",
    "óc chó",
    "chó chết",
    "đồ chó",
    "con chó này",
    "mẹ mày",
    "má mày",
    "khốn nạn",
    "mất dạy",
    "súc vật",
    "thằng chó",
    "đm",
    "đcm",
    "đkm",
    "vcl",
    "vkl",
    "clgt",
    "dcm",
)
SHORT = ("wtf", "stfu", "nmsl", "sb", "cnm", "tmd", r"f[\*#@$!]+(?:c?k)?", r"sh[\*#@$!1]+t", r"b[\*#@$!1]+tch")


def _english(word: str) -> str:
    """The word and its forms, also with a sign between every two letters."""
    letters = r"[\W_]+".join(map(re.escape, word))
    return rf"\b{word}(?:{ENDINGS})?\b|\b{letters}\b"


ABUSE = re.compile(
    "|".join(
        [
            *map(_english, ENGLISH),
            *map(re.escape, CHINESE),
            *(rf"\b{re.escape(word)}\b" for word in VIETNAMESE),
            *(rf"(?<!\w){word}(?!\w)" for word in SHORT),
        ]
    )
)
"""Searched for in text without capitals."""
