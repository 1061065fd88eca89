import pytest

from tests.support.world import MORNING


@pytest.fixture
def clock_now():
    """The moment on which the standing people's world stands, for tests that need no people."""
    return MORNING
