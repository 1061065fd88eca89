"""Counts that no clock disturbs: queries of a page, queries of submitting a request.

python -m bench.figures '{"cookie": …, "page_code": …}'
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from bench.county import RARE, TYPES


def main(county: dict[str, str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mulin.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    setup_test_environment()
    print(json.dumps(counts(county, settings)))


def counts(county: dict[str, str], settings: Any) -> dict[str, Any]:
    from django.test import Client

    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = county["cookie"].split("=", 1)[1]
    assert (
        browser.get(f"/work/requests/?view=all&type=type{TYPES - 1}").content.count(b"data-row-link") == RARE
    )
    queue = queries(lambda: browser.get("/work/requests/?view=all"))
    few = queries(lambda: browser.get(f"/work/requests/?view=all&type=type{TYPES - 1}"))
    submit = submitted(county)
    return {
        "queue_queries_25": len(queue),
        "queue_queries_5": len(few),
        "submit_queries": len(submit),
        "queue": queue,
        "submit": submit,
    }


def submitted(county: dict[str, str]) -> list[str]:
    """What a resident's first form sends, as the page itself has it."""
    from django.test import Client

    browser = Client()
    address = f"/c/{county['page_code']}/new/"
    assert browser.get(address).status_code == 200, address
    fields = {
        "type": "type1",
        "text": "三号楼门口的路灯不亮，晚上老人不敢出门。",
        "place": "3 号楼门口",
        "requester_name": "王秀英",
        "phone": "13805371234",
        "operation_id": "7b1f0c5e2d4a4b6c8e9f0a1b2c3d4e5f",
    }
    return queries(lambda: browser.post(address, fields), status=302)


def queries(ask: Any, status: int = 200) -> list[str]:
    """What was asked of the database, without the savepoints and commits."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:2000])
    said = [query["sql"] for query in captured.captured_queries]
    return [
        sql[:200]
        for sql in said
        if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
    ]


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
