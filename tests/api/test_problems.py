"""Every refusal has the same shape, speaks the caller's language and says what to do."""

from __future__ import annotations

import pytest

from mulin.kernel.errors import Unavailable
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db
JSON = "application/json"

# (how the call is wrong, path, body, its media type, status, code)
WRONG_CALLS = [
    ("unknown address", "nothing-here", None, None, 404, "not-found"),
    ("unknown request", "requests/AAAAAAAAAAAAAAAAAAAAAA", None, None, 404, "not-found"),
    ("zero byte in an id", "requests/a%00b", None, None, 422, "invalid-input"),
    ("zero byte in a search", "requests?words=%00", None, None, 422, "invalid-input"),
    ("bytes that are no text", "requests?words=%ff%fe", None, None, 200, None),
    ("page of no number", "requests?page=eins", None, None, 422, "invalid-input"),
    ("page beyond the last", "requests?page=401", None, None, 422, "invalid-input"),
    ("unknown view", "requests?view=secret", None, None, 422, "invalid-input"),
    ("time without a zone", "requests?raised_from=2026-03-01T08:00:00", None, None, 422, "invalid-input"),
    ("time before time", "requests?raised_from=0001-01-01T00:00:00%2B14:00", None, None, 422, "time-range"),
    ("unknown area", "requests?area=1", None, None, 422, "area-unknown"),
    ("end before begin", "statistics/requests?since=2026-03-02&until=2026-03-01", None, None, 422, "dates-out-of-order"),
    ("last day of all", "statistics/requests?until=9999-12-31", None, None, 422, "dates-out-of-order"),
    ("first day of all", "statistics/requests?until=0001-01-01", None, None, 422, "dates-out-of-order"),
    ("broken JSON", "requests", b'{"text": ', JSON, 400, "not-json"),
    ("not UTF-8", "requests", '{"text": "路灯"}'.encode("gb18030"), JSON, 400, "not-json"),
    ("UTF-16", "requests", '{"text": "路灯"}'.encode("utf-16"), JSON, 400, "not-json"),
    ("a number that is none", "requests", b'{"longitude": NaN}', JSON, 400, "not-json"),
    ("nested without end", "requests", b"[" * 100_000, JSON, 400, "not-json"),
    ("digits without end", "requests", b"9" * 10_000, JSON, 400, "not-json"),
    ("another media type", "requests", b"<request/>", "application/xml", 415, "media-type"),
    ("a form", "requests", b"text=1", "application/x-www-form-urlencoded", 415, "media-type"),
    ("no body", "requests", b"", JSON, 422, "invalid-input"),
    ("a list", "requests", b"[]", JSON, 422, "invalid-input"),
    ("too large", "requests", b'{"text": "' + b"x" * 2_200_000 + b'"}', JSON, 413, "too-large"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "media_type", "status", "code"), [call[1:] for call in WRONG_CALLS], ids=[call[0] for call in WRONG_CALLS])  # fmt: skip
def test_a_wrong_call_is_told_what_is_wrong(program, path, body, media_type, status, code):
    caller = program("worker")
    answer = caller.ask(path) if body is None else caller.send(path, body, media_type=media_type)
    assert answer.status_code == status
    if code:
        assert_is_problem(answer, status, code)


def assert_is_problem(answer, status, code):
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:mulin:problem:{code}"
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(("method", "path"), [("put", "requests"), ("delete", "areas"), ("post", "partners")])
def test_another_method_is_refused_and_the_right_ones_are_named(client, program, method, path):
    answer = getattr(client, method)(f"/api/v1/{path}", headers=program("worker").headers)
    assert_is_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("language", "word"), [("zh-CN,zh;q=0.9", "缺少这一项。"), ("en-GB,en", "This is missing.")]
)
def test_a_missing_field_is_named_in_the_callers_language(program, language, word):
    answer = program("worker", language=language).send("requests", {"type": "repair"})
    assert_is_problem(answer, 422, "invalid-input")
    assert {"field": "text", "message": word} in answer.json()["errors"]
    assert answer.headers["Content-Language"][:2] == language[:2]


@pytest.mark.parametrize(("language", "word"), [("zh", "请求体不是有效的 JSON"), ("en", "not valid JSON")])
def test_other_refusals_speak_the_callers_language_too(program, language, word):
    assert word in program("worker", language=language).send("requests", b"{").json()["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""), ("text", "路" * 100_000), ("text", "路\x00灯"), ("text", "\ud800路灯"), ("text", None), ("text", 5),
        ("type", "nothing"), ("type", "x' or 1=1"), ("area_code", "0"), ("phone", "12"), ("phone", "\x00"),
        ("title", "长" * 200), ("place", "两\n行"), ("longitude", 181), ("latitude", "北"), ("channel", "pigeon"),
        ("operation_id", "编号"), ("operation_id", "x" * 65), ("surprise", 1),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_written(
    standing, program, new_request, field, value
):
    import json

    answer = program("worker").send("requests", json.dumps(new_request | {field: value}).encode())
    assert answer.status_code == 422
    assert field in {problem["field"] for problem in answer.json()["errors"]}
    assert standing.kind.requests.count() == 0


def test_emoji_rare_characters_and_direction_marks_are_kept_as_written(program, new_request):
    text = "𠮷野家门口🛵乱停\u200f，请看看"
    caller = program("worker")
    raised = caller.send("requests", new_request | {"text": text}).json()
    assert caller.ask(f"requests/{raised['public_id']}").json()["text"] == text


def test_a_foreign_area_and_an_unknown_one_are_one_answer(standing, program, new_request):
    answers = [
        program("worker").send("requests", new_request | {"area_code": code}).json()
        for code in (standing.other_community.code, "000000000000")
    ]
    assert answers[0] == answers[1]


def test_who_calls_too_often_is_told_when_to_come_back(program, settings):
    settings.MULIN_API_CALLS_A_MINUTE = 3
    caller, other = program("worker"), program("manager")
    assert [caller.ask("requests").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = caller.ask("requests")
    assert_is_problem(refused, 429, "too-many-calls")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert other.ask("requests").status_code == 200


def test_the_next_minute_begins_anew(standing, program, settings):
    from datetime import timedelta

    settings.MULIN_API_CALLS_A_MINUTE = 1
    caller = program("worker")
    assert [caller.ask("requests").status_code for _ in range(2)] == [200, 429]
    standing.clock.advance(timedelta(minutes=1))
    assert caller.ask("requests").status_code == 200


def test_guessing_keys_is_slowed_down_by_address(standing, settings):
    settings.MULIN_API_CALLS_A_MINUTE = 3
    answers = [Program(f"mulin-{guess}").ask("requests").status_code for guess in range(5)]
    assert answers == [401, 401, 401, 429, 429]


def test_a_failure_inside_shows_no_traceback(program, monkeypatch):
    from mulin.parts.service_requests import selectors

    def fails(*_args, **_named):
        raise RuntimeError("secret detail of the database")

    monkeypatch.setattr(selectors, "queue_page", fails)
    caller = program("worker")
    caller.client.raise_request_exception = False
    answer = caller.ask("requests")
    assert_is_problem(answer, 500, "server-error")
    assert "secret" not in answer.content.decode()


def test_what_does_not_answer_now_says_so(program, monkeypatch):
    from mulin.parts.service_requests import selectors

    def is_away(*_args, **_named):
        raise Unavailable

    monkeypatch.setattr(selectors, "queue_page", is_away)
    assert_is_problem(program("worker").ask("requests"), 503, "unavailable")
