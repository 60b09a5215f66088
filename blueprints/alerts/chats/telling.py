"""Telling a chat, and understanding its answer."""

from __future__ import annotations

from typing import Any

from apprise.common import NotifyFormat

from blueprints.alerts.chats.addresses import Address, sender
from blueprints.alerts.chats.door import Answer, listening
from shopbell.outgoing import Trouble

LONGEST_WORDS = 200


class NotTold(Exception):
    """The chat did not take it; `code` is one of shopbell.outgoing's, `refused` or `answer`, `words` the service's."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code} {words}".strip())
        self.code, self.words = code, words


def tell(kind: str, address: Address, title: str, text: str) -> None:
    """Tell a chat something. May take seconds: outside of any transaction. Raises NotTold and NotAnAddress."""
    way = sender(kind, address)
    with listening() as heard:
        told = way.notify(body=text, title=title, body_format=NotifyFormat.TEXT)
    last = heard[-1] if heard else None
    if isinstance(last, Trouble):
        raise NotTold(last.code)
    if last is None or not told:
        raise NotTold("answer", "" if last is None else f"{last.status_code} {_words(last)}".strip())
    if _refused(last):
        raise NotTold("refused", _words(last))


def _refused(answer: Answer) -> bool:
    """WeCom, DingTalk, Feishu and Lark answer 200 and put the refusal into a number that is not 0; Telegram says ok."""
    said = _members(answer)
    numbers = [said[name] for name in ("errcode", "code", "StatusCode") if name in said]
    return any(number != 0 for number in numbers) or said.get("ok") is False


def _words(answer: Answer) -> str:
    said = _members(answer)
    words = next((said[name] for name in ("errmsg", "msg", "StatusMessage", "description") if said.get(name)), "")
    return str(words or answer.text)[:LONGEST_WORDS].replace("\x00", "").strip()


def _members(answer: Answer) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
