"""The server and the worker of one instance: how they are started, and when they are ready."""

from __future__ import annotations

import http.client
import os
import sys
import time

from mulin.cli.ports import EVERYWHERE, bracketed, own_addresses
from mulin.cli.supervisor import Child, Supervisor
from mulin.config.environment import instance_file, kept_variables
from mulin.kernel.errors import Unavailable

WEB_WORKERS = 2
THREADS_EACH = 4
READY_SECONDS = 60.0


def environment_for(host: str, port: int, *, is_demo: bool) -> dict[str, str]:
    """This process's variables, and what follows from where the server listens."""
    environment = {**kept_variables(instance_file()), **os.environ}
    environment["DJANGO_SETTINGS_MODULE"] = "mulin.config.settings"
    if is_demo:
        environment["MULIN_DEMO"] = "1"
    if "MULIN_ALLOWED_HOSTS" not in environment:
        more = own_addresses() if host in EVERYWHERE else [bracketed(host)]
        environment["MULIN_ALLOWED_HOSTS"] = ",".join(
            dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *more])
        )
    if "MULIN_PUBLIC_ADDRESS" not in environment:
        shown = next(iter(own_addresses()[1:]), "127.0.0.1") if host in EVERYWHERE else bracketed(host)
        environment["MULIN_PUBLIC_ADDRESS"] = f"http://{shown}:{port}"
    return environment


def children(host: str, port: int) -> list[Child]:
    server = [
        *(sys.executable, "-m", "granian"),
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(THREADS_EACH)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "2", "--log-level", "warning"),
        "mulin.config.wsgi:application",
    ]
    return [Child("server", server), Child("worker", [sys.executable, "-m", "mulin", "worker"])]


def wait_until_ready(supervisor: Supervisor, host: str, port: int) -> bool:
    """Until /healthz answers; False when asked to stop meanwhile. Raises Unavailable when it does not come."""
    until = time.monotonic() + READY_SECONDS
    while not supervisor.is_stopping:
        if is_healthy(host, port, supervisor.environment["MULIN_ALLOWED_HOSTS"]):
            return True
        if supervisor.children[0].has_died() or time.monotonic() > until:
            raise Unavailable(
                zh="服务没有启动成功，原因见上面的输出。也可以运行 mulin doctor 检查。",
                en="The server did not start; the output above says why. mulin doctor may help, too.",
                code="server-did-not-start",
            )
        time.sleep(0.1)
    return False


def is_healthy(host: str, port: int, allowed_hosts: str) -> bool:
    asked = "::1" if host == "::" else "127.0.0.1" if host in EVERYWHERE else host
    connection = http.client.HTTPConnection(asked, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host_to_ask_for(allowed_hosts)})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def host_to_ask_for(allowed_hosts: str) -> str:
    first = next(iter(host.strip() for host in allowed_hosts.split(",") if host.strip()), "localhost")
    return "localhost" if first == "*" else first.lstrip(".")
