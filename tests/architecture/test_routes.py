"""Every view names the permission it needs, or says why it is open to all; and every permission has somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from blueprints.alerts.rules import TOPICS
from blueprints.registry import own_permissions, permissions
from shopbell.settings import ROOT


def handlers(app) -> Iterator[tuple[str, str, Any]]:
    """(rule, method, function) of every view, methods of view classes one by one."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        view_class = getattr(view, "view_class", None)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.rule, method, getattr(view_class, method.lower()) if view_class else view


def test_every_view_names_its_permission_or_why_it_has_none(the_app):
    silent = [
        f"{method} {rule}"
        for rule, method, view in handlers(the_app)
        if not getattr(view, "permission", "") and not getattr(view, "open_because", "")
    ]
    assert silent == []


def test_every_permission_that_a_view_needs_is_given_to_somebody(the_app):
    known = {**permissions(), **own_permissions()}
    needed = {view.permission for _, _, view in handlers(the_app) if getattr(view, "permission", "")}
    assert {name for name in needed if name not in known or not known[name].holders} == set()


MAY = re.compile(r'\.may(?:_at)?\("([a-z_.]+)"[,)]')


def test_no_permission_is_defined_that_nothing_needs(the_app):
    needed = {view.permission for _, _, view in handlers(the_app) if getattr(view, "permission", "")}
    # Some decide what may be done on a page or in an operation, rather than who may open it,
    asked = {name for path in (ROOT / "blueprints").rglob("*.py") for name in MAY.findall(path.read_text())}
    # and some what somebody is told of.
    told = {topic.permission for topic in TOPICS.values()}
    assert {*permissions(), *own_permissions()} - needed - asked - told == set()


def test_each_host_asks_for_permissions_that_can_be_held_there(the_app):
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in the_app.url_map.iter_rules():
        view = the_app.view_functions[rule.endpoint]
        view_class = getattr(view, "view_class", None)
        views = [getattr(view_class, method.lower(), None) for method in rule.methods] if view_class else [view]
        asked[bool(rule.subdomain)] |= {named for view in views if (named := getattr(view, "permission", ""))}
    assert asked[True] <= set(own_permissions())
    assert asked[False] <= set(permissions())
    assert set(own_permissions()) & set(permissions()) == set()


def test_every_permission_says_in_words_what_may_be_done_and_head_office_holds_it():
    known = permissions()
    assert all(permission.label and "hq" in permission.holders for permission in known.values())
    assert len({permission.label for permission in known.values()}) == len(known)
