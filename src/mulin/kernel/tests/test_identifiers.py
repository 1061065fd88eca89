import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.kernel.clock import SeededRandomness
from mulin.kernel.errors import InvalidInput
from mulin.kernel.identifiers import (
    PUBLIC_ID_LENGTH,
    UNAMBIGUOUS,
    check_credit_code,
    is_mobile,
    mask_address,
    mask_name,
    mask_phone,
    mask_resident_id,
    new_public_id,
    new_secret,
    new_short_code,
    normalise_phone,
    normalise_short_code,
    short_code,
)

CODE = st.integers(0, 31**7 - 1).map(short_code)


def code_of(error: pytest.ExceptionInfo[InvalidInput]) -> str:
    return error.value.code


@given(st.integers())
def test_public_ids_and_secrets_are_long_enough_and_readable(seed):
    rng = SeededRandomness(seed)
    public_id, secret = new_public_id(rng), new_secret(rng)
    assert set(public_id + secret) <= set(UNAMBIGUOUS) <= set(string.ascii_lowercase + string.digits)
    assert len(public_id) == PUBLIC_ID_LENGTH
    assert PUBLIC_ID_LENGTH * math.log2(len(UNAMBIGUOUS)) >= 100
    assert len(secret) * math.log2(len(UNAMBIGUOUS)) >= 128


def test_public_ids_use_the_whole_alphabet_at_every_place_and_never_repeat():
    rng = SeededRandomness(1)
    ids = [new_public_id(rng) for _ in range(2_000)]
    assert len(set(ids)) == len(ids)
    assert all(set(column) == set(UNAMBIGUOUS) for column in zip(*ids, strict=True))


@given(CODE)
def test_a_short_code_is_accepted_however_it_is_typed(code):
    full_width = code.translate(
        {ord(c): ord(c) + 0xFEE0 for c in string.ascii_uppercase + string.digits + "-"}
    )
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')}\n", full_width):
        assert normalise_short_code(typed) == code


@given(CODE, st.integers(0, 7), st.sampled_from(UNAMBIGUOUS.upper()))
def test_one_wrong_character_is_caught(code, place, other):
    characters = list(code.replace("-", ""))
    if characters[place] == other:
        return
    characters[place] = other
    with pytest.raises(InvalidInput) as error:
        normalise_short_code("".join(characters))
    assert code_of(error) == "short-code-check"


@given(CODE, st.integers(0, 7), st.integers(0, 7))
def test_two_swapped_characters_are_caught(code, one, other):
    characters = list(code.replace("-", ""))
    if characters[one] == characters[other]:
        return
    characters[one], characters[other] = characters[other], characters[one]
    with pytest.raises(InvalidInput):
        normalise_short_code("".join(characters))


@given(st.integers(2, 30), st.integers(0, 2**32))
def test_codes_of_other_lengths_check_themselves_too(characters, seed):
    code = new_short_code(SeededRandomness(seed), characters)
    assert normalise_short_code(code.lower(), characters) == code


@given(st.sets(st.integers(0, 31**7 - 1), min_size=2))
def test_different_numbers_have_different_codes(numbers):
    assert len({short_code(number) for number in numbers}) == len(numbers)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "short-code-missing"),
        ("K0QM4XWT", "short-code-character"),
        ("K7QM-4XW", "short-code-length"),
        ("𠮷7QM4XWT", "short-code-character"),
    ],
)
def test_a_bad_short_code_is_named(typed, code):
    with pytest.raises(InvalidInput) as error:
        normalise_short_code(typed)
    assert code_of(error) == code


def test_the_public_vector_of_credit_codes_is_read():
    credit = check_credit_code(" 91350100M000100Y43 ")
    assert (credit.category, credit.region) == ("91", "350100")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "credit-code-missing"),
        ("91350100M000100Y4", "credit-code-length"),
        ("9135010OM000100Y43", "credit-code-character"),
        ("91350100M000100Y44", "credit-code-check"),
        ("91350100M000010Y43", "credit-code-check"),
        ("9.135E+17", "credit-code-scientific"),
    ],
)
def test_a_bad_credit_code_is_named(typed, code):
    with pytest.raises(InvalidInput) as error:
        check_credit_code(typed)
    assert code_of(error) == code


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13800138000", "13800138000"),
        ("１３８ ００１３ ８０００", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("（+86）13800138000", "13800138000"),
        ("0086-138-0013-8000", "13800138000"),
        ("86-138-0013-8000", "13800138000"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("13800138000.0", "13800138000"),
        ("0537-2234567", "0537-2234567"),
        ("（0537）2234567", "0537-2234567"),
        ("05372234567", "0537-2234567"),
        ("0532 8234 5678", "0532-82345678"),
        ("010—62345678", "010-62345678"),
        ("+86 10 6234 5678", "010-62345678"),
        ("86-0537-2234567", "0537-2234567"),
        ("0537-2234567-801", "0537-2234567-801"),
        ("0537-2234567 转 801", "0537-2234567-801"),
        ("02162345678分机6", "021-62345678-6"),
        ("400-123-4567", "4001234567"),
    ],
)
def test_a_phone_comes_to_one_form(typed, phone):
    assert normalise_phone(typed) == phone == normalise_phone(phone)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone-missing"),
        ("　", "phone-missing"),
        ("1380013800", "phone-length"),
        ("138001380000", "phone-length"),
        ("12800138000", "phone-invalid"),
        ("2234567", "phone-area-code"),
        ("13800138000、13900139000", "phone-several"),
        ("1.38001E+10", "phone-scientific"),
        ("+852 2345 6789", "phone-foreign"),
        ("0537-223456", "phone-invalid"),
        ("010-6234567", "phone-invalid"),
        ("١٣٨٠٠١٣٨٠٠٠", "phone-invalid"),
        ("没有电话", "phone-invalid"),
        ("13800138000转8", "phone-length"),
    ],
)
def test_a_bad_phone_is_named(typed, code):
    with pytest.raises(InvalidInput) as error:
        normalise_phone(typed, field="mobile")
    assert (code_of(error), error.value.field) == (code, "mobile")


@given(st.one_of(st.text(), st.text("0123456789-+()转 ", min_size=7, max_size=20)))
def test_any_text_is_refused_by_name_or_brought_to_one_stable_form(text):
    try:
        phone = normalise_phone(text)
    except InvalidInput:
        return
    assert normalise_phone(phone) == phone


def test_only_mobiles_receive_text_messages():
    assert is_mobile("13800138000")
    assert not is_mobile("0537-2234567")


@given(st.text(st.characters(exclude_characters="*")))
def test_masking_never_fails_and_never_shows_a_whole_value(text):
    for mask in (mask_name, mask_phone, mask_resident_id, mask_address):
        assert mask(text) != text or not text.strip()


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("锦绣小区Ａ座1101", "锦绣小区***"),
        ("和平街道幸福路十二号", "和平街道幸福路***"),
        ("三里屯村二组", "三里屯村***"),
        ("1号", "***"),
        ("", ""),
    ],
)
def test_an_address_is_cut_before_the_first_house_number(address, masked):
    assert mask_address(address) == masked


@given(st.text("0123456789", min_size=17, max_size=17))
def test_a_masked_resident_id_hides_the_date_of_birth(digits):
    assert mask_resident_id(digits + "X")[3:16] == "*" * 13
