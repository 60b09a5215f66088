"""AWS Signature Version 4: who signed a request, and whether it is fresh."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from infra.devtools.accounts import Keys
from infra.devtools.web import Request

FRESH = timedelta(minutes=15)
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<id>[^/,\s]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>\w+)/aws4_request"
    r",\s*SignedHeaders=(?P<headers>[a-z0-9;-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


class Complaint(Exception):
    """What is wrong with a request: the HTTP status, the provider's code and sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def signature(secret: str, scope: str, moment: str, canonical: str) -> str:
    """The Signature over a canonical request; `scope` is day/region/service/aws4_request."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def canonical_request(request: Request, signed: str) -> str:
    """The request as it is signed."""
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, values in request.query.items()
        for value in values
    )
    lines = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed.split(";"))
    question = "&".join(f"{name}={value}" for name, value in pairs)
    digest = hashlib.sha256(request.body).hexdigest()
    return f"{request.method}\n{request.path or '/'}\n{question}\n{lines}\n{signed}\n{digest}"


def check(keys: Keys, service: str, request: Request) -> None:
    """Raises Complaint."""
    headers = request.headers
    if not headers.get("authorization"):
        raise Complaint(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
    match = AUTHORIZATION.fullmatch(headers["authorization"])
    if match is None:
        raise Complaint(
            400, "IncompleteSignature", "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'."
        )
    moment = headers.get("x-amz-date", "")
    try:
        signed_at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Complaint(400, "IncompleteSignature", "Date must be in ISO-8601 'basic format'.") from None
    if match["id"] != keys.id:
        raise Complaint(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    scope = f"{match['day']}/{match['region']}/{match['service']}/aws4_request"
    canonical = canonical_request(request, match["headers"])
    right = signature(keys.secret, scope, moment, canonical)
    wrong = match["service"] != service or match["day"] != moment[:8] or "host" not in match["headers"].split(";")
    if wrong or not hmac.compare_digest(right, match["signature"]):
        sentence = (
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details."
        )
        raise Complaint(403, "SignatureDoesNotMatch", sentence)
    if abs(datetime.now(UTC) - signed_at) > FRESH:
        raise Complaint(403, "SignatureDoesNotMatch", f"Signature expired: {moment} is now earlier than allowed")
