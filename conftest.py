"""Standing people and places are known to every test."""

pytest_plugins = ["tests.support.world"]
