"""Addresses of chat services as people copy them, and apprise's senders for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from apprise.asset import AppriseAsset
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from apprise.plugins.wecombot import NotifyWeComBot
from apprise.plugins.workflows import NotifyWorkflows

Sender = NotifyDingTalk | NotifyFeishu | NotifyLark | NotifySlack | NotifyTelegram | NotifyWeComBot | NotifyWorkflows
TEAMS_HOSTS = (".logic.azure.com", ".api.powerplatform.com", ".logic.azure.cn")
"""Whose workflows Teams offers as webhooks: Microsoft's own hosts, and no other."""
KEY = r"[A-Za-z0-9_-]{8,120}"


ASSET = AppriseAsset(app_id="Shopbell", app_desc="Shopbell", app_url="", image_url_mask="", image_url_logo="")
"""What messages look like: ours, without apprise's pictures."""


class NotAnAddress(ValueError):
    """The text is no address of that service."""


class _DingTalk(NotifyDingTalk):
    """Apprise escapes the signature, and it is escaped once more as a part of the address: DingTalk refuses that."""

    def get_signature(self) -> tuple[str, str]:
        timestamp, signed = super().get_signature()
        return timestamp, unquote(signed)


@dataclass(frozen=True)
class Address:
    """`place` is the address that the service gave, for Telegram the bot's token. `extra` is what goes with it: the
    secret that DingTalk signs with, the chat that Telegram's bot writes to."""

    place: str
    extra: str = ""


def sender(kind: str, address: Address) -> Sender:
    """What tells a chat. Raises NotAnAddress."""
    try:
        return _MAKERS[kind](address)
    except (TypeError, ValueError, KeyError):
        raise NotAnAddress(kind) from None


def shown(address: Address) -> str:
    """Enough to recognise it, too little to use it."""
    host = urlsplit(address.place).hostname or ""
    return f"{host} …{address.place.rstrip('/')[-4:]}".strip()


def _at(place: str, host: str, path: str) -> str:
    """What the path holds, at this host and nowhere else. Raises NotAnAddress."""
    parts = urlsplit(place)
    match = re.fullmatch(path, parts.path.rstrip("/"))
    if parts.scheme != "https" or parts.netloc != host or match is None:
        raise NotAnAddress(place)
    return match[1] if match.groups() else ""


def _asked(place: str, name: str) -> str:
    values = parse_qs(urlsplit(place).query).get(name, [])
    if len(values) != 1 or not re.fullmatch(KEY, values[0]):
        raise NotAnAddress(place)
    return values[0]


def _wecom(address: Address) -> Sender:
    _at(address.place, "qyapi.weixin.qq.com", r"/cgi-bin/webhook/send")
    return NotifyWeComBot(key=_asked(address.place, "key"), asset=ASSET)


def _dingtalk(address: Address) -> Sender:
    _at(address.place, "oapi.dingtalk.com", r"/robot/send")
    return _DingTalk(token=_asked(address.place, "access_token"), secret=address.extra or None, asset=ASSET)


def _feishu(address: Address) -> Sender:
    return NotifyFeishu(token=_at(address.place, "open.feishu.cn", rf"/open-apis/bot/v2/hook/({KEY})"), asset=ASSET)


def _lark(address: Address) -> Sender:
    return NotifyLark(token=_at(address.place, "open.larksuite.com", rf"/open-apis/bot/v2/hook/({KEY})"), asset=ASSET)


def _slack(address: Address) -> Sender:
    _at(address.place, "hooks.slack.com", r"/services/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]+")
    return NotifySlack(
        **{
            **NotifySlack.parse_native_url(address.place),
            "include_image": False,
            "include_footer": False,
            "asset": ASSET,
        }
    )


def _teams(address: Address) -> Sender:
    parts = urlsplit(address.place)
    if parts.scheme != "https" or not (parts.hostname or "").endswith(TEAMS_HOSTS):
        raise NotAnAddress(address.place)
    if parts.username or parts.port not in (None, 443):
        raise NotAnAddress(address.place)
    return NotifyWorkflows(**{**NotifyWorkflows.parse_native_url(address.place), "asset": ASSET})


def _telegram(address: Address) -> Sender:
    if not re.fullmatch(r"[0-9]{5,15}:[A-Za-z0-9_-]{20,60}", address.place):
        raise NotAnAddress(address.place)
    if not re.fullmatch(r"-?[0-9]{3,20}|@[A-Za-z0-9_]{5,32}", address.extra):
        raise NotAnAddress(address.extra)
    return NotifyTelegram(bot_token=address.place, targets=[address.extra], detect_owner=False, asset=ASSET)


_MAKERS: dict[str, Callable[[Address], Sender]] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "lark": _lark,
    "slack": _slack,
    "teams": _teams,
    "telegram": _telegram,
}
