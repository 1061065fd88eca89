"""What the commands do, and what they say when they cannot."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from django.conf import settings

from mulin.cli.area_tables import tree_rows
from mulin.identity.backends import NameOrPhone
from mulin.identity.models import ApiToken, Grant, User
from mulin.identity.selectors import actor_for
from mulin.kernel.clock import SystemClock
from mulin.parts.areas.models import Area
from mulin.parts.service_requests.models import RequestType, ServiceRequest

pytestmark = pytest.mark.django_db

AREAS = [
    ("99", "东原省"), ("9901", "云山市"), ("990101", "青禾县"), ("990102", "邻县"), ("990101001", "青禾街道"),
    ("990101001001", "禾苑社区"), ("990101001002", "文昌社区"), ("990102001", "别的街道"),
]  # fmt: skip
MESSAGES = ["msg_id", "user_code", "topic", "time", "detail", "downvotes", "upvotes"]


@pytest.fixture
def table(tmp_path) -> Path:
    return written(tmp_path / "areas.csv", [["区划编码", "说明"], ["编码", "名称"], *map(list, AREAS)])


@pytest.fixture
def messages(tmp_path) -> Path:
    rows = [
        [str(number), "A1", "路灯不亮", "2019/2/28 11:25:05", "门口的路灯坏了。", "0", "1"]
        for number in (1, 2, 3)
    ]
    return written(
        tmp_path / "messages.csv",
        [MESSAGES, *rows, ["", "A2", "没有编号", "2019/2/28", "看不到编号", "0", "0"]],
    )


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_user_is_added_with_a_role_and_a_password_told_once(call_json, world):
    made = call_json(
        "users",
        "add",
        "zhang.wei",
        "--name",
        "张伟",
        "--role",
        "community_worker",
        "--area",
        world.community.code,
    )
    user = NameOrPhone().authenticate(None, "zhang.wei", made["password"])
    assert user.must_change_password
    assert Grant.objects.get(user=user).area_path == world.community.path
    assert actor_for(user, today=SystemClock().today()).may("requests.dispatch", world.grid.path)


def test_a_user_with_an_unknown_role_is_not_added_at_all(call, world):
    code, _, err = call("users", "add", "zhang.wei", "--name", "张伟", "--role", "king", "--language", "zh")
    assert (code, "没有这个角色" in err) == (1, True)
    assert not User.objects.filter(login_name="zhang.wei").exists()


def test_a_user_at_an_unknown_place_is_told_how_to_go_on(call, world):
    code, _, err = call("users", "add", "zhang.wei", "--name", "张伟", "--area", "123", "--language", "en")
    assert (code, "mulin areas import" in err) == (1, True)


def test_a_token_is_shown_once_and_kept_as_a_digest(call_json, world):
    made = call_json("tokens", "add", "manager", "--name", "大屏", "--scope", "requests.statistics")
    token = ApiToken.objects.get()
    assert made["token"].startswith("mulin_")
    assert made["token"] not in token.digest
    assert token.scopes == ["requests.statistics"]


def test_a_token_for_nobody_is_refused_as_json(call, world):
    code, out, _ = call("tokens", "add", "nobody", "--name", "x", "--scope", "areas.view", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "user-unknown")


def test_packs_are_checked_without_being_loaded(call_json, db):
    assert call_json("packs", "load", "--check")["packs"] == ["base", "qinghe"]
    assert not RequestType.objects.exists()


def test_packs_loaded_again_are_unchanged(call_json, db):
    first = call_json("packs", "load")["sections"]["request_types"]
    again = call_json("packs", "load")["sections"]["request_types"]
    assert (len(first["created"]), first["unchanged"]) == (7, 0)
    assert (again["created"], again["changed"], again["unchanged"]) == ([], [], 7)


def test_areas_come_in_once_and_only_of_the_county(call_json, table):
    first = call_json("areas", "import", str(table), "--county", "990101")
    again = call_json("areas", "import", str(table), "--county", "990101")
    assert (first["created"], again["created"], again["unchanged"]) == (6, 0, 6)
    assert not Area.objects.filter(code="990102").exists()


def test_a_table_without_codes_says_which_columns_it_needs(call, tmp_path):
    plain = written(tmp_path / "x.csv", [["甲", "乙"], ["1", "2"]])
    code, _, err = call("areas", "import", str(plain), "--language", "zh")
    assert (code, "“编码”和“名称”" in err) == (1, True)


def test_a_level_that_is_a_number_is_left_to_the_code(tmp_path):
    rows = written(tmp_path / "x.csv", [["code", "name", "parent", "level"], ["37", "山东省", "0", "1"]])
    row = next(tree_rows(rows))
    assert (row.code, row.parent_code, row.level) == ("37", "", "")


def test_messages_come_in_once_and_rejected_rows_are_given_back(call_json, world, messages):
    RequestType.objects.create(
        code="consultation", name_zh="咨询求助", name_en="Help", clocks=world.kind.clocks
    )
    asked = ("requests", "import", str(messages), "--area", world.community.code)
    first, again = call_json(*asked), call_json(*asked)
    assert (first["created"], first["unchanged"], first["rejected"]) == (3, 0, 1)
    assert (again["created"], again["unchanged"], again["rejected"]) == (0, 3, 1)
    assert ServiceRequest.objects.count() == 3
    assert Path(first["reject_file"]).read_bytes()[:2] == b"PK"
    assert Path(first["reject_file"]).stat().st_mode & 0o077 == 0


def test_messages_need_a_place_when_there_are_several(call, world, messages):
    code, _, err = call("requests", "import", str(messages), "--language", "zh")
    assert (code, "--area" in err) == (1, True)


def test_a_file_that_is_not_there_is_named(call, world):
    code, _, err = call("requests", "import", "没有.csv", "--area", world.community.code, "--language", "zh")
    assert (code, "没有找到文件 没有.csv" in err) == (1, True)


def test_the_first_day_of_a_county(call_json, table):
    people = ("--system", "张三", "--security", "李四", "--audit", "王五")
    made = call_json("init", "--areas", str(table), "--county", "990101", *people)
    assert (made["county"], made["areas"]) == ("青禾县", 6)
    county = Area.objects.get(code="990101")
    for account in made["accounts"]:
        user = NameOrPhone().authenticate(None, account["login_name"], account["password"])
        assert actor_for(user, today=SystemClock().today()).roles == {account["role"]}
        assert Grant.objects.get(user=user).area_path == county.path
    assert RequestType.objects.count() == 7


def test_the_first_day_happens_only_once(call, world, table):
    code, _, err = call("init", "--areas", str(table), "--language", "zh")
    assert (code, "只用于第一天" in err) == (1, True)


def test_one_bad_line_and_there_is_no_first_day(call, tmp_path):
    bad = written(tmp_path / "bad.csv", [["编码", "名称"], ["990101", "青禾县"], ["990101001", ""]])
    people = ("--system", "张三", "--security", "李四", "--audit", "王五", "--yes")
    code, _, err = call("init", "--areas", str(bad), "--county", "990101", *people, "--language", "zh")
    assert (code, "请填写区域名称" in err) == (1, True)
    assert not Area.objects.exists()
    assert not User.objects.exists()


def test_the_demo_is_loaded_into_an_empty_database_only(call, world):
    code, out, _ = call("demo", "load", "--people", "200", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "database-not-empty")


def test_the_doctor_answers_every_question(call, db):
    _, out, _ = call("doctor", "--json", "--language", "en")
    findings = {finding["check"]: finding for finding in json.loads(out)}
    assert findings.keys() == {
        "python", "disk", "printing", "home", "keys", "assets", "debug", "hosts", "tls", "database", "journal", "worker",
        "calendar",
    }  # fmt: skip
    assert findings["database"]["status"] == "ok"
    assert findings["worker"]["status"] == "warn"
    assert all(finding["advice"] for finding in findings.values() if finding["status"] != "ok")


def test_the_doctor_fails_keys_that_others_can_read(call, db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MULIN_HOME", tmp_path)
    monkeypatch.delenv("MULIN_SECRET_KEY", raising=False)
    key = tmp_path / "keys" / "secret"
    key.parent.mkdir()
    key.write_text("x")
    key.chmod(0o644)
    code, out, _ = call("doctor", "--language", "zh")
    assert code == 1
    assert "chmod 600" in out
