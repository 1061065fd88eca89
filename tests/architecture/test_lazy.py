"""What is large is loaded only when it is used."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.once


def test_shapely_is_not_loaded_before_an_index_is_built():
    command = (
        "import sys, mulin.kernel.geometry; sys.exit('shapely' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
