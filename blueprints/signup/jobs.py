"""Due work of signing up: the installation's own, in no tenant."""

from __future__ import annotations

from uuid import UUID

from blueprints.messaging import api as messaging
from blueprints.messaging.api import OwnNotice
from blueprints.signup import service
from blueprints.signup.models import SignUp
from shopbell import clock, due, runtime
from shopbell.due import JobRun
from tenants.provisioning import NewTenant


@due.job(service.SEND, own_transactions=True)
def send_link(run: JobRun) -> None:
    """Nothing that was typed is in the mail: else anybody could write to anybody in our name."""
    with run.database.transaction(None) as directory:
        sign_up = directory.get(SignUp, UUID(run.key))
    if sign_up is None or sign_up.expires_at <= clock.now():
        return
    address = f"{runtime.settings().own_url('start')}/check/{service.token_of(sign_up)}"
    zone = clock.zone(NewTenant(**sign_up.asked).time_zone)
    notice = OwnNotice("sign_up", sign_up.id, sign_up.email, sign_up.locale, address, sign_up.expires_at, zone)
    messaging.send_own(notice)
