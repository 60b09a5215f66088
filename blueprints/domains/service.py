"""A chain's own sender of e-mails: chosen, shown to be theirs by the records of its keys, looked after, given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blueprints.domains import queries, rules
from blueprints.domains.errors import KeyInUse, NoMailDomain, OneMailDomain, UnknownMailKey
from blueprints.domains.models import PRIVATE_KEY, MailCheck, MailDomain, MailKey
from shopbell import clock, dkim, due, ids, mail_records, runtime
from shopbell.dkim import Algorithm, Signer
from shopbell.due import JobRun
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.mail_records import Finding
from shopbell.vault import keys
from tenants import domains as hosts

CHECK = "domains.check_mail"
ROW = 1


def choose(session: Session, domain: str, mailbox: str) -> None:
    """Have mail sent from `mailbox`@`domain`, as soon as the record of its first key is found.

    Raises Invalid naming `domain` or `mailbox`, and OneMailDomain.
    """
    if session.get(MailDomain, ROW) is not None:
        raise OneMailDomain
    now = clock.now()
    session.add(MailDomain(id=ROW, domain=_domain(domain), mailbox=_mailbox(mailbox), created_at=now))
    session.flush()
    session.add(MailCheck(mail_domain_id=ROW, since=now, tries=0, findings={}, checked_at=None))
    session.flush()
    _add_key(session, "rsa")
    _look_soon(session)


def add_key(session: Session, algorithm: Algorithm) -> None:
    """A further key. It signs beside the others as soon as its record is found; then an older one may be removed.

    Raises NoMailDomain, and Invalid for too many.
    """
    _found(session)
    if len(session.scalars(select(MailKey.id)).all()) >= rules.MOST_KEYS:
        raise Invalid(_("Remove a key before you add another one."))
    _add_key(session, algorithm)
    look_again(session)


def remove_key(session: Session, key_id: UUID) -> None:
    """Let a key sign no more. Raises UnknownMailKey, and KeyInUse for the last one and for the last that signs."""
    rows = {row.id: row.seen_at for row in session.execute(select(MailKey.id, MailKey.seen_at).with_for_update())}
    others = {id_: seen for id_, seen in rows.items() if id_ != key_id}
    if key_id not in rows:
        raise UnknownMailKey
    if not others or (rows[key_id] and not any(others.values())):
        raise KeyInUse
    session.execute(delete(MailKey).where(MailKey.id == key_id))


def give_up(session: Session) -> None:
    """Send mail in the installation's name again. Harmless to repeat."""
    session.execute(delete(MailDomain))
    due.drop(session, CHECK, str(ROW))


def look_again(session: Session) -> None:
    """Have a worker look at the records at once, and for a week from now. Raises NoMailDomain."""
    check = session.get(MailCheck, ROW, with_for_update=True)
    if check is None:
        raise NoMailDomain
    now = clock.now()
    if check.tries and check.since > now - rules.AT_MOST_EVERY:
        return
    check.since, check.tries = now, 0
    _look_soon(session)


def look(run: JobRun) -> None:
    """Look at the records, outside of any transaction: name servers may take their time."""
    with run.database.transaction(run.tenant) as session:
        wanted = queries.signers(session)
    if not wanted:
        return
    findings = found_of(wanted)
    with run.database.transaction(run.tenant) as session:
        settle(session, findings)


def found_of(wanted: Mapping[UUID, Signer]) -> dict[str, Finding]:
    """What the DNS has of these keys and of the policy for their domain, by a record's `finding`."""
    server = runtime.settings().dns_server
    domain = next(iter(wanted.values())).domain
    found = {f"dkim:{signer.selector}": mail_records.dkim_key(signer, server) for signer in wanted.values()}
    return {**found, "dmarc": mail_records.dmarc(domain, server)}


def settle(session: Session, findings: Mapping[str, Finding]) -> None:
    """Write down what a look has found, and when to look again; keys sign, or no longer do, from now on."""
    check = session.get(MailCheck, ROW, with_for_update=True)
    if check is None:
        return
    now = clock.now()
    signing = [_settle_key(session, row, findings, now) for row in session.scalars(select(MailKey).with_for_update())]
    check.findings = {name: {"state": one.state, "seen": one.seen[:1000]} for name, one in findings.items()}
    check.tries, check.checked_at = check.tries + 1, now
    again = rules.next_look(bool(signing) and all(signing), check.tries, check.since, now)
    if again is None and any(signing):
        again = now + rules.AGAIN_AFTER
    if again is not None:
        due.schedule(session, CHECK, str(ROW), again)


def _settle_key(session: Session, key: MailKey, findings: Mapping[str, Finding], now: datetime) -> bool:
    found = findings.get(f"dkim:{key.selector}")
    signs = bool(key.seen_at) if found is None else rules.standing(found.state, bool(key.seen_at))
    if signs != bool(key.seen_at):
        session.execute(update(MailKey).where(MailKey.id == key.id).values(seen_at=now if signs else None))
    return signs


def _add_key(session: Session, algorithm: Algorithm) -> None:
    key_id = ids.uuid7()
    form = keys.at_hand(session).form(PRIVATE_KEY, key_id, dkim.make(algorithm))
    session.add(
        MailKey(
            id=key_id,
            mail_domain_id=ROW,
            selector=rules.new_selector(),
            algorithm=algorithm,
            created_at=clock.now(),
            seen_at=None,
            **form,
        )
    )
    session.flush()


def _look_soon(session: Session) -> None:
    due.schedule(session, CHECK, str(ROW), clock.now())


def _found(session: Session) -> MailDomain:
    found = session.get(MailDomain, ROW)
    if found is None:
        raise NoMailDomain
    return found


def _domain(text: str) -> str:
    try:
        return hosts.checked(text)
    except Invalid as error:
        sentence = _("Write a domain of your own such as example.com.")
        raise Invalid(sentence, fields={"domain": sentence}) from error


def _mailbox(text: str) -> str:
    mailbox = text.strip().lower()
    if not rules.MAILBOX.fullmatch(mailbox) or ".." in mailbox:
        sentence = _("Write the part before the @, such as hello: letters, digits, dots and hyphens.")
        raise Invalid(sentence, fields={"mailbox": sentence})
    return mailbox
