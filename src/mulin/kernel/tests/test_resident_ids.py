from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers import Sex, check_resident_id

TODAY = date(2026, 3, 1)
WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]


@st.composite
def numbers(draw):
    """Well-formed numbers, made the other way round: the check makes the weighted sum of all 18 equal 1 modulo 11."""
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    seventeen = f"37083{draw(st.integers(1, 9))}{born:%Y%m%d}{draw(st.integers(1, 999)):03}"
    rest = sum(w * int(d) for w, d in zip(WEIGHTS, seventeen, strict=True)) % 11
    check = (1 - rest) % 11
    return seventeen + ("X" if check == 10 else str(check)), born


@contextmanager
def suppress_invalid_input():
    refused = []
    try:
        yield refused
    except InvalidInput as error:
        refused.append(error)


def refusal(text: str) -> InvalidInput:
    with pytest.raises(InvalidInput) as error:
        check_resident_id(text, TODAY)
    return error.value


def test_the_public_vector_is_read():
    resident = check_resident_id("11010519491231002X", TODAY)
    assert (resident.birth_date, resident.sex, resident.region) == (date(1949, 12, 31), Sex.FEMALE, "110105")


@given(numbers())
def test_birth_date_and_sex_come_from_the_number(number_and_birth):
    number, born = number_and_birth
    resident = check_resident_id(f" {number[:6]} {number[6:].lower()}", TODAY)
    assert (resident.number, resident.birth_date, resident.region) == (number, born, number[:6])
    assert resident.sex == (Sex.MALE if number[16] in "13579" else Sex.FEMALE)


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number_and_birth, place, shift):
    digits = list(number_and_birth[0])
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert refusal("".join(digits)).field == "resident_id"


@given(numbers(), st.integers(0, 15))
def test_two_swapped_neighbours_never_pass(number_and_birth, place):
    digits = list(number_and_birth[0])
    if digits[place] == digits[place + 1]:
        return
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    refusal("".join(digits))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "resident-id-missing"),
        ("110105491231002", "resident-id-old"),
        ("1101051949123100", "resident-id-length"),
        ("1.10105E+17", "resident-id-scientific"),
        ("11010519491231O02X", "resident-id-character"),
        ("X10105194912310020", "resident-id-character"),
        ("1101051949123100２²", "resident-id-check"),
        ("99010519491231002A", "resident-id-character"),
        ("17010519491231002X", "resident-id-region"),
        ("11010519490231002X", "resident-id-birth-date"),
        ("11010500001231002X", "resident-id-birth-date"),
        ("11010520261231002X", "resident-id-birth-date-range"),
        ("11010518491231002X", "resident-id-birth-date-range"),
        ("110105194912310021", "resident-id-check"),
    ],
)
def test_what_is_wrong_is_named(typed, code):
    assert refusal(typed).code == code


def test_the_wrong_place_is_counted_from_one():
    assert "14" in refusal("1101051949123B002X").text.zh


@given(st.one_of(st.text(), st.text("0123456789xX ", min_size=15, max_size=20)))
def test_any_text_is_read_or_refused_and_no_message_repeats_it(text):
    with suppress_invalid_input() as refused:
        assert check_resident_id(text, TODAY).number
    assert all(text not in error.text.zh for error in refused if len(text) >= 15)


def test_the_number_does_not_show_in_a_repr():
    assert "1101" not in repr(check_resident_id("11010519491231002X", TODAY))
