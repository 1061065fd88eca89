"""A child that does what its first argument says: eat memory, spin, sleep, write without end, or fall over."""

import os
import time
from pathlib import Path

from mulin.base.sandbox import child_main


def misbehave(arguments):
    what = arguments[0]
    if what == "eat":
        return {"eaten": len(bytearray(600 * 1024 * 1024))}
    if what == "spin":
        while True:
            pass
    if what == "sleep":
        time.sleep(600)
    if what == "write":
        with Path(arguments[1]).open("wb") as file:
            while True:
                file.write(bytes(1024 * 1024))
    if what == "fall":
        os.abort()
    return {"environment": sorted(os.environ)}


if __name__ == "__main__":
    child_main(misbehave)
