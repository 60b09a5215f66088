"""Each house rule refuses what it is there to refuse, and lets good code pass."""

from pathlib import PurePosixPath

import pytest

from tests.architecture import house
from tests.architecture.house import Rule, Source

BOOKING = "blueprints/booking"
BAD: list[tuple[Rule, str, str]] = [
    (house.features_meet_at_the_door, f"{BOOKING}/service.py", "from blueprints.crm.models import Customer"),
    (house.features_meet_at_the_door, f"{BOOKING}/service.py", "from blueprints.crm import service"),
    (house.features_meet_at_the_door, f"{BOOKING}/service.py", "import blueprints.crm.routes"),
    (house.features_meet_at_the_door, f"{BOOKING}/pages/day.py", "from blueprints import crm"),
    (house.features_meet_at_the_door, f"{BOOKING}/service.py", "from ..crm import models"),
    (house.features_meet_at_the_door, f"{BOOKING}/service.py", "from blueprints.app import create_app"),
    (house.features_meet_at_the_door, f"{BOOKING}/service.py", "def f():\n    from blueprints.crm import queries"),
    (house.events_know_the_kit_alone, f"{BOOKING}/events.py", "from blueprints.crm.events import CustomerMet"),
    (house.events_know_the_kit_alone, f"{BOOKING}/events.py", "from sqlalchemy import select"),
    (house.events_know_the_kit_alone, f"{BOOKING}/events.py", "from blueprints.booking.models import Booking"),
    (house.layers_know_no_strangers, f"{BOOKING}/rules.py", "from sqlalchemy import select"),
    (house.layers_know_no_strangers, f"{BOOKING}/service/moves.py", "from flask import request"),
    (house.only_the_edge_commits, f"{BOOKING}/service.py", "session.commit()"),
    (house.only_the_edge_commits, "workers/run.py", "def f(session):\n    session.rollback()"),
    (house.imports_stand_at_the_top, f"{BOOKING}/service.py", "def f():\n    import json"),
    (
        house.imports_stand_at_the_top,
        f"{BOOKING}/service.py",
        "class A:\n    def f(self):\n        from json import dumps",
    ),
    (house.sql_names_its_columns, f"{BOOKING}/queries.py", "text('SELECT * FROM bookings')"),
    (house.sql_names_its_columns, f"{BOOKING}/queries.py", "text(f'select b.*, {x} from bookings b')"),
    (house.sql_names_its_columns, f"{BOOKING}/queries.py", 'run(f"SET search_path TO {schema}")'),
    (house.sql_names_its_columns, f"{BOOKING}/queries.py", "run(\"select set_config('search_path', 'a', false)\")"),
    (house.files_stay_short, f"{BOOKING}/service.py", "x = 1\n" * 401),
    (house.names_say_something, f"{BOOKING}/utils.py", "x = 1"),
    (house.names_say_something, f"{BOOKING}/__init__.py", ""),
    (house.nothing_is_left_undone, f"{BOOKING}/service.py", "x = 1  # TO" + "DO later"),
    (house.nothing_is_left_undone, f"{BOOKING}/service.py", "def f():\n    raise NotImplementedError"),
    (house.nothing_is_left_undone, "tests/rules/test_x.py", "@pytest.mark.skip\ndef test_x(): ..."),
    (house.nothing_is_left_undone, "workers/run.py", "time.sleep(1)"),
]
GOOD: list[tuple[str, str]] = [
    (f"{BOOKING}/service.py", "from blueprints.crm import api as crm\nfrom blueprints.catalog.api import branches"),
    (f"{BOOKING}/reactions.py", "from blueprints.crm.events import CustomerMet"),
    (f"{BOOKING}/service.py", "from blueprints.booking.models import Booking\nfrom . import rules"),
    (
        f"{BOOKING}/events.py",
        "from dataclasses import dataclass\nfrom uuid import UUID\nfrom shopbell.events import Event",
    ),
    (f"{BOOKING}/queries.py", '"""Never `select *`."""\ntext("select count(*) from bookings")'),
    ("platform/shopbell/db.py", 'session.commit()\nrun(f"BEGIN; SET LOCAL search_path TO {schema}")'),
    ("blueprints/registry.py", "from blueprints.booking.feature import FEATURE"),
    ("infra/cli.py", "def serve():\n    from infra.wsgi import app"),
    ("tests/service/test_x.py", "def test_x(session):\n    session.rollback()"),
]


@pytest.mark.parametrize(
    ("rule", "path", "text"), BAD, ids=[f"{rule.__name__}-{n}" for n, (rule, _, _) in enumerate(BAD)]
)
def test_the_rule_refuses(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(PurePosixPath(path), text)))


@pytest.mark.parametrize(("path", "text"), GOOD, ids=[path for path, _ in GOOD])
def test_good_code_passes_every_rule(path: str, text: str) -> None:
    source = Source(PurePosixPath(path), text)
    assert [str(finding) for rule in house.RULES for finding in rule(source)] == []


def test_every_rule_has_a_sample_it_refuses() -> None:
    assert {rule for rule, _, _ in BAD} == set(house.RULES)


def test_a_finding_names_its_place() -> None:
    source = Source(PurePosixPath(f"{BOOKING}/service.py"), "x = 1\nsession.commit()\n")
    assert [str(finding) for finding in house.only_the_edge_commits(source)] == [
        "blueprints/booking/service.py:2 calls .commit(): the edge ends the transaction"
    ]
