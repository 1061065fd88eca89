"""What an instance is told, and by whom."""

from __future__ import annotations

from pathlib import Path

from mulin.config.environment import INSTANCE_FILE, keep_variables, read_environment


def read(home: Path, **variables: str) -> object:
    return read_environment({"MULIN_HOME": str(home), "MULIN_SECRET_KEY": "x", **variables})


def test_nothing_leaves_for_another_host_by_default(tmp_path):
    found = read(tmp_path)
    assert found.outgoing_hosts() == ()
    assert found.tile_host() == ""


def test_the_instance_file_is_read_and_a_variable_wins(tmp_path):
    keep_variables(tmp_path, {"MULIN_MAIL_HOST": "mail.example.org", "MULIN_MAIL_PORT": "465"})
    assert read(tmp_path).mail.host == "mail.example.org"
    assert read(tmp_path, MULIN_MAIL_HOST="other.example.org").outgoing_hosts() == ("other.example.org",)


def test_the_instance_file_is_for_its_owner_only_and_keeps_what_it_held(tmp_path):
    keep_variables(tmp_path, {"MULIN_MAIL_HOST": "mail.example.org"})
    path = keep_variables(tmp_path, {"MULIN_MAIL_SENDER": "county@example.org"})
    assert path == tmp_path / INSTANCE_FILE
    assert path.stat().st_mode & 0o077 == 0
    assert read(tmp_path).mail.host == "mail.example.org"
    assert read(tmp_path).mail.sender == "county@example.org"


def test_the_mail_password_does_not_show_in_what_is_printed(tmp_path):
    assert "hunter2" not in repr(read(tmp_path, MULIN_MAIL_PASSWORD="hunter2"))


def test_the_tile_host_is_what_the_content_policy_needs(tmp_path):
    assert (
        read(tmp_path, MULIN_TILE_ADDRESS="https://tiles.example.org/{z}/{x}/{y}.png").tile_host()
        == "https://tiles.example.org"
    )
    assert (
        read(tmp_path, MULIN_TILE_ADDRESS="https://t{s}.example.org/{z}").tile_host()
        == "https://*.example.org"
    )
