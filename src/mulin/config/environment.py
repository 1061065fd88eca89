"""Where an instance lives, how it is reached and whom it may speak to: read once, from environment variables and from
`instance.env` in its home, which `mulin init` writes. A variable wins over the file.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[3]
INSTANCE_FILE = "instance.env"


@dataclass(frozen=True)
class MailServer:
    """The server that takes outgoing mail; no host, no mail leaves. `encryption` is "starttls", "tls" or "none"."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    encryption: str = "starttls"


@dataclass(frozen=True)
class Environment:
    """One instance of Mulin. `home` holds everything written at run time."""

    home: Path
    database_url: str
    secret_key: str
    shared_data: Path
    packs: Path
    allowed_hosts: tuple[str, ...]
    public_address: str
    api_calls_a_minute: int
    is_demo: bool
    is_behind_tls: bool
    mail: MailServer
    tile_address: str

    def tile_host(self) -> str:
        """What the content policy must let the browser ask for map tiles; nothing when no address is set.

        >>> read_environment({"MULIN_SECRET_KEY": "x", "MULIN_TILE_ADDRESS": "https://t{s}.example.org/{z}"}).tile_host()
        'https://*.example.org'
        """
        parts = urlsplit(self.tile_address)
        if not parts.scheme:
            return ""
        first, dot, rest = parts.netloc.partition(".")
        return f"{parts.scheme}://{'*' if '{' in first else first}{dot}{rest}"

    def outgoing_hosts(self) -> tuple[str, ...]:
        """Every host the server itself may speak to."""
        return (self.mail.host,) if self.mail.host else ()

    def database(self) -> dict[str, object]:
        """The setting DATABASES["default"] for `database_url`."""
        parts = urlsplit(self.database_url)
        if parts.scheme == "sqlite":
            return sqlite_database(Path(unquote(parts.path[1:])))
        if parts.scheme in {"postgresql", "postgres"}:
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": parts.hostname or "",
                "PORT": str(parts.port or ""),
                "CONN_HEALTH_CHECKS": True,
                "CONN_MAX_AGE": 60,
            }
        raise ValueError(
            f"MULIN_DATABASE_URL must begin with sqlite:/// or postgresql://, not {parts.scheme!r}"
        )


def sqlite_database(path: Path) -> dict[str, object]:
    """WAL, and writers that queue at BEGIN instead of failing at their first write."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;PRAGMA mmap_size=268435456;"
            ),
        },
    }


def read_environment(environ: Mapping[str, str] | None = None) -> Environment:
    """Read the instance's variables; a missing secret key is made once and kept under `home`."""
    environ = os.environ if environ is None else environ
    home = home_of(environ)
    environ = {**kept_variables(instance_file(environ)), **environ}
    hosts = environ.get("MULIN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    return Environment(
        home=home,
        database_url=environ.get("MULIN_DATABASE_URL") or f"sqlite:///{home / 'mulin.sqlite3'}",
        secret_key=environ.get("MULIN_SECRET_KEY") or kept_secret(home / "keys" / "secret"),
        shared_data=Path(environ.get("MULIN_SHARED_DATA") or ROOT.parent / "shared" / "data").resolve(),
        packs=Path(environ.get("MULIN_PACKS") or default_packs()).resolve(),
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        public_address=environ.get("MULIN_PUBLIC_ADDRESS", "").rstrip("/"),
        api_calls_a_minute=int(environ.get("MULIN_API_CALLS_A_MINUTE") or 600),
        is_demo=environ.get("MULIN_DEMO", "") == "1",
        is_behind_tls=environ.get("MULIN_TLS", "") == "1",
        mail=MailServer(
            host=environ.get("MULIN_MAIL_HOST", ""),
            port=int(environ.get("MULIN_MAIL_PORT") or 587),
            user=environ.get("MULIN_MAIL_USER", ""),
            password=environ.get("MULIN_MAIL_PASSWORD", ""),
            sender=environ.get("MULIN_MAIL_SENDER", ""),
            encryption=environ.get("MULIN_MAIL_ENCRYPTION") or "starttls",
        ),
        tile_address=environ.get("MULIN_TILE_ADDRESS", ""),
    )


def home_of(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("MULIN_HOME") or ROOT / "var").resolve()


def instance_file(environ: Mapping[str, str] | None = None) -> Path:
    """The instance's own file of variables, whether it is there or not."""
    return home_of(os.environ if environ is None else environ) / INSTANCE_FILE


def kept_variables(path: Path) -> dict[str, str]:
    """The lines NAME=value of the instance's own file; nothing when there is no file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def keep_variables(home: Path, variables: Mapping[str, str]) -> Path:
    """Write variables into the instance's own file, readable by its owner only; what it holds already stays."""
    path = home / INSTANCE_FILE
    kept = {**kept_variables(path), **variables}
    text = "".join(f"{name}={value}\n" for name, value in kept.items())
    fresh = path.with_suffix(".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.replace(path)
    return path


def default_packs() -> Path:
    """Beside the code in a checkout, inside the package when installed from a wheel."""
    checkout = ROOT / "packs"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parents[1] / "_packs"


def kept_secret(path: Path) -> str:
    """The secret in `path`, made on first use and readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret
