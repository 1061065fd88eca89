"""Where the server listens: is the port free, and how is the instance reached from other machines."""

from __future__ import annotations

import errno
import socket

from mulin.kernel.errors import Conflict, InvalidInput, MulinError

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 (compared with, not bound to)


def free_port(host: str, port: int) -> int:
    """`port` if nobody listens there, any free one for 0. Raises Conflict, InvalidInput."""
    if not 0 <= port <= 65535:
        raise InvalidInput(
            zh=f"端口 {port} 不对，应在 1 到 65535 之间。",
            en=f"Port {port} is not between 1 and 65535.",
            code="port-range",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise not_free(host, port, error) from error
        return int(probe.getsockname()[1])


def not_free(host: str, port: int, error: OSError) -> MulinError:
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            zh=f"端口 {port} 已被占用，可能是另一个睦邻还在运行。换一个端口：mulin run --port {port + 1}（或 make run PORT={port + 1}）。",
            en=f"Port {port} is in use, perhaps by another Mulin. "
            f"Choose another: mulin run --port {port + 1} (or make run PORT={port + 1}).",
            code="port-in-use",
        )
    if error.errno == errno.EACCES:
        return InvalidInput(
            zh=f"没有权限使用端口 {port}。请选 1024 以上的端口，前面用反向代理。",
            en=f"Port {port} needs more rights. Choose one above 1024 and put a reverse proxy in front.",
            code="port-forbidden",
        )
    return InvalidInput(
        zh=f"不能在 {host} 上监听。请检查 --host 填的地址是不是本机的。",
        en=f"Cannot listen on {host}. Is it an address of this machine?",
        code="host-unusable",
    )


def own_addresses() -> list[str]:
    """Names and addresses by which other machines may reach this one, as far as it knows them itself."""
    name = socket.gethostname()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        found = set()
    return [name, *sorted(found)]


def addresses(host: str, port: int) -> list[str]:
    """Every address at which the pages can be opened."""
    hosts = ["127.0.0.1", *own_addresses()] if host in EVERYWHERE else [host]
    return [f"http://{bracketed(one)}:{port}/" for one in dict.fromkeys(hosts)]


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
