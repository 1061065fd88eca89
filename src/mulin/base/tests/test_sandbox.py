import pytest

from mulin.base import sandbox

MODULE = "mulin.base.tests.sandbox_misbehaving"
TIGHT = sandbox.Limits(memory_mb=400, seconds=1, output_mb=2)


@pytest.mark.parametrize("what", ["eat", "spin", "sleep", "write", "fall"])
def test_a_child_that_misbehaves_ends_and_we_go_on(what, tmp_path):
    with pytest.raises(sandbox.Broken):
        sandbox.run(MODULE, [what, tmp_path / "out"], TIGHT)
    if what == "write":
        assert (tmp_path / "out").stat().st_size <= 2 * sandbox.MEGABYTE


def test_without_its_limit_the_child_would_eat_its_fill(tmp_path):
    roomy = sandbox.Limits(memory_mb=4000, seconds=60)
    assert sandbox.run(MODULE, ["eat"], roomy) == {"eaten": 600 * sandbox.MEGABYTE}


def test_a_child_gets_no_secrets(monkeypatch):
    monkeypatch.setenv("MULIN_SECRET_KEY", "canary")
    environment = sandbox.run(MODULE, ["tell"], sandbox.Limits())["environment"]
    assert "PATH" in environment
    assert not [name for name in environment if name.startswith(("MULIN", "DJANGO"))]
