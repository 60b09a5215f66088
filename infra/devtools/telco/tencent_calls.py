"""What Tencent Cloud SMS posts to its customers: an array of statuses, and each reply by itself. Nobody signs them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from infra.devtools.journal import Entry
from infra.devtools.telco.callbacks import Callbacks
from infra.devtools.telco.chinese_numbers import china_time, national
from infra.devtools.telco.console import Console
from infra.devtools.telco.plans import Step
from infra.devtools.telco.tencent import ERRORS

HEADERS = {"Content-Type": "application/json"}
FINAL = ("delivered", "undelivered", "failed")


class TencentCalls:
    """Tells the customer, at the addresses set in the console."""

    def __init__(self, callbacks: Callbacks, console: Console) -> None:
        self._callbacks = callbacks
        self._console = console

    def tell(self, entry: Entry, step: Step) -> bool:
        """Post the status once there is an end to report."""
        return step.status not in FINAL or self._post("report", [_status(entry, step)])

    def reply(self, entry: Entry) -> bool:
        """Post what somebody wrote back: one object, not an array."""
        country, mobile = _number(entry)
        said = {
            "extend": entry["extra"]["extend"],
            "mobile": mobile,
            "nationcode": country,
            "sign": entry["extra"]["sign"],
            "text": entry["body"],
            "time": int(datetime.fromisoformat(str(entry["date_created"])).timestamp()),
        }
        return self._post("reply", said)

    def _post(self, direction: str, said: Any) -> bool:
        url = self._console.address("tencent", direction)
        body = json.dumps(said, ensure_ascii=False).encode()
        return not url or self._callbacks.post(url, body, HEADERS) == 200


def _status(entry: Entry, step: Step) -> dict[str, Any]:
    country, mobile = _number(entry)
    delivered = step.status == "delivered"
    serial = str(entry["extra"]["serial_no"])
    return {
        "user_receive_time": china_time(str(entry["date_updated"])),
        "nationcode": country,
        "mobile": mobile,
        "report_status": "SUCCESS" if delivered else "FAIL",
        "errmsg": ERRORS[step.reason],
        "description": "用户短信送达成功" if delivered else "用户短信接收失败",
        "sid": serial.upper() if entry["plan"] == "wrong_case" else serial,
    }


def _number(entry: Entry) -> tuple[str, str]:
    number = str(entry["to"])
    if number.startswith("+86"):
        return "86", national(number)
    # The country codes a shop in Vietnam or China meets; the others have one or three digits less often than two.
    return number[1:3], number[3:]
