"""`python -m mulin` is the command `mulin`."""

import sys

from mulin.cli import main

if __name__ == "__main__":
    sys.exit(main())
