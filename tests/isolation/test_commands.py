"""Every command that takes a chain leaves the other one alone and says nothing of it.

The commands are read from the command line itself: a new one has to have its step here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import click
import pytest
from click.testing import CliRunner, Result

from infra.cli import main
from shopbell import runtime
from shopbell.tenancy import TenantContext
from tests.isolation.walk import everything

OWN, FILE, HOST = "walked-chain", "chain.zip", "book.walked.example"
OTHER, OTHERS_HOST = "{slug}", "{host}"
"""What stands for the other chain's names below."""
NEW = ("--name", "X", "--pack", "optical", "--locale", "en")

STEPS = [
    ("tenants create", (OWN, *NEW, "--owner", "a@walked.example")),
    ("clients create", (OWN, "--scope", "booking")),
    ("tenants domains", (OWN,)),
    ("tenants add-domain", (OWN, HOST, "--vouched")),
    ("tenants set-primary", (OWN, HOST)),
    ("tenants set-primary", (OWN, f"{OWN}.localhost")),
    ("tenants remove-domain", (OWN, HOST)),
    ("tenants rename", (OWN, "--name", "Walked")),
    ("migrate", ("--tenant", OWN)),
    ("keys seal", (OWN,)),
    ("keys rotate", (OWN,)),
    ("keys seal", (OWN,)),
    ("keys rotate", (OWN,)),
    ("tenants export", (OWN, FILE)),
    ("tenants move", (OWN, "--cancel")),
    ("tenants suspend", (OWN,)),
    ("tenants resume", (OWN,)),
    ("tenants suspend", (OWN,)),
]
REFUSED = [
    ("tenants create", (OTHER, *NEW)),
    ("tenants check-domain", (OWN, OTHERS_HOST)),
    ("tenants add-domain", (OWN, OTHERS_HOST, "--vouched")),
    ("tenants set-primary", (OWN, OTHERS_HOST)),
    ("tenants remove-domain", (OWN, OTHERS_HOST)),
    ("tenants rename", (OWN, "--to", OTHER)),
    ("tenants import", (FILE, "--slug", OTHER)),
    ("tenants erase", (OWN, "--confirm", OTHER)),
    ("tenants certificate", (OTHER,)),
]
ENDS = [
    ("tenants erase", (OWN, "--confirm", OWN)),
    ("tenants import", (FILE, "--slug", f"{OWN}-again")),
    ("tenants suspend", (f"{OWN}-again",)),
    ("tenants erase", (f"{OWN}-again", "--confirm", f"{OWN}-again")),
    ("tenants certificate", (OWN,)),
]


@dataclass
class Terminal:
    """Somebody at the command line, in a folder of their own."""

    environment: dict[str, str]
    other: TenantContext

    def types(self, command: str, arguments: tuple[str, ...]) -> Result:
        names = {OTHER: self.other.slug, OTHERS_HOST: self.other.host}
        words = [*command.split(), *(names.get(word, word) for word in arguments)]
        return CliRunner().invoke(main, words, env=self.environment)


@pytest.fixture
def terminal(migrated, settings, other_tenant, tmp_path, monkeypatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    yield Terminal({"DATABASE_URL": migrated, "REDIS_URL": settings.redis_url}, other_tenant)
    runtime.install(settings)


def commands(group: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Every command with the names of what it takes."""
    for name, command in group.commands.items() if isinstance(group, click.Group) else ():
        yield " ".join((*path, name)), {parameter.name or "" for parameter in command.params}
        yield from commands(command, (*path, name))


def test_every_command_that_takes_a_chain_has_its_step():
    taking = {name for name, takes in commands() if takes & {"slug", "slugs"}}
    assert taking == {command for command, _ in STEPS + REFUSED + ENDS}


@pytest.mark.proves("T8")
def test_no_command_touches_or_names_the_other_chain(terminal, committed, other_shop):
    other = other_shop.tenant
    secrets = {other.name, other.host, str(other.id), str(other_shop.branch_id)}
    before = everything(committed, other)
    for command, arguments in STEPS:
        done = terminal.types(command, arguments)
        assert done.exit_code == 0, (command, done.output)
        assert not [secret for secret in secrets if secret in done.output], command
    for command, arguments in REFUSED:
        done = terminal.types(command, arguments)
        assert done.exit_code == 1, (command, arguments, done.output)
        assert not done.exception or isinstance(done.exception, SystemExit), (command, arguments)
    with zipfile.ZipFile(FILE) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    assert not [secret for secret in secrets if secret.encode() in told]
    for command, arguments in ENDS:
        done = terminal.types(command, arguments)
        assert done.exit_code == 0, (command, done.output)
    assert everything(committed, other) == before
