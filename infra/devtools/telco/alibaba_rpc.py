"""Alibaba Cloud's RPC style: who signed a request, and whether it is fresh.

From the document "Signature method" of the 2017-05-25 API: all parameters but `Signature`, sorted, percent-encoded as
RFC 3986 has it, behind the method and `%2F`, under HMAC-SHA1 with the secret and an ampersand as the key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from infra.devtools.accounts import Keys

FRESH = timedelta(minutes=15)
REMEMBERED_NONCES = 20_000
NEEDED = ("AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp")


class Complaint(Exception):
    """What is wrong with a request: the HTTP status, the provider's code and its sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def signed_text(method: str, parameters: Mapping[str, str]) -> str:
    """What is signed."""
    pairs = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    query = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in pairs)
    return f"{method}&{_escaped('/')}&{_escaped(query)}"


def signature(secret: str, text: str) -> str:
    """The Signature parameter."""
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()


class Gate:
    """Lets signed, fresh and new requests through. Safe between threads."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self._nonces: OrderedDict[str, None] = OrderedDict()

    def check(self, method: str, parameters: Mapping[str, str]) -> None:
        """Raises Complaint."""
        for name in NEEDED:
            if not parameters.get(name):
                raise Complaint(400, f"Missing{name}", f"{name} is mandatory for this action.")
        if parameters["SignatureMethod"] != "HMAC-SHA1" or parameters["SignatureVersion"] != "1.0":
            raise Complaint(400, "InvalidParameter.SignatureMethod", "Specified signature method is not supported.")
        if parameters["AccessKeyId"] != self._keys.id:
            raise Complaint(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        text = signed_text(method, parameters)
        if not hmac.compare_digest(signature(self._keys.secret, text).encode(), parameters["Signature"].encode()):
            sentence = f"Specified signature is not matched with our calculation. server string to sign is:{text}"
            raise Complaint(400, "SignatureDoesNotMatch", sentence)
        if not _is_fresh(parameters["Timestamp"]):
            raise Complaint(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        self._use(parameters["SignatureNonce"])

    def _use(self, nonce: str) -> None:
        with self._lock:
            if nonce in self._nonces:
                raise Complaint(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
            self._nonces[nonce] = None
            if len(self._nonces) > REMEMBERED_NONCES:
                self._nonces.popitem(last=False)


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")


def _is_fresh(text: str) -> bool:
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Complaint(
            400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."
        ) from None
    return abs(datetime.now(UTC) - moment) < FRESH
