"""The page on which a customer says how it was."""

import re

import pytest
from sqlalchemy import select

from blueprints.reviews import queries
from blueprints.reviews.links import review_token
from blueprints.reviews.models import Review
from blueprints.reviews.rules.asking import LONGEST, STAGES
from shopbell import clock
from tests.storefront.conftest import words


def address_of(made):
    return f"/r/{review_token(made.id, made.ends_at)}"


def only(session):
    session.expire_all()
    return session.scalars(select(Review)).one()


@pytest.mark.proves("C7")
@pytest.mark.proves("S2")
@pytest.mark.proves("B5")
def test_a_customer_rates_the_visit_and_its_stages(client, session, visit):
    made = visit()
    page = client.get(f"{address_of(made)}?lang=en")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "<script" not in page.text
    assert set(re.findall(r'type="radio" name="([^"]+)"', page.text)) == {"stars", *STAGES}
    sent = {"stars": "4", "reception": "5", "service": "3", "words": "Friendly,\r\na little late."}
    answer = client.post(address_of(made), data=sent)
    assert answer.status_code == 303, answer.text
    review = only(session)
    assert (review.stars, review.stages) == (4, {"reception": 5, "service": 3})
    said = queries.review(session, review.id)
    assert (said.status, said.words) == ("shown", "Friendly,\na little late.")
    assert (review.person_id, review.service_id) == (made.person_id, made.service_id)
    assert "Friendly" in words(client.get(answer.location).text)


def test_the_first_word_on_a_visit_stays(client, session, visit):
    made = visit()
    for stars in ("5", "1"):
        assert client.post(address_of(made), data={"stars": stars}).status_code == 303
    assert only(session).stars == 5


def test_a_bad_review_is_shown_as_quickly_as_a_good_one(client, session, visit):
    client.post(address_of(visit()), data={"stars": "1", "words": "Terrible. I waited for an hour."})
    assert (only(session).status, only(session).low) == ("shown", True)


def test_words_with_personal_data_wait_with_the_rules_name(client, session, visit):
    made = visit()
    client.post(address_of(made), data={"stars": "5", "words": "Call me: 138 1234 5678"})
    assert (only(session).status, only(session).why) == ("pending", "phone")
    assert "Somebody looks at them" in words(client.get(f"{address_of(made)}?lang=en").text)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "stars"),
        ({"stars": "6"}, "stars"),
        ({"stars": "5", "service": "x"}, "stages"),
        ({"stars": "5", "words": "x" * (LONGEST + 1)}, "words"),
    ],
)
def test_a_mistake_names_its_field_and_keeps_everything_typed(client, session, visit, sent, field):
    made = visit()
    answer = client.post(f"{address_of(made)}?lang=en", data={"words": "so kind", "reception": "4", **sent})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert sent.get("words", "so kind") in answer.text
    assert 'name="reception" value="4" checked' in answer.text
    assert session.scalars(select(Review)).all() == []


def test_a_link_may_choose_the_stars_but_stores_nothing(client, session, visit):
    page = client.get(f"{address_of(visit())}?stars=3")
    assert 'name="stars" value="3" checked' in page.text
    assert session.scalars(select(Review)).all() == []


def test_a_visit_that_lies_ahead_cannot_be_reviewed(client, session, visit):
    address = address_of(visit(status="booked"))
    for answer in (client.get(f"{address}?lang=en"), client.post(address, data={"stars": "1"})):
        assert answer.status_code == 409
    assert session.scalars(select(Review)).all() == []


def test_a_link_that_is_broken_old_or_of_another_chain_opens_nothing(client, other_client, session, visit):
    made = visit()
    address = address_of(made)
    for answer in (
        client.get("/r/nonsense?lang=en"),
        other_client.get(address),
        other_client.post(address, data={"stars": "1"}),
    ):
        assert answer.status_code == 404
        assert "tel:+862150001234" in answer.text
    with clock.frozen(made.ends_at.replace(year=2027)):
        assert client.get(address).status_code == 404
    assert session.scalars(select(Review)).all() == []
