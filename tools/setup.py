"""Set up this checkout: `python3 tools/setup.py run|test|bench`, needing Python 3.11 and nothing else.

This file is read by any Python 3, so that one that is too old can say so; the work is in `provision`.
"""

import os
import shutil
import sys

OLDEST = (3, 11)


def start_again_with_newer_python():
    """Replace this process by a Python that is new enough, if the machine has one under its usual name."""
    for minor in range(19, OLDEST[1] - 1, -1):
        python = shutil.which("python3.%d" % minor)
        if python:
            os.execv(python, [python] + sys.argv)


if sys.version_info < OLDEST:
    start_again_with_newer_python()
    sys.exit(
        "Mulin needs Python 3.11 or newer; this is %d.%d. Install it, or name it: make PYTHON=/path/to/python3.11\n"
        "睦邻需要 Python 3.11 或更新版本，当前是 %d.%d。请先安装，或指明路径：make PYTHON=/path/to/python3.11"
        % (sys.version_info[:2] * 2)
    )

if __name__ == "__main__":
    import provision

    sys.exit(provision.main(sys.argv[1:]))
