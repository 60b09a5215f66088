"""What a customer sets in a provider's own pages: where callbacks go, and which signs and templates are approved."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

DIALECTS = ("twilio", "alibaba", "tencent", "sns", "smpp")
DIRECTIONS = ("report", "reply", "verdict")


@dataclass(frozen=True)
class Template:
    """A text with places to fill: `${name}` for Alibaba, `{1}` for Tencent.

    `kind` decides the limits for one number: a code, a notice or a promotion. One that is not approved waits for it,
    or was rejected for a `reason`.
    """

    dialect: str
    code: str
    text: str
    kind: Literal["code", "notice", "promotion"] = "notice"
    approved: bool = True
    reason: str = ""


#: The signs that are approved from the start, and those that wait for it.
SIGNS: dict[str, bool] = {"明眸眼镜": True, "云裳造型": True, "Shopbell": True, "审核中": False}
TEMPLATES = (
    Template("alibaba", "SMS_100000001", "您的验证码是${code},10分钟内有效。", "code"),
    Template("alibaba", "SMS_100000002", "${name}您好,您在${branch}的预约:${time}。详情 ${link}"),
    Template("alibaba", "SMS_100000004", "${name},本周到店有礼。拒收请回复R", "promotion"),
    Template("alibaba", "SMS_100000009", "${name}您好。", approved=False),
    Template("tencent", "1000001", "您的验证码是{1},{2}分钟内有效。", "code"),
    Template("tencent", "1000002", "{1}您好,您在{2}的预约:{3}。详情 {4}"),
    Template("tencent", "1000004", "{1},本周到店有礼。拒收请回复R", "promotion"),
    Template("tencent", "1000009", "{1}您好。", approved=False),
)


class Console:
    """Safe between threads; callback addresses outlive a restart in `path`. The `usual` ones, by dialect and direction,
    hold until somebody gives others."""

    def __init__(self, path: Path | None = None, usual: Mapping[str, str] | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._usual = dict(usual or {})
        self._addresses: dict[str, str] = {}
        self._templates = {(one.dialect, one.code): one for one in TEMPLATES}
        self._signs = dict(SIGNS)
        if path is not None and path.exists():
            self._load(json.loads(path.read_text(encoding="utf-8")))

    def address(self, dialect: str, direction: str) -> str:
        """Where reports on texts, or replies to them, are posted; empty when nobody said."""
        with self._lock:
            return (self._usual | self._addresses).get(f"{dialect} {direction}", "")

    def send_to(self, dialect: str, direction: str, url: str) -> None:
        """From now on post there. Raises KeyError for an unknown dialect or direction."""
        if dialect not in DIALECTS or direction not in DIRECTIONS:
            raise KeyError(dialect)
        with self._lock:
            self._addresses[f"{dialect} {direction}"] = url
            self._save()

    def template(self, dialect: str, code: str) -> Template | None:
        """A template of the account, approved or not."""
        with self._lock:
            return self._templates.get((dialect, code))

    def put_template(self, template: Template) -> None:
        """Add or change a template."""
        with self._lock:
            self._templates[template.dialect, template.code] = template
            self._save()

    def sign_approved(self, sign: str) -> bool | None:
        """Whether a sign is approved; None when the account has none of that name."""
        with self._lock:
            return self._signs.get(sign)

    def put_sign(self, sign: str, *, approved: bool = True) -> None:
        """Add or change a sign."""
        with self._lock:
            self._signs[sign] = approved
            self._save()

    def overview(self) -> dict[str, Any]:
        """Everything that is set."""
        with self._lock:
            return {
                "addresses": self._usual | self._addresses,
                "signs": dict(self._signs),
                "templates": [asdict(one) for one in self._templates.values()],
            }

    def _load(self, kept: dict[str, Any]) -> None:
        self._addresses.update(kept["addresses"])
        self._signs.update(kept["signs"])
        self._templates.update({(one["dialect"], one["code"]): Template(**one) for one in kept["templates"]})

    def _save(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {
            "addresses": self._addresses,
            "signs": self._signs,
            "templates": [asdict(one) for one in self._templates.values()],
        }
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(self._path)
