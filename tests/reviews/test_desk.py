"""Where the staff read reviews, decide what is shown, and answer."""

import pytest
from sqlalchemy import select

from blueprints.reviews import api as reviews
from blueprints.reviews.models import Review
from shopbell import ids
from tests.storefront.conftest import words

LIST = "/hq/reviews"


def state(session, review):
    session.expire_all()
    return session.get(Review, review.id)


@pytest.mark.proves("S2")
def test_what_waits_is_shown_with_the_rule_and_can_be_shown(sign_in_as, session, reviewed):
    review = reviewed(5, "Call me: 138 1234 5678")
    browser = sign_in_as("hq")
    page = words(browser.get(f"{LIST}?lang=en").text)
    assert "It holds a telephone number." in page
    assert browser.post(f"{LIST}/{review.id}/shown").status_code == 303
    assert state(session, review).status == "shown"
    assert state(session, review).decided_by is not None


@pytest.mark.proves("B5")
def test_an_answer_stands_below_the_review_for_everybody(sign_in_as, session, shop, reviewed):
    review = reviewed(2, "Slow", person_id=shop.people[0])
    browser = sign_in_as("manager", [shop.branch_id])
    answer = browser.post(f"{LIST}/{review.id}/answer", data={"answer": "Sorry.\r\nWe are two now."})
    assert answer.status_code == 303
    (shown,) = reviews.reviews_of(session, shop.people[0])
    assert (shown.answer, shown.who) == ("Sorry.\nWe are two now.", "L. T.")
    browser.post(f"{LIST}/{review.id}/answer", data={"answer": " "})
    assert (state(session, review).answer, state(session, review).answered_at) == ("", None)


def test_a_review_is_hidden_for_a_reason_of_the_list_only(sign_in_as, session, shop, reviewed):
    review = reviewed(1, "Bad", person_id=shop.people[0])
    browser = sign_in_as("hq")
    refused = browser.post(f"{LIST}/{review.id}/hidden?lang=en", data={"reason": "too negative"})
    assert refused.status_code == 422
    assert "Choose a reason from the list." in words(refused.text)
    assert state(session, review).status == "shown"
    assert browser.post(f"{LIST}/{review.id}/hidden", data={"reason": "not_a_customer"}).status_code == 303
    assert (state(session, review).status, state(session, review).why) == ("hidden", "not_a_customer")
    assert reviews.reviews_of(session, shop.people[0]) == []
    assert reviews.ratings(session, [shop.people[0]]) == {}


def test_an_answer_that_is_too_long_is_kept_in_the_field(sign_in_as, session, reviewed):
    review = reviewed(3, "So so")
    answer = sign_in_as("hq").post(f"{LIST}/{review.id}/answer?lang=en", data={"answer": "x" * 1001})
    assert answer.status_code == 422
    assert "x" * 1001 in answer.text
    assert state(session, review).answer == ""


def test_few_stars_come_first_then_the_newest(sign_in_as, reviewed):
    for hour, (stars, text) in enumerate([(2, "older low"), (5, "older high"), (1, "newer low"), (4, "newer high")]):
        reviewed(stars, text, hours=hour + 2)
    page = sign_in_as("hq").get(f"{LIST}?status=shown").text
    places = [page.index(text) for text in ("newer low", "older low", "newer high", "older high")]
    assert places == sorted(places)


def test_a_manager_sees_and_changes_only_the_branches_of_theirs(sign_in_as, session, shop, reviewed):
    review = reviewed(1, "Not mine")
    browser = sign_in_as("manager", [shop.second_branch_id])
    assert "Not mine" not in browser.get(f"{LIST}?status=shown").text
    assert "Not mine" not in browser.get(f"{LIST}?status=shown&branch={shop.branch_id}").text
    for action in ("shown", "hidden", "answer"):
        assert browser.post(f"{LIST}/{review.id}/{action}", data={"reason": "private"}).status_code == 404
    assert state(session, review).status == "shown"


def test_nobody_and_the_wrong_role_see_nothing(client, sign_in_as, session, reviewed):
    review = reviewed(1, "Bad")
    assert client.get(LIST).status_code in {302, 303, 401}
    assert client.post(f"{LIST}/{review.id}/hidden", data={"reason": "private"}).status_code in {302, 303, 401}
    desk = sign_in_as("frontdesk")
    assert desk.get(LIST).status_code == 403
    assert desk.post(f"{LIST}/{review.id}/hidden", data={"reason": "private"}).status_code == 403
    assert state(session, review).status == "shown"


def test_an_unknown_review_is_not_found(sign_in_as):
    browser = sign_in_as("hq")
    for action in ("shown", "hidden", "answer"):
        assert browser.post(f"{LIST}/{ids.uuid7()}/{action}").status_code == 404


@pytest.mark.proves("B5")
def test_ratings_are_means_of_what_is_shown(session, shop, reviewed):
    for hour, stars in enumerate([5, 4, 4]):
        reviewed(stars, person_id=shop.people[0], hours=2 + hour)
    reviewed(1, "Call 138 1234 5678", person_id=shop.people[0], hours=6)
    (mean, count) = reviews.ratings(session, shop.people).pop(shop.people[0])
    assert (round(mean, 3), count) == (4.333, 3)
    assert reviews.ratings(session, shop.people[1:]) == {}
    by_branch = reviews.branch_ratings(session, [shop.branch_id, shop.second_branch_id])
    assert {branch: (round(mean, 3), count) for branch, (mean, count) in by_branch.items()} == {
        shop.branch_id: (4.333, 3)
    }


def test_reviews_come_in_pages_newest_first(session, shop, reviewed):
    made = [reviewed(5, str(hour), person_id=shop.people[0], hours=2 + hour).id for hour in range(5)]
    first = reviews.reviews_of(session, shop.people[0], 2)
    second = reviews.reviews_of(session, shop.people[0], 2, first[-1].id)
    third = reviews.reviews_of(session, shop.people[0], 2, second[-1].id)
    assert [found.id for page in (first, second, third) for found in page] == made[::-1]


def test_every_list_uses_an_index(session, shop):
    session.connection().exec_driver_sql("set local enable_seqscan = off")
    order = (Review.low, Review.created_at, Review.id)
    for status in ("pending", "shown"):
        plan = explained(session, select(Review.id).where(Review.status == status), order)
        assert "ix_reviews_status_low_created_at" in plan
        assert "Sort" not in plan
    shown = select(Review.id).where(Review.status == "shown")
    for column, index in (
        (Review.person_id, "ix_reviews_person_id_shown"),
        (Review.branch_id, "ix_reviews_branch_id_"),
    ):
        plan = explained(session, shown.where(column == shop.people[0]), (Review.created_at, Review.id))
        assert index in plan
        assert "Sort" not in plan


def test_the_list_asks_as_few_questions_for_many_reviews_as_for_one(sign_in_as, session, shop, reviewed, questions):
    reviewed(1, "one")
    browser = sign_in_as("hq")
    browser.get(f"{LIST}?status=shown")
    few = questions(lambda: browser.get(f"{LIST}?status=shown"))
    for hour in range(5):
        reviewed(1, str(hour), name=f"Guest {hour}", hours=3 + hour)
    assert questions(lambda: browser.get(f"{LIST}?status=shown")) == few


def explained(session, statement, order):
    wanted = statement.order_by(*(column.desc() for column in order)).limit(20)
    text = str(wanted.compile(session.connection(), compile_kwargs={"literal_binds": True}))
    return "\n".join(row[0] for row in session.connection().exec_driver_sql(f"explain {text}"))
