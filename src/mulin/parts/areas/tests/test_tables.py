"""Sheets of offices through the house's importer: previewed, applied, given back with reasons, safe to repeat."""

from __future__ import annotations

import pytest

from mulin.base import imports
from mulin.base.models import ImportRun
from mulin.parts.areas import selectors
from mulin.parts.areas.importing import GRIDS, KINDS, POSTS, TREE
from mulin.parts.areas.tests.helpers import TODAY, load_kinds
from tests.support.world import role

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(world, tmp_path):
    """Write a table, stage it, apply it as the county's organiser; the finished run."""
    for kind in KINDS:
        imports.register(kind)
    load_kinds()
    role("organiser", ["areas.view", "areas.manage", "posts.manage"])
    world.user("organiser", "organiser", world.county)
    actor = world.actor("organiser")

    def run(kind, text, encoding="utf-8-sig"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        staged = imports.stage(path, kind, actor=actor, now=world.now)
        imports.preview(staged, actor=actor, now=world.now)
        return imports.apply(staged, actor=actor, clock=world.clock)

    return run


def counts(run: ImportRun):
    return run.created, run.unchanged, run.rejected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_tree_comes_under_chinese_headings(bring_in, encoding):
    table = "编码,名称,上级编码,级别\n990101003,东街,990101,街道\n990101003001,东街社区,,\nbad code,x,,社区\n"
    run = bring_in(TREE, table, encoding)
    assert counts(run) == (2, 0, 1)
    assert selectors.area_by_code("990101003001").name == "东街社区"
    [(line, _cells, reason)] = imports.rejected_rows(run)
    assert line == 4
    assert "编码" in reason.zh


def test_grids_come_with_workers_and_again_without_doubles(world, bring_in):
    table = (
        "网格编码,网格名称,社区编码,户数,专职网格员,手机号\n"
        "990101001001002,第二网格,990101001001,320,张伟,13800000001\n"
        "990101001001003,第三网格,990101001001,many,李静,13800000002\n"
    )
    assert counts(bring_in(GRIDS, table)) == (1, 0, 1)
    grid = selectors.area_by_code("990101001001002")
    assert selectors.post_holder("full_time_grid_worker", grid, TODAY).display_name == "张伟"
    assert counts(bring_in(GRIDS, table)) == (0, 1, 1)


def test_posts_come_with_their_first_day(world, bring_in):
    table = (
        "区域编码,岗位,姓名,手机号,任职日期\n"
        f"{world.grid.code},专职网格员,张伟,13800000001,2026年1月5日\n"
        f"{world.community.code},社区工作者,李静,13800000002,2026/2/1\n"
        f"{world.community.code},社区工作者,王芳,13800000003,someday\n"
        f"{world.other_county.code},社区工作者,赵敏,13800000004,\n"
    )
    run = bring_in(POSTS, table)
    assert counts(run) == (2, 0, 2)
    assert counts(bring_in(POSTS, table)) == (0, 2, 2)


def test_nothing_of_a_sheet_reaches_beyond_ones_own_area(world, bring_in):
    run = bring_in(TREE, f"编码,名称,上级编码,级别\n990202001,别县街道,{world.other_county.code},街道\n")
    assert counts(run) == (0, 0, 1)


def test_each_kind_asks_for_the_permission_of_its_pages():
    assert {kind.code: kind.permission for kind in KINDS} == {
        "areas.tree": "areas.manage",
        "areas.grids": "areas.manage",
        "areas.posts": "posts.manage",
    }
