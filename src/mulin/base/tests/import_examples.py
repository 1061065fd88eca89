"""A kind of table for tests, stored as dated settings; and, run as a program, an import that says where it stands.

python -m mulin.base.tests.import_examples RUN_PUBLIC_ID
"""

import sys
import time
from datetime import date
from types import SimpleNamespace

from mulin.kernel.errors import Text

WRONG = Text(zh="数值不是整数。", en="The value is not a whole number.")
TAKEN = Text(zh="库里已有另一个值。", en="Another value is stored already.")


def check_rows(rows, context):
    return [None if row.values["value"].isdigit() else WRONG for row in rows]


def apply_rows(rows, context):
    from mulin.base.import_kinds import Applied
    from mulin.base.models import DatedSetting

    keys = [row.values["name"] for row in rows]
    stored = dict(DatedSetting.objects.filter(key__in=keys).values_list("key", "value"))
    rejected = {
        row.number: TAKEN
        for row in rows
        if stored.get(row.values["name"], int(row.values["value"])) != int(row.values["value"])
    }
    new = [row for row in rows if row.values["name"] not in stored]
    DatedSetting.objects.bulk_create(
        DatedSetting(
            key=row.values["name"], value=int(row.values["value"]), valid_from=date(2026, 1, 1), source="表"
        )
        for row in new
    )
    return Applied(created=len(new), unchanged=len(rows) - len(new) - len(rejected), rejected=rejected)


def example_kind(chunk_rows=500, **more):
    from mulin.base.import_kinds import Column, ImportKind

    columns = (
        Column("name", "名称", "Name", synonyms=("参数名",), required=True),
        Column("value", "数值", "Value", required=True),
        Column("remark", "备注", "Remark"),
    )
    values = {
        "code": "test.example",
        "title": Text(zh="示例", en="Example"),
        "columns": columns,
        "permission": "settings.manage",
        "check_rows": check_rows,
        "apply_rows": apply_rows,
        "chunk_rows": chunk_rows,
    }
    return ImportKind(**{**values, **more})


def main(public_id):
    import django

    django.setup()
    from mulin.base import imports
    from mulin.base.models import ImportRun
    from mulin.kernel.clock import SystemClock

    imports.register(example_kind(chunk_rows=50))

    def in_chunk(done):
        sys.stdout.write(".")
        sys.stdout.flush()
        time.sleep(0.02)

    run = ImportRun.objects.get(public_id=public_id)
    imports.apply(run, actor=SimpleNamespace(user_id=None), clock=SystemClock(), in_chunk=in_chunk)


if __name__ == "__main__":
    main(sys.argv[1])
