"""What is too large is refused in words before it is read, by what it is."""

from __future__ import annotations

import io

import pytest

from shopbell.http.sizes import MAX_BODY, MAX_FORM
from tests.isolation.furnished import furnish
from tests.isolation.walk import built, endpoints, everything

JSON, FORM, FILES = "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
BIG = 20 * 1024 * 1024


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("it was read")

    readline = readinto = read  # type: ignore[assignment]


@pytest.mark.parametrize("kind", [JSON, FORM, FILES])
def test_no_endpoint_reads_a_body_that_is_too_large(app, database, tenant, shop, sign_in_as, kind):
    own, browser = furnish(database, shop), sign_in_as("hq")
    before, wrong = everything(database, tenant), {}
    for rule, method in endpoints(app, all_rules=True):
        if method == "GET":
            continue
        answer = browser.open(
            built(app, rule, own),
            method=method,
            input_stream=Unread(),
            content_type=kind,
            environ_overrides={"CONTENT_LENGTH": str(BIG)},
        )
        refused = {413, 415} if rule.rule.startswith("/api/") else {413}
        if answer.status_code not in refused or not answer.text:
            wrong[f"{method} {rule.rule}"] = answer.status_code
    assert wrong == {}
    assert everything(database, tenant) == before


@pytest.mark.parametrize(("kind", "most"), [(JSON, MAX_BODY), (FORM, MAX_FORM), (FILES, MAX_FORM)])
def test_each_kind_has_its_limit_and_the_answer_names_it(client, kind, most):
    def post(size: int):
        return client.post("/oauth/token", data=b"a" * size, content_type=kind)

    assert post(most).status_code < 413
    refused = post(most + 1)
    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["limit"]) == (
        413,
        "body_too_large",
        most,
    )
    assert f"{most // 1024} KB" in refused.get_json()["detail"]


def test_a_page_says_how_much_it_takes(client):
    answer = client.post("/sign-in", data={"email": "x" * MAX_FORM})
    assert answer.status_code == 413
    assert "128 KB" in answer.text


def test_a_body_of_no_stated_length_is_cut_off_where_it_is_too_long(client):
    answer = client.post(
        "/sign-in",
        input_stream=io.BytesIO(b"email=" + b"x" * MAX_FORM),
        content_type=FORM,
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


def test_a_photo_that_is_too_large_gets_a_sentence_of_its_own_and_a_film_is_not_read(sign_in_as, shop):
    browser, address = sign_in_as("hq"), f"/hq/people/{shop.people[0]}/photo"
    photo = io.BytesIO(b"\xff\xd8\xff" + b"x" * 2 * MAX_FORM)
    assert browser.post(address, data={"photo": (photo, "p.jpg")}).status_code == 422
    film = browser.post(
        address, input_stream=Unread(), content_type=FILES, environ_overrides={"CONTENT_LENGTH": str(BIG)}
    )
    assert film.status_code == 413
    assert "12288 KB" in film.text
