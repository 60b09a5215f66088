"""`shopbell operators`: the people who run this installation, at the operator console."""

from __future__ import annotations

import getpass
import socket

import click

from blueprints.operator import api as operator
from infra.commands.opening import opened
from shopbell.tenancy import OPERATORS_HOST


@click.group()
def operators() -> None:
    """People who run this installation."""


@operators.command("create")
@click.argument("email")
@click.option("--name", required=True, help="As it is written down with what they do.")
@click.option("--role", type=click.Choice(["operator", "observer"]), default="operator", show_default=True)
def create(email: str, name: str, role: str) -> None:
    """Open an account and print its password once. The phone for codes is set up at the first sign-in."""
    with opened() as (settings, database):
        with database.transaction(None) as directory:
            password = operator.create(directory, email, name, role, by=_me())
        address = settings.tenant_url(f"{OPERATORS_HOST}.{settings.base_domain}")
        click.echo(f"Sign in at {address}/sign-in as {email} with {password}")


@operators.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Print a new password once, for somebody who lost theirs or their phone, which is set up anew. Ends sessions."""
    with opened() as (_, database), database.transaction(None) as directory:
        password = operator.reset(directory, email, by=_me())
    click.echo(f"{email} signs in with {password}")


@operators.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Let an operator sign in no more, and end their sessions."""
    _set_active(email, active=False)


@operators.command("open")
@click.argument("email")
def open_(email: str) -> None:
    """Open a closed account again."""
    _set_active(email, active=True)


@operators.command("list")
def show() -> None:
    """Show every operator."""
    with opened() as (_, database), database.transaction(None) as directory:
        for found in operator.all_of_them(directory):
            state = "closed" if not found.active else "" if found.totp_confirmed_at else "never signed in"
            click.echo(f"{found.email:40} {found.role:10} {found.name}  {state}".rstrip())


def _set_active(email: str, *, active: bool) -> None:
    with opened() as (_, database), database.transaction(None) as directory:
        operator.set_active(directory, email, active, by=_me())
    click.echo(f"The account of {email} is {'open' if active else 'closed'}.")


def _me() -> operator.Author:
    return operator.Author(None, f"{getpass.getuser()}@{socket.gethostname()}")
