"""Profiles: photo, qualifications, levels, own terms; and which appointments a roster loses."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput
from blueprints.catalog.api import USUAL, TermsView
from blueprints.staff import queries, service
from blueprints.staff.errors import BadRoster, UnknownPerson
from blueprints.staff.service import PersonInput, Qualification
from shopbell.pictures import Picture, picture_in
from tests.support.world import Shop

SignIn = Callable[..., FlaskClient]
MONDAY = date(2026, 3, 2)
ELEVEN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def png(width: int = 96, height: int = 96) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08\x00\x60\x00\x80\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x02\x00\xff\xd9"
)
WEBP = b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\x7f\0\0\x5f\0\0" + bytes(8)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (png(), Picture("image/png", 96, 96)),
        (JPEG, Picture("image/jpeg", 128, 96)),
        (WEBP, Picture("image/webp", 128, 96)),
        (png()[:-20], None),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", None),
        (b"\xff\xd8\xff" + b"<html>" * 20, None),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 ", None),
        (b"GIF89a" + bytes(40), None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None),
        (b"", None),
        (b"\xff\xd8\xff\xff\xff\xff", None),
    ],
)
def test_a_picture_is_what_its_bytes_say(content: bytes, found: Picture | None) -> None:
    assert picture_in(content) == found


def upload(browser: FlaskClient, address: str, content: bytes, name: str = "me.png") -> int:
    data = {"photo": (io.BytesIO(content), name)}
    return browser.post(address, data=data, content_type="multipart/form-data").status_code


@pytest.mark.proves("B5")
def test_a_photo_is_shown_to_everybody_and_can_do_nothing(
    sign_in_as: SignIn, client: FlaskClient, session: Session, shop: Shop
) -> None:
    browser, person = sign_in_as("hq"), f"/hq/people/{shop.people[0]}"
    public = f"/people/{shop.people[0]}/photo"
    assert client.get(public).status_code == 404
    assert upload(browser, f"{person}/photo", png()) == 303
    answer = client.get(public)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", png())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(public, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert f"{public}?v=" in browser.get(person).text
    session.expire_all()
    before = queries.person(session, shop.people[0]).photo
    assert upload(browser, f"{person}/photo", png(100, 100)) == 303
    session.expire_all()
    assert queries.person(session, shop.people[0]).photo not in {before, None}
    service.retire_person(session, shop.people[0])
    assert client.get(public).status_code == 404
    service.restore_person(session, shop.people[0])
    assert browser.post(f"{person}/photo/removal").status_code == 303
    assert client.get(public).status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"<script>alert(1)</script>", png(20, 20), png(3001, 64), png() + bytes(420 * 1024)]
)
def test_what_is_no_photo_is_refused_and_the_old_one_stays(
    sign_in_as: SignIn, client: FlaskClient, session: Session, shop: Shop, content: bytes
) -> None:
    browser, person = sign_in_as("hq"), f"/hq/people/{shop.people[0]}"
    service.set_photo(session, shop.people[0], png())
    assert upload(browser, f"{person}/photo", content) == 422
    assert client.get(f"/people/{shop.people[0]}/photo").data == png()


def test_only_head_office_changes_photos(sign_in_as: SignIn, client: FlaskClient, shop: Shop, other_shop: Shop) -> None:
    address = f"/hq/people/{shop.people[0]}/photo"
    assert upload(client, address, png()) == 303
    assert upload(sign_in_as("manager"), address, png()) == 403
    assert client.get(f"/people/{shop.people[0]}/photo").status_code == 404
    assert upload(sign_in_as("hq"), f"/hq/people/{other_shop.people[0]}/photo", png()) == 404


def test_qualifications_are_kept_newest_first_and_skills_with_their_level(session: Session, shop: Shop) -> None:
    found = [
        Qualification({"en": "Optometrist"}, "Ministry", 2012),
        Qualification({"en": "Course"}),
        Qualification({"en": "Contact lenses", "zh-CN": "隐形眼镜"}, "IACLE", 2019),
    ]
    described = PersonInput("An", qualifications=found)
    person_id = service.add_person(session, described, {shop.skill_id: 3})
    view = queries.person(session, person_id)
    assert [(row["name"]["en"], row["year"]) for row in view.qualifications] == [
        ("Contact lenses", 2019),
        ("Optometrist", 2012),
        ("Course", None),
    ]
    assert view.levels == {shop.skill_id: 3}
    wrong = PersonInput("An", qualifications=[Qualification({}, "x" * 200, 1850)])
    with pytest.raises(BadRoster) as error:
        service.add_person(session, wrong, {shop.skill_id: 4})
    assert {"qualifications.0.name.zh-CN", "qualifications.0.issuer", "qualifications.0.year", "skills"} == {
        name if not name.startswith("qualifications.0.name") else "qualifications.0.name.zh-CN"
        for name in error.value.fields
    }


def test_a_profile_is_written_at_head_office(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, address = sign_in_as("hq"), f"/hq/people/{shop.people[0]}"
    typed = {
        "name": "王芳",
        "rows": "3",
        f"level.{shop.skill_id}": "3",
        "qualifications.0.name.en": "",
        "qualifications.1.name.en": "Optometrist",
        "qualifications.1.issuer": "Ministry",
        "qualifications.1.year": "12",
    }
    wrong = browser.post(address, data=typed)
    assert wrong.status_code == 422
    assert 'href="#f-qualifications-1-year"' in wrong.text
    assert 'value="Ministry"' in wrong.text
    assert browser.post(address, data=typed | {"qualifications.1.year": "2012"}).status_code == 303
    session.expire_all()
    found = queries.person(session, shop.people[0])
    assert found.qualifications == [{"name": {"en": "Optometrist"}, "issuer": "Ministry", "year": 2012}]
    assert found.levels == {shop.skill_id: 3}
    page = browser.get(address).text
    assert 'name="rows" id="f-rows" value="2"' in page


def test_a_person_may_be_slower_dearer_or_not_give_a_service(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    browser, address = sign_in_as("hq"), f"/hq/people/{shop.people[0]}/services"
    page = browser.get(address).text
    assert "Test Fitting" in page
    field = f"terms.{shop.fitting}"
    typed = {"service": str(shop.fitting), f"{field}.percent": "150", f"{field}.price": "88"}
    wrong = browser.post(address, data=typed | {f"{field}.percent": "1000"})
    assert wrong.status_code == 422
    assert browser.post(address, data=typed).status_code == 303
    session.expire_all()
    assert queries.person_terms(session, shop.people) == {shop.people[0]: {shop.fitting: TermsView(False, 150, 8800)}}
    service.set_person_terms(session, shop.people[0], {shop.fitting: USUAL})
    assert queries.person_terms(session, shop.people) == {}
    with pytest.raises(UnknownPerson):
        service.set_person_terms(session, shop.branch_id, {})


# Leave, and what it hits


@pytest.mark.proves("S4")
def test_leave_says_first_which_appointments_it_hits_and_is_saved_when_that_is_wanted(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    details = booking.reserve(session, at_eleven(shop))
    browser, person = sign_in_as("hq"), f"/hq/people/{shop.people[0]}"
    assert details.ref not in browser.get(f"{person}/roster").text
    leave = {"first_day": "2026-03-02", "span": "11:15-12:00"}
    first = browser.post(f"{person}/leave?lang=en", data=leave)
    assert first.status_code == 200
    assert "1 appointment would no longer fit" in first.text
    assert "Nothing is saved yet" in first.text
    assert f"/b/xintiandi/#2026-03-02/{details.id}" in first.text
    assert queries.exceptions_of(session, shop.people[0], MONDAY) == []
    seal = seal_in(first.text)
    changed = browser.post(f"{person}/leave", data={**leave, "last_day": "2026-03-05", "anyway": seal})
    assert changed.status_code == 200, "what nobody has seen is shown first"
    assert browser.post(f"{person}/leave", data={**leave, "anyway": seal}).status_code == 303
    page = browser.get(f"{person}/roster?lang=en").text
    assert "1 appointment is outside this roster" in page
    for shown in (details.ref, "Mai Trần", "11:00–11:30", f"/b/xintiandi/#2026-03-02/{details.id}"):
        assert shown in page


def test_leave_that_hits_nothing_and_hours_that_hit_nothing_new_are_saved_at_once(
    sign_in_as: SignIn, session: Session, shop: Shop
) -> None:
    booking.reserve(session, at_eleven(shop))
    browser, person = sign_in_as("hq"), f"/hq/people/{shop.people[0]}"
    assert browser.post(f"{person}/leave", data={"first_day": "2026-03-02", "span": "14:00-15:00"}).status_code == 303
    service.add_leave(session, shop.people[0], MONDAY)
    assert browser.post(f"{person}/leave", data={"first_day": "2026-03-03"}).status_code == 303


def test_a_shorter_week_lists_what_it_hits_page_by_page(sign_in_as: SignIn, session: Session, shop: Shop) -> None:
    refs = []
    for number in range(12):
        request = at_eleven(shop, service_id=shop.fitting, later=timedelta(minutes=15 * number))
        refs.append(booking.reserve(session, request).ref)
    browser, person = sign_in_as("hq"), f"/hq/people/{shop.people[0]}"
    week = {"branch": str(shop.branch_id), "valid_from": "2026-03-02", "hours.0": "09:00-11:00"}
    first = browser.post(f"{person}/roster?lang=en", data=week).text
    assert "12 appointments would no longer fit" in first
    assert [ref in first for ref in refs] == [True] * 10 + [False] * 2
    second = browser.post(f"{person}/roster?lang=en", data={**week, "affected": "2"}).text
    assert [ref in second for ref in refs] == [False] * 10 + [True] * 2
    assert browser.post(f"{person}/roster", data={**week, "anyway": seal_in(second)}).status_code == 303
    assert "12 appointments are outside this roster" in browser.get(f"{person}/roster?lang=en").text
    assert refs[11] in browser.get(f"{person}/roster?lang=en&affected=2").text


def at_eleven(shop: Shop, service_id: UUID | None = None, later: timedelta = timedelta()) -> BookingRequest:
    customer = CustomerInput("Mai Trần", "13812345678")
    return BookingRequest(shop.branch_id, service_id or shop.eye_test, ELEVEN + later, customer, shop.people[0])


def seal_in(page: str) -> str:
    """What the button that saves all the same sends."""
    found = re.search(r'name="anyway" value="(\w+)"', page)
    assert found
    return found[1]


# The API


@pytest.mark.parametrize("path", ["/api/v1/people", "/api/v1/people/00000000-0000-0000-0000-000000000007"])
def test_people_are_told_to_programs_with_a_token_only(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 401


def test_profiles_are_told_page_by_page(api_client: Callable[..., FlaskClient], session: Session, shop: Shop) -> None:
    described = PersonInput("王芳", qualifications=[Qualification({"en": "Optometrist"}, "Ministry", 2012)])
    service.change_person(session, shop.people[0], described, {shop.skill_id: 2})
    service.set_photo(session, shop.people[0], png())
    program = api_client("booking")
    answer = program.get("/api/v1/people?limit=1&lang=en").get_json()
    (first,) = answer["items"]
    assert first["id"] == answer["next"] == str(shop.people[0])
    assert first["qualifications"][0]["name"] == "Optometrist"
    assert first["skills"] == [{"skill_id": str(shop.skill_id), "level": 2}]
    assert first["photo"].startswith(f"/people/{shop.people[0]}/photo?v=")
    rest = program.get(f"/api/v1/people?limit=1&after={answer['next']}").get_json()
    assert [person["id"] for person in rest["items"]] == [str(shop.people[1])]
    assert rest["next"] is None
    assert program.get(f"/api/v1/people?branch={shop.second_branch_id}").get_json()["items"] == []
    assert program.get(f"/api/v1/people/{shop.people[0]}").get_json()["name"] == "王芳"
    assert program.get(f"/api/v1/people?branch={shop.skill_id}").status_code == 404
    assert program.get(f"/api/v1/people/{shop.skill_id}").get_json()["code"] == "unknown_person"
