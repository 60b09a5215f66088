"""`shopbell mail`: keys that sign the installation's mail, what the DNS says of it, and taking in what comes back."""

from __future__ import annotations

import sys

import click

from blueprints.messaging.api import NotOurs, take_mail
from infra.commands.opening import opened
from shopbell import dkim, mail_records, name_server
from shopbell.dkim import ALGORITHMS, Algorithm
from shopbell.name_server import NotReached
from shopbell.own_mail import SELECTOR
from shopbell.reach import is_unreachable
from shopbell.settings import Settings
from tenants.resolve import Directory

LARGEST = 1024 * 1024
#: Of sysexits.h: what Postfix and Exim expect of a command that takes mail. Any other failure would be a bounce.
EX_OK, EX_NOUSER, EX_TEMPFAIL = 0, 67, 75
WORDS = {
    mail_records.RIGHT: "found",
    mail_records.MISSING: "missing",
    mail_records.OTHER: "another text",
    mail_records.UNREACHABLE: "no answer",
}


@click.group("mail")
def mail() -> None:
    """Mail of the installation itself."""


@mail.command("key")
@click.argument("selector")
@click.option("--algorithm", type=click.Choice(ALGORITHMS), default="rsa", show_default=True)
def key(selector: str, algorithm: Algorithm) -> None:
    """Make a key that signs mail: print it for SHOPBELL_DKIM_KEYS, and the DNS record that tells of it.

    Add the record first and the key an hour later; to change a key, let both sign for a while.
    """
    if not SELECTOR.fullmatch(selector):
        raise click.UsageError("A selector is made of small letters, digits and hyphens, such as 2026a.")
    private = dkim.make(algorithm)
    click.echo(f"SHOPBELL_DKIM_KEYS: {selector}:{private}")
    click.echo(f"DNS, TXT record of {selector}._domainkey.<the sender's domain>: {dkim.public_record(private)}")


@mail.command("check")
def check() -> None:
    """Show what receivers find in the DNS about the installation's mail. 1 when something is missing."""
    with opened() as (settings, _):
        lines = list(_findings(settings))
    for name, state, seen in lines:
        click.echo(f"{WORDS.get(state, state):14} {name:44} {seen}")
    sys.exit(0 if all(state == mail_records.RIGHT for _, state, _ in lines) else 1)


@mail.command("take")
@click.argument("recipient")
def take(recipient: str) -> None:
    """Take in a mail that came back, from the standard input: for Postfix's pipe and Exim's pipe transport.

    Answers by the exit codes of sysexits.h: 0 taken, 67 no mail of ours, 75 try again later.
    """
    raw = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(LARGEST):
        # Whoever pipes a mail in wants all of it to be read.
        pass
    sys.exit(_taken(recipient, raw))


def _taken(recipient: str, raw: bytes) -> int:
    try:
        with opened() as (_, database):
            click.echo(take_mail(database, Directory(database).by_id, recipient, raw), err=True)
    except NotOurs as error:
        click.echo(str(error), err=True)
        return EX_NOUSER
    except Exception as error:
        # Whatever is wrong here, the mail must not bounce because of it: the server keeps it and tries again.
        click.echo("a database server cannot be reached" if is_unreachable(error) else repr(error), err=True)
        return EX_TEMPFAIL
    return EX_OK


def _findings(settings: Settings) -> list[tuple[str, str, str]]:
    server, own = settings.dns_server, settings.own_mail
    domain = settings.mail_from.rpartition("@")[2]
    envelope = own.bounce_domain or domain
    found = [_line(f"DKIM {signer.record_name}", mail_records.dkim_key(signer, server)) for signer in own.signers]
    if not own.signers:
        found.append(("DKIM", "no key", "`shopbell mail key` makes one"))
    found.append(_line(f"SPF {envelope}", mail_records.spf(envelope, server)))
    found.append(_line(f"DMARC {domain}", mail_records.dmarc(domain, server)))
    found.append(_servers(own.bounce_domain, server))
    return found


def _line(name: str, finding: mail_records.Finding) -> tuple[str, str, str]:
    return name, finding.state, finding.seen


def _servers(domain: str, server: str) -> tuple[str, str, str]:
    """Whether anybody takes the mail that comes back."""
    if not domain:
        return "MX", "no domain", "SHOPBELL_BOUNCE_DOMAIN is where bounces come back to"
    try:
        servers = name_server.mail_servers(domain, server)
    except NotReached:
        return f"MX {domain}", mail_records.UNREACHABLE, ""
    return f"MX {domain}", mail_records.RIGHT if servers else mail_records.MISSING, " ".join(servers)
