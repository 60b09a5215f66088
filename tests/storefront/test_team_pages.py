"""Who works at a branch, and what is shown of one of them before they are chosen."""

import pytest

from blueprints.reviews import service as reviews
from blueprints.staff.models import Person, PersonPhoto, PersonSkill
from shopbell import ids
from tests.reviews.conftest import reviewed, visit
from tests.storefront.conftest import TIMES, words

TEAM = "/book/xintiandi/team"

__all__ = ["reviewed", "visit"]


@pytest.fixture
def linh(session, shop):
    person = session.get_one(Person, shop.people[1])
    person.languages = ["vi", "zh-CN"]
    person.bio = {"en": "Twelve years of refraction."}
    person.qualifications = [{"name": {"en": "Licensed optometrist"}, "issuer": "Fudan University", "year": 2014}]
    session.get_one(PersonSkill, (person.id, shop.skill_id)).level = 3
    session.add(PersonPhoto(person_id=person.id, data=b"\x89PNG\r\n\x1a\n", type="image/png", etag="abc"))
    session.flush()
    return person


@pytest.mark.proves("B5")
def test_a_profile_says_what_one_wants_to_know_before_choosing(customer, session, shop, linh, reviewed):
    review = reviewed(5, "Very patient", person_id=linh.id)
    reviewed(4, "", person_id=linh.id, hours=5)
    reviews.answer(session, review.id, "Thank you, see you soon!", by=None)
    page = customer.see(f"{TEAM}/{linh.id}?lang=en")
    said = words(page.text)
    for text in (
        "Trần Linh",
        "Optometrist",
        "Twelve years of refraction.",
        "Licensed optometrist Fudan University, 2014",
        "Refraction expert",
        "Tiếng Việt",
        "4.5 2 reviews",
        "Very patient",
        "Answer from Xintiandi Thank you, see you soon!",
        "Free next",
    ):
        assert text in said, text
    assert f'src="/people/{linh.id}/photo?v=abc"' in page.text
    assert f'href="{TIMES}?staff={linh.id}"' in page.text
    assert "<script" not in page.text


@pytest.mark.proves("B5")
def test_the_next_free_times_are_free(customer, linh):
    page = customer.see(f"{TEAM}/{linh.id}?lang=en").text
    assert f'href="{TIMES}?staff={linh.id}&amp;day=2026-03-02"' in page
    assert customer.see(f"{TIMES}?staff={linh.id}&day=2026-03-02").status_code == 200


@pytest.mark.proves("B5")
def test_the_team_is_listed_with_ratings(customer, shop, linh, reviewed):
    reviewed(3, "", person_id=shop.people[0])
    page = customer.see(f"{TEAM}?lang=en")
    said = words(page.text)
    assert "王芳 Optometrist" in said
    assert "3.0 1 review" in said
    assert f'href="{TEAM}/{linh.id}"' in page.text


def test_reviews_that_wait_or_are_hidden_are_not_shown(customer, session, shop, linh, reviewed):
    reviewed(5, "Call me 138 1234 5678", person_id=linh.id)
    hidden = reviewed(1, "hidden words", person_id=linh.id, hours=5)
    reviews.hide(session, hidden.id, "unrelated", by=None)
    page = customer.see(f"{TEAM}/{linh.id}?lang=en").text
    assert "Call me" not in page
    assert "hidden words" not in page
    assert "No review yet" in page


def test_older_reviews_are_on_the_next_page(customer, session, linh, reviewed):
    for number in range(11):
        reviewed(
            5, f"text{number:02}", name=f"Guest {number}", person_id=linh.id, hours=2 + number % 7 + 24 * (number // 7)
        )
    first = customer.see(f"{TEAM}/{linh.id}")
    assert "text10" in first.text
    assert "text00" not in first.text
    link = first.text.split('class="btn" href="')[-1].split('"')[0].replace("&amp;", "&")
    assert "text00" in customer.see(link).text


def test_whoever_does_not_work_there_gets_a_page_that_helps(customer, other_shop, linh, session):
    for person_id in (ids.uuid7(), other_shop.people[0]):
        page = customer.see(f"{TEAM}/{person_id}?lang=en")
        assert page.status_code == 404
        assert f'href="{TEAM}"' in page.text
    assert customer.see("/book/nowhere/team").status_code == 404
    assert customer.see(f"/book/jingan/team/{linh.id}").status_code == 404
    linh.active = False
    session.flush()
    assert customer.see(f"{TEAM}/{linh.id}").status_code == 404


def test_a_broken_page_mark_shows_the_newest(customer, linh):
    assert customer.see(f"{TEAM}/{linh.id}?before=nonsense").status_code == 200
