"""What Alibaba Cloud SMS posts to its customers: SmsReport, SmsUp and TemplateSmsReport, as JSON arrays, unsigned."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from time import time_ns
from typing import Any

from infra.devtools.journal import Entry
from infra.devtools.telco.alibaba import ERRORS
from infra.devtools.telco.callbacks import Callbacks
from infra.devtools.telco.chinese_numbers import china_time, national
from infra.devtools.telco.console import Console, Template
from infra.devtools.telco.plans import Step

HEADERS = {"Content-Type": "application/json;charset=utf-8", "User-Agent": "Alicom-Http-Push"}
FINAL = ("delivered", "undelivered", "failed")
KINDS = {"code": "验证码", "notice": "短信通知", "promotion": "推广短信"}


class AlibabaPush:
    """Tells the customer, at the addresses set in the console."""

    def __init__(self, callbacks: Callbacks, console: Console) -> None:
        self._callbacks = callbacks
        self._console = console
        self._sequence = count(time_ns() // 1_000_000)

    def tell(self, entry: Entry, step: Step) -> bool:
        """Post a SmsReport once there is an end to report."""
        return step.status not in FINAL or self._post("report", _report(entry, step))

    def reply(self, entry: Entry) -> bool:
        """Post a SmsUp."""
        said = {
            "phone_number": national(str(entry["to"])),
            "send_time": china_time(str(entry["date_created"])),
            "content": entry["body"],
            "sign_name": entry["extra"]["sign"],
            "dest_code": entry["extra"]["extend"] or "1234",
            "sequence_id": next(self._sequence),
        }
        return self._post("reply", said)

    def judge(self, template: Template) -> bool:
        """Post a TemplateSmsReport about one of this account's."""
        return template.dialect != "alibaba" or self._post("verdict", _judged(template))

    def _post(self, direction: str, row: dict[str, Any]) -> bool:
        url = self._console.address("alibaba", direction)
        body = json.dumps([row], ensure_ascii=False).encode()
        return not url or self._callbacks.post(url, body, HEADERS) == 200


def _judged(template: Template) -> dict[str, Any]:
    undecided = "rejected" if template.reason else "approving"
    return {
        "template_type": KINDS[template.kind],
        "reason": template.reason,
        "template_name": template.code,
        "orderId": "205101",
        "template_content": template.text,
        "template_status": "approved" if template.approved else undecided,
        "remark": "",
        "template_code": template.code,
        "create_date": china_time(datetime.now(UTC).isoformat()),
    }


def _report(entry: Entry, step: Step) -> dict[str, Any]:
    extra = entry["extra"]
    delivered = step.status == "delivered"
    return {
        "phone_number": national(str(entry["to"])),
        "send_time": china_time(str(entry["date_created"])),
        "report_time": china_time(str(entry["date_updated"])),
        "success": delivered,
        "err_code": ERRORS[step.reason],
        "err_msg": "用户接收成功" if delivered else "用户接收失败",
        "sms_size": str(entry["num_segments"]),
        "biz_id": extra["biz_id"],
        "out_id": extra["out_id"].swapcase() if entry["plan"] == "wrong_case" else extra["out_id"],
    }
