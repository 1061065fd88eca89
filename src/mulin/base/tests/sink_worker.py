"""A worker process for the kill drill: its channel writes each delivered id as a line into a file.

    python -m mulin.base.tests.sink_worker SINK LEASE_SECONDS [mark-first]

With `mark-first` it does what Mulin never does, and marks a message as sent before sending it.
"""

import os
import sys
import time
from datetime import timedelta

import django


class Sink:
    """Says on standard output when it begins, takes a moment, then writes the line at once and whole."""

    def __init__(self, path):
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def deliver(self, message, clock):
        os.write(1, b".")
        time.sleep(0.03)
        os.write(self.descriptor, f"{message.once_key}\n".encode())
        return "sink"


def main(path, lease_seconds, *flags):
    django.setup()
    from mulin.base import channels, outbox, worker
    from mulin.kernel.clock import SystemClock

    channels.register("sink", Sink(path))
    outbox.LEASE = timedelta(seconds=float(lease_seconds))
    if "mark-first" in flags:
        deliver = outbox.deliver

        def mark_first(message, clock, *rest):
            outbox.mark_sent(message, "sink", clock.now())
            deliver(message, clock, *rest)

        outbox.deliver = mark_first
    worker.Worker(SystemClock(), Never()).run()


class Never:
    """Nobody asks this worker to stop: it is killed."""

    def is_set(self):
        return False

    def wait(self, timeout=None):
        time.sleep(timeout or 0)
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
