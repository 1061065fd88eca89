"""The real server starts, answers, says when it cannot, and dies when killed."""

import pytest

from tests.support.postgres import free_port
from tests.support.server import ServerFailed, is_healthy, run_mulin, running_server, start_server

pytestmark = [pytest.mark.once, pytest.mark.slow]


def test_a_server_answers_until_it_is_left(tmp_path):
    with running_server(tmp_path) as server:
        assert is_healthy(server.url)
        assert (tmp_path / "mulin.sqlite3").is_file()
    assert not is_healthy(server.url)
    assert server.process.returncode is not None


def test_two_servers_live_side_by_side_and_one_survives_the_other(tmp_path):
    with running_server(tmp_path / "north") as north, running_server(tmp_path / "south") as south:
        north.kill()
        assert not is_healthy(north.url)
        assert is_healthy(south.url)


def test_a_killed_server_comes_back_on_the_same_home(tmp_path):
    with running_server(tmp_path) as server:
        server.kill()
        again = start_server(tmp_path, server.environment)
        assert is_healthy(again.url)
        again.kill()


def test_a_failing_command_says_why(tmp_path):
    with pytest.raises(ServerFailed, match="no-such-command"):
        run_mulin({"MULIN_HOME": str(tmp_path)}, "no-such-command")


def test_nobody_answers_on_a_free_port():
    assert not is_healthy(f"http://127.0.0.1:{free_port()}")
