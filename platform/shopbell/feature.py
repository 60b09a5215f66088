"""How a feature plugs in: one value that lists what it offers. No registration happens by importing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint as PageBlueprint
from flask_smorest import Blueprint as ApiBlueprint

from shopbell.auth import Permission
from shopbell.vault.columns import Sealed


@dataclass(frozen=True)
class Feature:
    """A feature's table of contents.

    `pages` are Flask blueprints for people, `api` flask-smorest blueprints under /api/v1, `reactions` functions
    marked with @on, `jobs` functions marked with @job, `permissions` what a route may ask for, by name, `scopes`
    what of it programs may ask for, each with a msgid that says it to people, and `navigation` the entries that HQ
    pages show. `authenticators` find out who makes a request; `seeders` are called with a session and a trade pack
    when a tenant is created, `housekeeping` with a session once a day. `sealed` are the columns that hold personal
    data. `framed` says that its public pages may stand in frames of web sites that head office names, `customers` that
    they are for customers: in the languages that the chain speaks, and in previews of another look.

    `host` names one of the installation's own hosts (OWN_HOSTS): the feature's pages are there, and only there, and no
    tenant is entered for them. Its permissions are no chain's to give.
    """

    name: str
    pages: tuple[PageBlueprint, ...] = ()
    api: tuple[ApiBlueprint, ...] = ()
    reactions: tuple[Callable[..., None], ...] = ()
    jobs: tuple[Callable[..., None], ...] = ()
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    scopes: Mapping[str, str] = field(default_factory=dict)
    navigation: tuple[NavigationEntry, ...] = ()
    authenticators: tuple[Callable[..., Any], ...] = ()
    seeders: tuple[Callable[..., None], ...] = ()
    housekeeping: tuple[Callable[..., None], ...] = ()
    sealed: tuple[Sealed, ...] = ()
    framed: bool = False
    customers: bool = False
    host: str = ""


@dataclass(frozen=True)
class NavigationEntry:
    """A line of the HQ side navigation; `label` is a msgid, `endpoint` a Flask endpoint. A `personal` one is about
    whoever reads it: nobody's work begins there."""

    label: str
    endpoint: str
    icon: str
    permission: str
    position: int = 100
    personal: bool = False
