"""What customers type about themselves."""

import pytest

from blueprints.brand.api import Boxes
from blueprints.storefront.forms import DetailsForm, country_of


def filled(**typed: str) -> DetailsForm:
    said = {"name": "Linh Trần", "phone": "0903 112 233", "email": "", "note": "", **typed}
    return DetailsForm.of(said, guests=0, boxes=Boxes())


def test_good_details_come_out_clean():
    form = filled(name="  Linh   Trần ", email=" linh@example.com ", note="window seat\r\n")
    customer = form.check("VN")
    assert customer is not None
    assert (customer.name, customer.phone, customer.email, customer.note) == (
        "Linh Trần",
        "+84903112233",
        "linh@example.com",
        "window seat",
    )
    assert form.errors == {}


@pytest.mark.parametrize("name", ["🦊 Foxy", "محمد عبد الله", "欧阳娜娜", "O’Neill-Smith", "x" * 120])
def test_names_of_every_script_are_welcome(name):
    customer = filled(name=name).check("VN")
    assert customer is not None
    assert customer.name == name


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "x" * 121])
def test_a_name_must_be_there_and_fit(name):
    form = filled(name=name)
    assert form.check("VN") is None
    assert set(form.errors) == {"name"}
    assert form.typed["name"] == name


@pytest.mark.parametrize("phone", ["", "0" * 40, "call me", "123", "+84 1"])
def test_a_phone_number_must_be_reachable_and_the_error_shows_how_to_write_one(phone):
    form = filled(phone=phone)
    assert form.check("VN") is None
    assert set(form.errors) == {"phone"}
    assert any(digit.isdigit() for digit in form.errors["phone"])
    assert form.typed["phone"] == phone


def test_a_number_with_its_calling_code_is_accepted_in_any_country():
    customer = filled(phone="+84 903 112 233").check("CN")
    assert customer is not None
    assert customer.phone == "+84903112233"


def test_every_wrong_field_is_named_at_once_and_all_typing_kept():
    typed = {"name": "", "phone": "x", "email": "nope", "note": "n" * 501}
    form = filled(**typed)
    assert form.check("VN") is None
    assert set(form.errors) == {"name", "phone", "email", "note"}
    assert form.typed == typed


def test_a_branch_stands_where_its_telephone_is():
    assert country_of("+84283822000", "CN") == "VN"
    assert country_of("+862161234567", "VN") == "CN"
    assert country_of("not a number", "VN") == "VN"
