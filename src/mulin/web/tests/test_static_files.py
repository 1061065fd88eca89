"""Files that browsers fetch beside a page travel packed, and come out as they are."""

import gzip

import pytest

PATH = "/static/css/components.css"


@pytest.fixture
def answers(client):
    def ask(encoding):
        answer = client.get(PATH, headers={"Accept-Encoding": encoding})
        return answer, b"".join(answer.streaming_content)

    return ask


def test_a_style_sheet_is_packed_for_who_can_unpack_it(answers):
    plain, whole = answers("identity")
    packed, content = answers("gzip, br")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(content) < len(whole) / 2
    assert gzip.decompress(content) == whole


def test_who_has_it_already_is_told_so(client, answers):
    answer, _ = answers("gzip")
    again = client.get(PATH, headers={"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"})
    assert again.status_code == 304


def test_pictures_that_are_packed_already_are_left_alone(client, db):
    answer = client.get("/static/vendor/leaflet/images/layers.png", headers={"Accept-Encoding": "gzip"})
    answer.close()
    assert "Content-Encoding" not in answer.headers
