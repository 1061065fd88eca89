"""A county with 100,000 requests, the same at every run, in the database that MULIN_DATABASE_URL names.

python -m bench.county        prints the cookie and the key of a worker of the county, and a page code
"""

from __future__ import annotations

import json
import os
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SEED, REQUESTS, OPEN_SHARE, TYPES = 20261121, 100_000, 0.03, 12
RARE = 5  # so many requests are of the last type
SUBDISTRICTS, COMMUNITIES_EACH, GRIDS_EACH = 3, 4, 5
ENDED = (("closed", 90), ("withdrawn", 6), ("rejected", 4))
OPEN = (("raised", 2), ("accepted", 2), ("dispatched", 2), ("taken", 3), ("handled", 3), ("returned", 1))
MATTERS = (
    "路灯不亮",
    "下水道堵了",
    "电梯经常停",
    "楼道堆杂物",
    "井盖松动",
    "夜里噪声大",
    "门禁坏了",
    "想要人理发",
    "墙皮脱落",
    "停车挡路",
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗", "秀英建国丽华志强桂兰玉梅海燕小明国庆春生"
COLUMNS = (
    "public_id", "number", "link_digest", "type_id", "area_id", "grid_id", "area_path", "place", "title", "text", "channel",
    "status", "outcome", "requester_name", "phone", "phone_index", "phone_tail", "wants_visit", "holder_label", "due_at",
    "raised_at", "handle_due_at", "handled_at", "closed_at", "is_solved", "score", "comment", "return_count", "version", "source_name",
    "source_key", "demo",
)  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mulin.config.settings")
    (Path(os.environ["MULIN_HOME"]) / "static").mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(build()))


def build() -> dict[str, str]:
    from django.db import connection

    from mulin.kernel.clock import SystemClock
    from mulin.parts.areas.models import PostHolding, PostKind
    from mulin.parts.areas.rules import FULL_TIME_GRID_WORKER
    from mulin.parts.service_requests.models import RequestType
    from tests.support.world import CLOCKS, ROLES, World, area, role

    clock = SystemClock()
    role("county_worker", ROLES["community_worker"], home="workbench")
    county = area("990101", "青禾县", "county")
    places = []
    for street in range(1, SUBDISTRICTS + 1):
        subdistrict = area(f"990101{street:03}", f"第{street}街道", "subdistrict", county)
        for number in range(1, COMMUNITIES_EACH + 1):
            code = f"{subdistrict.code}{number:03}"
            community = area(
                code,
                f"{street}街道{number}社区",
                "community",
                subdistrict,
                page_code=f"K{street + 2}{number + 2}M-4XWT",
                telephone="0537-2000001",
            )
            grids = [
                area(f"{code}{n:03}", f"{community.name}第{n}网格", "grid", community)
                for n in range(1, GRIDS_EACH + 1)
            ]
            places += [(community, grid) for grid in grids]
    kinds = [
        RequestType.objects.create(code=f"type{n}", name_zh=f"第{n}类事项", name_en=f"Kind {n}", clocks=CLOCKS, order=n)
        for n in range(TYPES)
    ]  # fmt: skip
    world = World(clock, county, None, None, None, None, None, None, kinds[0], None, None)  # type: ignore[arg-type]
    user = world.user("county_worker", "county_worker", county)
    post = PostKind.objects.create(
        code=FULL_TIME_GRID_WORKER, name_zh="专职网格员", name_en="Grid worker", area_kind="grid"
    )
    PostHolding.objects.bulk_create(
        PostHolding(kind=post, area=grid, holder=user, valid_from=clock.today()) for _, grid in places
    )
    places[0][1].page_code = "FX93-Q8H6"
    places[0][1].save(update_fields=["page_code"])
    copy_requests(connection, rows(random.Random(SEED), clock.now().replace(microsecond=0), places, kinds))
    return keys(user, clock) | {"page_code": places[0][1].page_code}


def rows(rng: random.Random, now: datetime, places: list[Any], kinds: list[Any]) -> Any:
    """Five years of requests; the open ones are the newest."""
    for number in range(REQUESTS):
        community, grid = rng.choice(places)
        is_open = number >= REQUESTS * (1 - OPEN_SHARE)
        names, weights = zip(*(OPEN if is_open else ENDED), strict=True)
        status = rng.choices(names, weights)[0]
        raised = now - timedelta(days=5 * 365) * (1 - number / REQUESTS)
        handled = raised + timedelta(hours=rng.uniform(1, 60)) if status in {"closed", "handled"} else None
        solved = rng.choice([True, True, True, False, None]) if status == "closed" else None
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2))
        yield (
            f"r{number:025}", f"N{number:07}", f"{number:064x}", (rng.choice(kinds[:-1]) if number >= RARE else kinds[-1]).pk, community.pk, grid.pk, grid.path,
            f"{rng.randint(1, 40)}号楼{rng.randint(1, 4)}单元", f"{rng.choice(MATTERS)}，请看看", "请派人来看看，谢谢。" * 3,
            rng.choice(["code_page", "telephone", "desk", "web"]), status, "done" if solved else "", name, "", "",
            f"{rng.randint(0, 9999):04}", False, community.name, None if status in {"closed", "withdrawn", "rejected"} else raised + timedelta(hours=rng.uniform(2, 2000)),
            raised, handled and raised + timedelta(hours=48), handled, handled if status == "closed" else None, solved,
            rng.choice([3, 4, 5]) if solved else None, "", int(rng.random() < 0.05), 5 if handled else 1, "", "", False,
        )  # fmt: skip


def copy_requests(connection: Any, lines: Any) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        with cursor.copy(f"COPY service_requests_servicerequest ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
    connection.commit() if not connection.get_autocommit() else None
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def keys(user: Any, clock: Any) -> dict[str, str]:
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from mulin.identity.access import SYSTEM
    from mulin.identity.services import token_create

    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend="mulin.identity.backends.NameOrPhone")
    request.session.save()
    scopes = ["requests.view", "requests.take_in"]
    token = token_create(
        user=user, name="bench", scopes=scopes, days=2, actor=SYSTEM, now=clock.now(), today=clock.today()
    )[1]
    return {"cookie": f"mulin={request.session.session_key}", "token": token}


if __name__ == "__main__":
    main()
