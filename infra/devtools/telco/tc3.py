"""Tencent Cloud's TC3-HMAC-SHA256: who signed a request, and whether it is fresh.

From the document "Signature v3": the key is derived over the day, the service and `tc3_request`; the headers
content-type and host have to be among the signed ones; names and values of headers count in lower case.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from infra.devtools.accounts import Keys

SERVICE = "sms"
FRESH_SECONDS = 300
AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256\s+Credential=(?P<id>[^/,\s]+)/(?P<day>\d{4}-\d\d-\d\d)/(?P<service>\w+)/tc3_request,\s*"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


class Complaint(Exception):
    """What is wrong with a request: the provider's code and sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def signature(secret: str, day: str, service: str, timestamp: str, canonical: str) -> str:
    """The Signature of a request in canonical form."""
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    scope = f"{day}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def canonical_request(method: str, headers: Mapping[str, str], signed: str, body: bytes) -> str:
    """The request as it is signed; `headers` have names in lower case, `signed` are their names with semicolons."""
    lines = "".join(f"{name}:{headers.get(name, '').strip().lower()}\n" for name in signed.split(";"))
    return f"{method}\n/\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"


def check(keys: Keys, method: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raises Complaint."""
    match = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    timestamp = headers.get("x-tc-timestamp", "")
    if match is None or match["service"] != SERVICE:
        raise Complaint("AuthFailure.InvalidAuthorization", "The Authorization header is not valid.")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > FRESH_SECONDS:
        raise Complaint("AuthFailure.SignatureExpire", "The signature has expired: the time is off by over 5 minutes.")
    if match["day"] != datetime.fromtimestamp(int(timestamp), UTC).strftime("%Y-%m-%d"):
        raise Complaint("AuthFailure.SignatureFailure", "The date of the credential does not match the timestamp.")
    if match["id"] != keys.id:
        raise Complaint("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that it is correct.")
    if not {"content-type", "host"} <= set(match["headers"].split(";")):
        raise Complaint("AuthFailure.SignatureFailure", "The headers content-type and host have to be signed.")
    canonical = canonical_request(method, headers, match["headers"], body)
    right = signature(keys.secret, match["day"], SERVICE, timestamp, canonical)
    if not hmac.compare_digest(right, match["signature"]):
        sentence = "The provided credentials could not be validated. Please check your signature is correct."
        raise Complaint("AuthFailure.SignatureFailure", sentence)
