"""Tencent Cloud SMS (2021-01-11): approved templates with values by position; receipts and replies come unsigned.

Its list of what was sent shows only what has a receipt already: that a message is missing there proves nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from blueprints.messaging.channels.outcomes import InDoubt, Trouble
from blueprints.messaging.channels.sms.contract import (
    Accepted,
    BadCallback,
    Callback,
    Capabilities,
    Found,
    Heard,
    Receipt,
    Reply,
    TextMessage,
    refusal,
)
from blueprints.messaging.channels.sms.http import Http
from shopbell import clock
from shopbell.sms_providers import SmsProvider

BASE = "https://sms.tencentcloudapi.com"
VERSION = "2021-01-11"
JSON = "application/json; charset=utf-8"
MOST_FOUND = 100
REASONS = (
    ("FailedOperation.PhoneNumberInBlacklist", "opted_out"),
    ("InvalidParameterValue.IncorrectPhoneNumber", "bad_number"),
    ("FailedOperation.ContainSensitiveWord", "content_refused"),
    ("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", "content_refused"),
    ("FailedOperation.ForbidAddMarketingTemplates", "content_refused"),
    ("InvalidParameterValue.ContentLengthLimit", "too_long"),
    ("InvalidParameterValue.TemplateParameterLengthLimit", "too_long"),
    ("FailedOperation.SignatureIncorrectOrUnapproved", "template_refused"),
    ("FailedOperation.Template", "template_refused"),
    ("InvalidParameterValue.Template", "template_refused"),
    ("InvalidParameterValue.Sign", "template_refused"),
    ("UnsupportedOperation", "unroutable"),
    ("FailedOperation.InsufficientBalance", "account"),
    ("FailedOperation.MarketingSendTimeConstraint", "limit"),
    ("LimitExceeded.PhoneNumber", "limit"),
    ("LimitExceeded", "too_fast"),
    ("RequestLimitExceeded", "too_fast"),
    ("UnauthorizedOperation", "account"),
    ("AuthFailure", "account"),
    ("InvalidParameterValue.SdkAppIdNotExist", "account"),
)
"""By the beginning of the code, the longer ones first."""
RECEIPTS = (
    ("MK:1008", "opted_out"),
    ("MBBLACK", "opted_out"),
    ("UNDELIV", "unreachable"),
    ("MK:0001", "unreachable"),
    ("EXPIRED", "unreachable"),
    ("MI:0013", "unreachable"),
    ("REJECTD", "content_refused"),
)
STATUSES = {"SUCCESS": "delivered", "FAIL": "failed"}


class TencentSms:
    """An application of an account. `sender` is the sign; the option `app` is its SdkAppId."""

    caps = Capabilities(free_text=False, find="only_yes")

    def __init__(self, account: SmsProvider, *, step_seconds: float) -> None:
        self.key = account.key
        self._account = account
        self._http = Http(account.base or BASE, step_seconds=step_seconds)

    def send(self, text: TextMessage) -> Accepted:
        template = text.template(self.key)
        asked = {
            "PhoneNumberSet": [text.to],
            "SmsSdkAppId": self._account.option("app"),
            "SignName": text.sender or self._account.sender,
            "TemplateId": template.code,
            "TemplateParamSet": [value for _, value in template.params],
            "SessionContext": text.reference,
        }
        answer, wait = self._call("SendSms", asked)
        statuses = answer.get("SendStatusSet")
        if not isinstance(statuses, list) or len(statuses) != 1 or not isinstance(statuses[0], dict):
            raise InDoubt("the answer says nothing of the message", reason="provider_error")
        (status,) = statuses
        if status.get("Code") == "Ok":
            return Accepted(str(status.get("SerialNo", "")), segments=int(status.get("Fee") or 0) or None)
        raise _trouble(str(status.get("Code")), str(status.get("Message", "")), wait)

    def find(self, text: TextMessage, since: datetime) -> list[Found]:
        asked = {
            "SmsSdkAppId": self._account.option("app"),
            "PhoneNumber": text.to,
            "BeginTime": int(since.timestamp()),
            "EndTime": int(clock.now().timestamp()) + 1,
            "Offset": 0,
            "Limit": MOST_FOUND,
        }
        answer, _wait = self._call("PullSmsSendStatusByPhoneNumber", asked)
        return [
            Found(str(entry["SerialNo"]), STATUSES.get(str(entry.get("ReportStatus")), "sent"))
            for entry in answer.get("PullSmsSendStatusSet") or []
            if entry.get("SessionContext") == text.reference
        ]

    def hear(self, callback: Callback) -> Heard:
        try:
            told = json.loads(callback.body)
            told = told if isinstance(told, list) else [told]
            receipts = [_receipt(one) for one in told if "report_status" in one]
            replies = [_reply(one) for one in told if "text" in one]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadCallback(f"not an array of receipts or replies: {error}") from error
        return Heard(receipts, replies, '{"result":0,"errmsg":"OK"}')

    def close(self) -> None:
        self._http.close()

    def _call(self, action: str, asked: Mapping[str, Any]) -> tuple[Mapping[str, Any], float]:
        body, at = json.dumps(asked, ensure_ascii=False).encode(), clock.now()
        host = urlsplit(self._http.base).netloc
        headers = {
            "Content-Type": JSON,
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(int(at.timestamp())),
            "X-TC-Region": self._account.option("region", "ap-guangzhou"),
        }
        proof = authorization(self._account.identity, self._account.secret, "sms", at, {**SIGNED, "host": host}, body)
        status, members, wait = self._http.ask("POST", "/", {**headers, "Authorization": proof}, body)
        answer = members.get("Response")
        if not isinstance(answer, dict):
            raise InDoubt(f"{status} no answer that can be read", reason="provider_error")
        error = answer.get("Error")
        if isinstance(error, dict):
            raise _trouble(str(error.get("Code")), str(error.get("Message", "")), wait)
        return answer, wait


SIGNED = {"content-type": JSON}


def authorization(
    secret_id: str, secret: str, service: str, at: datetime, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization of a call (TC3-HMAC-SHA256) over these headers, given by their names in small letters."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    signed = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    proof = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={proof}"


def _trouble(code: str, message: str, wait: float) -> Trouble:
    said = f"{code} {message}".strip()
    if code.startswith("InternalError"):
        return InDoubt(said, reason="provider_error")
    reason = next((found for beginning, found in REASONS if code.startswith(beginning)), "refused")
    return refusal(said, reason, wait)


def _receipt(told: Mapping[str, Any]) -> Receipt:
    status, code = STATUSES.get(str(told["report_status"]), ""), str(told.get("errmsg") or "")
    reason = next((found for beginning, found in RECEIPTS if code.startswith(beginning)), "refused")
    return Receipt(
        ref=str(told["sid"]),
        status=status,
        detail=f"{code} {told.get('description') or ''}".strip(),
        reason=reason if status == "failed" else "",
        number=_e164(told),
    )


def _reply(told: Mapping[str, Any]) -> Reply:
    number = _e164(told)
    return Reply(f"{number} {told.get('time', '')}", number, str(told.get("extend") or ""), str(told["text"]))


def _e164(told: Mapping[str, Any]) -> str:
    return f"+{told.get('nationcode') or '86'}{told['mobile']}" if told.get("mobile") else ""
