"""Help and misuse: tidy, in the reader's language, quick because nothing is started for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mulin.cli.tests.conftest import environment, mulin
from mulin.cli.words import choose_language, language, language_of

COMMANDS = ("run", "init", "doctor", "migrate", "worker")
GROUPS = {
    "demo": ["load"], "requests": ["import"], "areas": ["import"], "users": ["add"], "tokens": ["add"], "packs": ["load"],
}  # fmt: skip
EVERY = [(name,) for name in COMMANDS] + [(group, name) for group, names in GROUPS.items() for name in names]


def test_help_starts_neither_django_nor_a_database(tmp_path):
    script = (
        "import sys; from mulin.cli import main; code = main(['--help']); "
        "assert 'django' not in sys.modules and 'sqlite3' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in (*COMMANDS, *GROUPS))


def help_pages(home: Path, language: str) -> dict[tuple[str, ...], str]:
    """Every help page in one language; a process speaks one language only."""
    script = f"from mulin.cli import main\nfor one in {EVERY!r}:\n    print('\\f', end=''); assert main([*one, '--help']) == 0"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(home, MULIN_LANGUAGE=language),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(EVERY, done.stdout.split("\f")[1:], strict=True))


def test_every_command_has_examples_in_chinese(tmp_path):
    for command, page in help_pages(tmp_path, "zh").items():
        assert f"mulin {' '.join(command)}" in page.split("例如")[1], command
        assert "显示这页说明" in page


def test_every_command_has_examples_in_english_and_no_chinese_beside_them(tmp_path):
    for command, page in help_pages(tmp_path, "en").items():
        before, examples = page.split("Examples")
        assert f"mulin {' '.join(command)}" in examples, command
        assert not is_chinese(before + examples.split("Options")[1]), command


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["bogus"], "没有命令", "No such command"),
        (["run", "--prt", "3"], "您是不是要用 --port", "No such option"),
        (["run", "--port", "many"], "--port", "--port"),
        (["users", "add"], "缺少参数", "Missing"),
        (["demo", "load", "--people", "5"], "--people", "--people"),
    ],
)
def test_misuse_is_one_clear_line_and_ends_with_2(call, arguments, zh, en):
    code, _, err = call(*arguments, "--language", "zh")
    assert (code, zh in err, "用法见" in err) == (2, True, True)
    code, _, err = call(*arguments, "--language", "en")
    assert (code, en in err, "See: mulin" in err) == (2, True, True)
    assert "Traceback" not in err


def test_a_program_error_is_a_sentence_and_its_traceback_a_file(call, monkeypatch, tmp_path):
    monkeypatch.setenv("MULIN_HOME", str(tmp_path))
    monkeypatch.setattr("mulin.cli.ports.free_port", lambda host, port: 1 / 0)
    code, _, err = call("run", "--language", "zh")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err
    assert "Traceback" in (tmp_path / "log" / "cli-error.txt").read_text()


@pytest.mark.parametrize(
    ("wish", "variables", "spoken"),
    [
        ("", {}, "zh-hans"),
        ("", {"LANG": "en_US.UTF-8"}, "en"),
        ("", {"LANG": "C.UTF-8"}, "zh-hans"),
        ("", {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh-hans"),
        ("zh", {"LANG": "en_US.UTF-8"}, "zh-hans"),
        ("", {"MULIN_LANGUAGE": "en", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_the_wish_then_the_terminals(wish, variables, spoken):
    assert language_of(wish, variables) == spoken


def test_the_language_may_be_said_anywhere():
    assert choose_language(["doctor", "--language", "en", "--json"]) == ["doctor", "--json"]
    assert language() == "en"
    assert choose_language(["--language=zh", "doctor"]) == ["doctor"]
    assert language() == "zh-hans"


def test_a_wrong_database_address_is_told_plainly(tmp_path):
    done = mulin(tmp_path, "migrate", MULIN_DATABASE_URL="mysql://x")
    assert done.returncode == 1
    assert "MULIN_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    done = mulin(tmp_path, "migrate", MULIN_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert (done.returncode, "数据库连不上" in done.stderr) == (1, True)
