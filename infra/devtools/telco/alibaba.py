"""Alibaba Cloud SMS (dysmsapi, 2017-05-25): SendSms and QuerySendDetails.

HTTP 200 does not mean accepted: business errors come as `Code` in an answer that is otherwise well.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from time import time_ns
from typing import Any

from infra.devtools.accounts import Keys
from infra.devtools.journal import Entry
from infra.devtools.telco.alibaba_rpc import Complaint, Gate
from infra.devtools.telco.chinese_numbers import CHINA, china_time, e164, national
from infra.devtools.telco.console import Console, Template
from infra.devtools.telco.doors import Door
from infra.devtools.telco.limits import Limit, Limits
from infra.devtools.telco.network import Sent
from infra.devtools.web import Request, Response, answer_json

VERSION = "2017-05-25"
MOST_NUMBERS = 1000
PLACE = re.compile(r"\$\{(\w+)\}")
#: Limits for one number, by the kind of template: codes by sign, notices and promotions by sign and template.
FLOW = {
    "code": (
        Limit(1, 60, "触发分钟级流控Permits:1"),
        Limit(5, 3600, "触发小时级流控Permits:5"),
        Limit(10, 86400, "触发天级流控Permits:10"),
    ),
    "notice": (Limit(50, 86400, "触发天级流控Permits:50"),),
    "promotion": (Limit(50, 86400, "触发天级流控Permits:50"),),
}
#: Refusals by the plan of a number.
REFUSALS = {
    "invalid": ("isv.MOBILE_NUMBER_ILLEGAL", "{to}invalid mobile number"),
    "landline": ("isv.MOBILE_NUMBER_ILLEGAL", "{to}invalid mobile number"),
    "unroutable": ("PORT_NOT_REGISTERED", "签名未完成运营商实名制报备"),
    "no_permission": ("isv.NOT_SUPPORTED_COUNTRY", "该国家/地区不支持"),
    "unapproved": ("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板"),
    "full": ("isp.GATEWAY_ERROR", "网关繁忙"),
    "broken": ("isp.SYSTEM_ERROR", "系统错误"),
}
THROTTLED = Complaint(400, "Throttling.User", "Request was denied due to user flow control.")
BROKEN = Complaint(500, "InternalError", "The request processing has failed due to some unknown error.")
SEND_STATUS = {"delivered": 3, "undelivered": 2, "failed": 2}
#: The carriers' codes for what did not arrive.
ERRORS = {"": "DELIVERED", "absent": "MK:0001", "lost": "UNKNOWN", "stopped": "MBBLACK"}


class SmsApi:
    """Answers RPC requests for one account."""

    def __init__(self, door: Door, console: Console, keys: Keys) -> None:
        self._door = door
        self._console = console
        self._gate = Gate(keys)
        self._keys = keys
        self._limits = Limits()
        self._actions = {"SendSms": self._send, "QuerySendDetails": self._details}

    def answer(self, request: Request) -> Response:
        """Answer one request: its parameters may be in the query, in a form, or in both."""
        together = {**request.query, **request.form}
        parameters = {name: values[-1] for name, values in together.items()}
        try:
            if self._door.weathered():
                raise BROKEN
            action = self._actions.get(parameters.get("Action", ""))
            if action is None or parameters.get("Version") != VERSION:
                raise Complaint(
                    404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."
                )
            self._gate.check(request.method, parameters)
            return action(parameters)
        except Complaint as complaint:
            return _refused(complaint)

    def _send(self, wanted: Mapping[str, str]) -> Response:
        numbers = [e164(text.strip()) for text in wanted.get("PhoneNumbers", "").split(",")]
        found = self._console.template("alibaba", wanted.get("TemplateCode", ""))
        try:
            if not all(numbers) or len(numbers) > MOST_NUMBERS:
                raise Business("isv.MOBILE_NUMBER_ILLEGAL", f"{wanted.get('PhoneNumbers', '')}invalid mobile number")
            template = self._approved(wanted.get("SignName", ""), found)
            body = f"【{wanted['SignName']}】{filled(template, wanted.get('TemplateParam', ''))}"
            for number in numbers:
                self._let_through(number, body, wanted["SignName"], template)
        except Business as trouble:
            return _said(trouble.code, trouble.message)
        biz_id = f"{time_ns() // 1000:018d}^0"
        answer = _said("OK", "OK", BizId=biz_id)
        for number in numbers:
            answer = self._door.accepted(self._accept(number, body, biz_id, wanted), answer)
        return answer

    def _approved(self, sign: str, template: Template | None) -> Template:
        if not self._console.sign_approved(sign):
            raise Business("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
        if template is None or not template.approved:
            raise Business("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
        return template

    def _let_through(self, number: str, body: str, sign: str, template: Template) -> None:
        obstacle = self._door.telco.obstacle(number, body)
        if obstacle == "busy":
            raise THROTTLED
        if obstacle in REFUSALS:
            code, sentence = REFUSALS[obstacle]
            raise Business(code, sentence.format(to=national(number)))
        key = (number, sign) if template.kind == "code" else (number, sign, template.code)
        reached = self._limits.take(key, FLOW[template.kind])
        if reached is not None:
            raise Business("isv.BUSINESS_LIMIT_CONTROL", reached.name)

    def _accept(self, number: str, body: str, biz_id: str, wanted: Mapping[str, str]) -> Entry:
        extra = {"biz_id": biz_id, "out_id": wanted.get("OutId", ""), "template": wanted["TemplateCode"]}
        extra["sign"], extra["extend"] = wanted["SignName"], wanted.get("SmsUpExtendCode", "")
        sent = Sent(
            id=secrets.token_hex(16),
            dialect="alibaba",
            account=self._keys.id,
            sender=f"【{wanted['SignName']}】",
            to=number,
            body=body,
            extra=extra,
        )
        return self._door.telco.accept(sent)

    def _details(self, wanted: Mapping[str, str]) -> Response:
        number = e164(wanted.get("PhoneNumber", ""))
        size, page = wanted.get("PageSize", ""), wanted.get("CurrentPage", "")
        if not number:
            return _said("isv.MOBILE_NUMBER_ILLEGAL", "invalid mobile number")
        if not (size.isdigit() and 1 <= int(size) <= 50 and page.isdigit() and int(page) >= 1):
            return _said("isv.INVALID_PARAMETERS", "参数异常")
        day, biz_id = wanted.get("SendDate", ""), wanted.get("BizId", "")
        if not re.fullmatch(r"[0-9]{8}", day):
            return _said("isv.INVALID_PARAMETERS", "参数异常")
        found = [
            entry
            for entry in self._door.telco.messages(dialect="alibaba")
            if entry["to"] == number and _china_day(entry) == day and biz_id in ("", entry["extra"]["biz_id"])
        ]
        first = (int(page) - 1) * int(size)
        rows = [_detail(entry) for entry in found[first : first + int(size)]]
        return _said("OK", "OK", TotalCount=len(found), SmsSendDetailDTOs={"SmsSendDetailDTO": rows})


class Business(Exception):
    """A refusal that is told in an answer with status 200."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def filled(template: Template, parameters: str) -> str:
    """A template's text with its parameters, given as a JSON object of texts. Raises Business."""
    try:
        values = json.loads(parameters) if parameters else {}
    except ValueError:
        raise Business("isv.INVALID_JSON_PARAM", "JSON参数不合法,只接受字符串值") from None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise Business("isv.INVALID_JSON_PARAM", "JSON参数不合法,只接受字符串值")
    missing = [name for name in PLACE.findall(template.text) if name not in values]
    if missing:
        raise Business("isv.TEMPLATE_MISSING_PARAMETERS", "模板变量缺少对应参数值")
    return PLACE.sub(lambda place: values[place[1]], template.text)


def _detail(entry: Entry) -> dict[str, Any]:
    status = SEND_STATUS.get(str(entry["status"]), 1)
    received = {} if status == 1 else {"ReceiveDate": china_time(str(entry["date_updated"]))}
    return {
        "PhoneNum": national(str(entry["to"])),
        "SendStatus": status,
        "ErrCode": "" if status == 1 else ERRORS[str(entry["reason"])],
        "TemplateCode": entry["extra"]["template"],
        "Content": entry["body"],
        "SendDate": china_time(str(entry["date_created"])),
        "OutId": entry["extra"]["out_id"],
        **received,
    }


def _china_day(entry: Entry) -> str:
    return datetime.fromisoformat(str(entry["date_created"])).astimezone(CHINA).strftime("%Y%m%d")


def _said(code: str, message: str, **more: Any) -> Response:
    return answer_json({"Message": message, "RequestId": str(uuid.uuid4()).upper(), "Code": code, **more})


def _refused(complaint: Complaint) -> Response:
    body = {
        "RequestId": str(uuid.uuid4()).upper(),
        "HostId": "dysmsapi.aliyuncs.com",
        "Code": complaint.code,
        "Message": complaint.message,
        "Recommend": f"https://api.aliyun.com/troubleshoot?q={complaint.code}&product=Dysmsapi",
    }
    return answer_json(body, complaint.status)
