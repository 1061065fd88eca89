"""Tables of areas, grids and posts, and files of boundaries: bad lines are named, good ones taken, twice is once."""

from __future__ import annotations

import csv
import json

import pytest
from django.conf import settings

from mulin.identity.access import SYSTEM
from mulin.identity.models import User
from mulin.kernel.errors import InvalidInput
from mulin.parts.areas import selectors, services
from mulin.parts.areas.models import Area, AreaChange, PostHolding
from mulin.parts.areas.services import GridRow, PostRow, TreeRow
from mulin.parts.areas.tests.helpers import FIRST_DAY, TODAY, create, load_kinds, square

pytestmark = pytest.mark.django_db
SHANDONG = "cn_divisions_shandong/shandong_5level_2020edition.csv"
BOUNDARIES = "cn_geojson_shandong/shandong_370800.geojson"


def given(world, **more):
    return {"valid_from": FIRST_DAY, "actor": SYSTEM, "now": world.now, **more}


def shared(name):
    path = settings.MULIN_SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"the shared data are not here: {name}")
    return path


def reasons(report):
    return {rejected.line: rejected.reason.zh for rejected in report.rejected}


def test_lines_may_come_in_any_order(world):
    rows = [
        TreeRow("990101003001", "村", line=2),
        TreeRow("990101003", "镇", "990101", "镇", line=3),
    ]
    report = services.tree_import(rows=rows, **given(world))
    assert (report.created, report.rejected) == (2, [])
    assert selectors.area_by_code("990101003001").path == world.county.path + "003/001/"


def test_bad_lines_are_rejected_with_all_that_hangs_on_them(world):
    rows = [
        TreeRow("990101003", "镇", line=2),
        TreeRow("990101003", "又一个", line=3),
        TreeRow("880101001", "别处", line=4),
        TreeRow("880101001001", "别处的村", line=5),
        TreeRow("G1", "网格", "990101001001", "格子", line=6),
        TreeRow("G2", "", "990101001001", "网格", line=7),
        TreeRow("X1", "绕圈", "X2", "社区", line=8),
        TreeRow("X2", "绕圈", "X1", "社区", line=9),
        TreeRow("990101001002", "柳园社区", "990101", "社区", line=10),
    ]
    report = services.tree_import(rows=rows, **given(world))
    assert report.created == 1
    assert sorted(reasons(report)) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "880101" in reasons(report)[4]
    assert "移动" in reasons(report)[10]


def test_the_same_table_again_changes_nothing_and_new_names_are_remembered(world):
    rows = [TreeRow("990101003", "镇", line=2)]
    services.tree_import(rows=rows, **given(world))
    again = services.tree_import(rows=rows, **given(world))
    assert (again.created, again.unchanged) == (0, 1)
    renamed = services.tree_import(rows=[TreeRow("990101003", "新镇", line=2)], **given(world))
    assert renamed.renamed == 1
    assert AreaChange.objects.get().before_name == "镇"


def test_nothing_is_brought_in_outside_what_the_actor_manages(world):
    report = services.tree_import(
        rows=[TreeRow("990101001002001", "网格", line=2), TreeRow("77", "某省", line=3)],
        **given(world, within_paths=[world.community.path]),
    )
    assert report.created == 0
    assert all("管理" in reason for reason in reasons(report).values())


def test_the_whole_of_shandong_comes_in(db, clock_now):
    path = shared(SHANDONG)
    with path.open(encoding="utf-8") as file:
        rows = [
            TreeRow(row["code"], row["name"], row["parent"], row["level"], line)
            for line, row in enumerate(csv.DictReader(file), 2)
        ]
    common = {"valid_from": FIRST_DAY, "actor": SYSTEM, "now": clock_now}
    services.area_create(code="37", name="山东省", kind="province", parent=None, **common)
    report = services.tree_import(rows=rows, **common)
    assert (report.created, report.rejected) == (77_138, [])
    zoucheng = selectors.area_by_code("370883")
    assert [area.name for area in selectors.ancestors(zoucheng)] == ["山东省", "济宁市", "邹城市"]
    assert Area.objects.filter(path__startswith=zoucheng.path, kind="community").count() == 901


def test_real_boundaries_find_their_counties_by_code_despite_the_byte_order_mark(db, clock_now):
    content = shared(BOUNDARIES).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    common = {"actor": SYSTEM, "now": clock_now}
    services.tree_import(
        rows=[
            TreeRow("37", "山东省"),
            TreeRow("3708", "济宁市"),
            TreeRow("370829", "嘉祥县"),
            TreeRow("370883", "邹城市"),
        ],
        valid_from=FIRST_DAY,
        **common,
    )
    report = services.boundaries_import(content=content, **common)
    assert report.stored + len(report.rejected) == len(json.loads(content.decode("utf-8-sig"))["features"])
    assert selectors.area_by_code("370829").boundary["type"] == "MultiPolygon"
    assert services.boundaries_import(content=content, **common).unchanged == report.stored


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_boundaries_go_by_code_then_by_name_and_say_what_does_not_fit(world):
    create("990101001002001", world.grid.name, "grid", world.other_community, world.now)
    content = collection(
        feature(square(116.5, 35.4), code=world.community.code),
        feature(square(116.6, 35.4), name="柳园社区"),
        feature(square(116.5, 35.4), name=world.grid.name),
        feature(square(116.5, 35.4), name="哪儿也不是"),
        feature({"type": "Point", "coordinates": [116.5, 35.4]}, code=world.grid.code),
        feature(None, code=world.grid.code),
    )
    report = services.boundaries_import(content=content, actor=SYSTEM, now=world.now)
    assert report.stored == 2
    assert [text.zh[:2] for _, text in report.rejected] == [
        "有 ",
        "没有",
        "99",
        "99",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b'{"features": 3}', b"{" * 10_000, b'{"features": [1]}']
)
def test_what_is_no_geojson_is_refused_in_plain_words(world, content):
    with pytest.raises(InvalidInput, match="GeoJSON"):
        services.boundaries_import(content=content, actor=SYSTEM, now=world.now)


def test_grids_come_with_their_workers_and_twice_is_once(world):
    load_kinds()
    rows = [
        GridRow(
            "990101001001002",
            "第二网格",
            "990101001001",
            320,
            worker_name="张伟",
            worker_phone="13800000001",
            line=2,
        ),
        GridRow(
            "990101001001003",
            "第三网格",
            "990101001001",
            280,
            worker_name="张伟",
            worker_phone="13800000001",
            line=3,
        ),
        GridRow("990101001001004", "第四网格", "990101001001", line=4),
    ]
    report = services.grids_import(rows=rows, **given(world))
    assert (report.created, report.accounts, report.rejected) == (3, 1, [])
    grid = selectors.area_by_code("990101001001002")
    assert grid.household_count == 320
    assert selectors.post_holder("full_time_grid_worker", grid, TODAY).display_name == "张伟"
    again = services.grids_import(rows=rows, **given(world))
    assert (again.created, again.accounts, again.rejected) == (0, 0, [])
    assert PostHolding.objects.count() == 2


def test_a_bad_post_line_leaves_nothing_behind(world):
    load_kinds()
    rows = [
        PostRow(world.grid.code, "专职网格员", "张伟", "13800000001", line=2),
        PostRow(world.grid.code, "专职网格员", "李四", "13800000001", line=3),
        PostRow(world.grid.code, "专职网格员", "王五", "12", line=4),
        PostRow(world.grid.code, "Grid king", "赵六", "13800000002", line=5),
        PostRow("nowhere", "专职网格员", "赵六", "13800000002", line=6),
        PostRow(world.community.code, "专职网格员", "赵六", "13800000002", line=7),
        PostRow(world.grid.code, "专职网格员", "赵六", "", line=8),
    ]
    count = User.objects.count()
    report = services.posts_import(rows=rows, **given(world))
    assert (report.created, sorted(reasons(report))) == (1, [3, 4, 5, 6, 7, 8])
    assert User.objects.count() == count + 1
    assert "13800000002" not in str(reasons(report))


def test_a_person_met_again_after_a_refused_line_gets_one_account(world):
    load_kinds()
    rows = [
        PostRow(world.community.code, "专职网格员", "赵六", "13800000002", line=2),
        PostRow(world.grid.code, "专职网格员", "赵六", "13800000002", line=3),
    ]
    report = services.posts_import(rows=rows, **given(world))
    assert (report.created, report.accounts) == (1, 1)
