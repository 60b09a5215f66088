"""The console's shell: for staff of the branch, without any customer's data."""

from __future__ import annotations

import gzip
import re

import pytest

from blueprints.catalog.models import BranchService, ServiceOption
from blueprints.frontdesk import texts
from shopbell import ids
from shopbell.pages.environment import DIST

PAGES = ["/b/xintiandi/", "/b/xintiandi/config.json", "/b/xintiandi/manifest.webmanifest"]


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(client, page):
    answer = client.get(page)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_a_branch_of_others_is_not_there(stranger, page):
    assert stranger.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_an_unknown_branch_is_not_there(device, page):
    assert device.browser.get(page.replace("xintiandi", "atlantis")).status_code == 404


def test_the_shell_names_the_branch_and_loads_one_script(device):
    answer = device.browser.get("/b/xintiandi/")
    assert answer.status_code == 200
    assert '<main id="app" data-branch="xintiandi">' in answer.text
    assert answer.text.count("<script") == 1
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_shell_does_not_depend_on_the_book(device):
    before = device.browser.get("/b/xintiandi/").text
    device.book(customer={"name": "Nguyễn Thị Hoa", "phone": "13812345678"})
    assert device.browser.get("/b/xintiandi/").text == before


def test_the_configuration_says_where_everything_is(device, shop):
    config = device.browser.get("/b/xintiandi/config.json").get_json()
    assert config["branch"] == {
        "id": str(shop.branch_id),
        "slug": "xintiandi",
        "name": "Xintiandi",
        "tenant": "Lumi-Test Optik",
        "tz": "Asia/Shanghai",
        "country": "CN",
        "slot_minutes": 15,
    }
    assert config["user"] == {"name": "Frontdesk", "role": "frontdesk", "may": ["waitlist.write"]}
    assert (config["today"], config["locale"], config["messages"]) == ("2026-03-02", "en", {})
    service = next(service for service in config["services"] if service["id"] == str(shop.eye_test))
    assert service == {
        "id": str(shop.eye_test),
        "name": "Test Eye Test",
        "minutes": 30,
        "category": "Test",
        "price": "CN¥199.00",
        "approval": False,
        "options": [],
    }
    assert config["endpoints"]["sync"] == f"/api/v1/branches/{shop.branch_id}/sync"
    assert device.browser.get(config["endpoints"]["board"]).status_code == 200


def test_a_service_says_what_can_be_chosen_and_what_that_adds(device, shop, session):
    for position, (kind, name, minutes, price) in enumerate(
        (("variant", "Adult", 0, 0), ("variant", "Child", 10, -5000), ("addon", "Photo", 5, 9900))
    ):
        session.add(
            ServiceOption(
                id=ids.uuid7(),
                service_id=shop.eye_test,
                kind=kind,
                name={"en": name},
                price_minor=price,
                step_minutes={"1": minutes},
                position=position,
            )
        )
    session.flush()
    services = device.browser.get("/b/xintiandi/config.json").get_json()["services"]
    options = next(service for service in services if service["id"] == str(shop.eye_test))["options"]
    assert [(one["kind"], one["name"], one["minutes"], one["price"]) for one in options] == [
        ("variant", "Adult", 0, ""),
        ("variant", "Child", 10, "-CN¥50.00"),
        ("addon", "Photo", 5, "CN¥99.00"),
    ]


def test_a_service_that_the_branch_does_not_offer_is_not_there(device, shop, session):
    session.add(BranchService(branch_id=shop.branch_id, service_id=shop.fitting, offered=False))
    session.add(BranchService(branch_id=shop.branch_id, service_id=shop.eye_test, minutes_percent=110))
    session.flush()
    services = device.browser.get("/b/xintiandi/config.json").get_json()["services"]
    known = {service["id"]: service["minutes"] for service in services}
    assert str(shop.fitting) not in known
    assert known[str(shop.eye_test)] == 15 + 25


def test_a_manager_may_book_against_the_rules(sign_in_as, shop):
    manager = sign_in_as("manager", [shop.branch_id])
    assert manager.get("/b/xintiandi/config.json").get_json()["user"]["may"] == [
        "booking.charges",
        "booking.override",
        "waitlist.write",
    ]


def test_the_consoles_texts_come_from_the_catalogue(tmp_path, monkeypatch):
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
        '#: frontend/src/console/top.jsx:3\nmsgid "Saved"\nmsgstr "Đã lưu"\n\n'
        '#: frontend/src/console/top.jsx:4\nmsgid "%(num)s visit"\nmsgid_plural "%(num)s visits"\n'
        'msgstr[0] "%(num)s lần"\n\n'
        '#: blueprints/hq/pages.py:3\nmsgid "Elsewhere"\nmsgstr "Chỗ khác"\n\n'
        '#: frontend/src/console/top.jsx:5\nmsgid "Not yet"\nmsgstr ""\n'
    )
    monkeypatch.setattr(texts, "DIRECTORY", tmp_path)
    texts.console_texts.cache_clear()
    assert texts.console_texts("vi") == {"Saved": "Đã lưu", "%(num)s visit": "%(num)s lần"}
    texts.console_texts.cache_clear()


def test_the_consoles_script_stays_small(device):
    script = re.search(r'src="/static/build/(console-\w+\.js)"', device.browser.get("/b/xintiandi/").text)
    assert script
    assert len(gzip.compress((DIST / script[1]).read_bytes(), 9)) <= 35 * 1024


def test_the_worker_is_checked_for_every_time_and_may_govern_the_consoles(client):
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/b/"
    answer.close()


def test_the_manifest_opens_the_branchs_console(device):
    manifest = device.browser.get("/b/xintiandi/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert manifest.get_json()["start_url"] == "/b/xintiandi/"
