"""The database: does it answer, is it up to date, is the worker alive, does it know the working days."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection

from mulin.base.calendars import work_calendar
from mulin.base.models import Heartbeat
from mulin.cli.checks.finding import Finding, Status, ok
from mulin.cli.database import pending_migrations
from mulin.cli.house import CLOCK
from mulin.kernel.errors import Text

WORKER_SILENT_AFTER = timedelta(seconds=30)
NOT_READY = Text(zh="数据库还没有准备好", en="The database is not ready")
MIGRATE = Text(zh="请先运行 mulin migrate。", en="Run mulin migrate first.")


def tables() -> Finding:
    name = Text(zh="数据库", en="Database")
    pending = pending_migrations()
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    if pending:
        detail = Text(
            zh=f"{kind}，还差 {len(pending)} 步更新", en=f"{kind}, {len(pending)} migrations missing"
        )
        return Finding(
            "database", name, Status.FAIL, detail, Text(zh="请运行 mulin migrate。", en="Run mulin migrate.")
        )
    return ok("database", name, Text(zh=f"{kind}，已是最新", en=f"{kind}, up to date"))


def journal() -> Finding:
    """SQLite lets readers and a writer work at once only in WAL mode."""
    name = Text(zh="并发读写", en="Readers and writers")
    if connection.vendor != "sqlite":
        return ok("journal", name, Text(zh="由 PostgreSQL 保证", en="PostgreSQL's own"))
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if mode == "wal":
        return ok("journal", name, Text(zh="WAL", en="WAL"))
    return Finding(
        "journal",
        name,
        Status.WARN,
        Text(zh=f"日志模式是 {mode}", en=f"The journal mode is {mode}"),
        Text(
            zh="数据库文件应放在本地磁盘，不要放在网络共享上。",
            en="Keep the database on a local disk, not on a network share.",
        ),
    )


def worker() -> Finding:
    name = Text(zh="后台进程", en="Worker")
    now = CLOCK.now()
    try:
        seen = (
            Heartbeat.objects.filter(kind="worker")
            .order_by("-seen_at")
            .values_list("seen_at", flat=True)
            .first()
        )
    except DatabaseError:
        return Finding("worker", name, Status.WARN, NOT_READY, MIGRATE)
    if seen and now - seen <= WORKER_SILENT_AFTER:
        seconds = int((now - seen).total_seconds())
        return ok("worker", name, Text(zh=f"{seconds} 秒前有心跳", en=f"seen {seconds} s ago"))
    return Finding(
        "worker",
        name,
        Status.WARN,
        Text(zh="没有在运行，消息发不出去", en="Not running; no message leaves"),
        Text(
            zh="mulin run 会一并启动它，也可单独运行 mulin worker。",
            en="mulin run starts it, too; or run mulin worker.",
        ),
    )


def working_days() -> Finding:
    name = Text(zh="工作日历", en="Working days")
    year = CLOCK.today().year
    try:
        calendar = work_calendar()
    except DatabaseError:
        return Finding("calendar", name, Status.WARN, NOT_READY, MIGRATE)
    unknown = [str(one) for one in (year, year + 1) if not calendar.is_known(one)]
    if not unknown:
        return ok(
            "calendar",
            name,
            Text(zh=f"{year}、{year + 1} 年的放假安排已知", en=f"{year} and {year + 1} are known"),
        )
    return Finding(
        "calendar",
        name,
        Status.FAIL if str(year) in unknown else Status.WARN,
        Text(
            zh=f"缺 {'、'.join(unknown)} 年的放假安排", en=f"Holidays of {', '.join(unknown)} are not known"
        ),
        Text(
            zh="国务院通知发布后（通常在 11 月），请写入配置包的 calendar.yaml 并运行 mulin packs load。",
            en="When the State Council's notice is out (usually in November), add it to calendar.yaml in a pack and run mulin packs load.",
        ),
    )


CHECKS = [tables, journal, worker, working_days]
