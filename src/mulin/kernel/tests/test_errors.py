import pickle

import pytest

from mulin.kernel.errors import Conflict, FieldProblem, InvalidInput, MulinError, NotFound, Text, WrongState


def test_a_text_speaks_the_language_asked_for():
    text = Text(zh="请选择小区", en="Please choose a compound")
    assert text.in_language("en") == text.in_language("en-gb") == "Please choose a compound"
    assert text.in_language("zh-hans") == text.in_language("fr") == str(text) == "请选择小区"


def test_a_text_within_a_text_goes_in_by_language():
    grid = Text(zh="一号网格", en="grid one")
    text = Text(zh="{where}没有负责人", en="{where} has nobody in charge").format(where=grid)
    assert text == Text(zh="一号网格没有负责人", en="grid one has nobody in charge")


def test_every_error_has_a_code_and_both_languages_without_being_given_any():
    kinds = [MulinError]
    for kind in kinds:
        kinds.extend(below for below in kind.__subclasses__() if below.__module__ == MulinError.__module__)
        error = kind()
        assert error.text.zh
        assert error.text.en
        assert error.code
    assert len({kind().code for kind in kinds}) == len(kinds)


def test_an_error_in_one_language_only_is_refused():
    with pytest.raises(AssertionError):
        NotFound(zh="没有找到")


def test_one_sentence_with_its_field_is_one_problem():
    error = InvalidInput(zh="请填写电话", en="Please enter a phone", field="phone", code="phone-missing")
    assert error.problems == [FieldProblem("phone", error.text, "phone-missing")]


def test_a_single_problem_lends_its_sentence_field_and_code():
    error = InvalidInput(
        problems=[FieldProblem("phone", Text("请填写电话", "Please enter a phone"), "phone-missing")]
    )
    assert (error.text.en, error.field, error.code) == ("Please enter a phone", "phone", "phone-missing")


def test_several_problems_say_how_many():
    problem = FieldProblem("phone", Text("请填写电话", "Please enter a phone"))
    error = InvalidInput(problems=[problem, problem])
    assert "2" in error.text.zh
    assert "2" in error.text.en
    assert error.field is None


def test_a_wrong_state_is_a_conflict():
    assert isinstance(WrongState(), Conflict)


def test_an_error_survives_the_way_back_from_a_child_process():
    error = pickle.loads(
        pickle.dumps(InvalidInput(zh="坏图片", en="Broken image", field="photo", code="image-broken"))
    )
    assert (error.code, error.field, error.text.en, str(error)) == (
        "image-broken",
        "photo",
        "Broken image",
        "坏图片",
    )
    assert error.problems[0].field == "photo"
