"""Each probe finds what is planted, and is silent where nothing is."""

import pytest

from tests.support.browser import PERSONAS, Persona, visit
from tests.support.probes import axe_violations, elder_faults, overflow_faults

pytestmark = [pytest.mark.browser]
HOME = "http://home.example"
SOUND = """<!doctype html><html lang="zh-CN"><head><title>预约</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 18px/1.5 sans-serif; margin: 8px }} button {{ font: inherit; min-width: 60px; height: 60px }}
{style}</style></head><body><main><h1>预约</h1><p>请选择<a href="#times">时间</a>和地点。</p>
<button>提交</button>{planted}</main></body></html>"""


@pytest.fixture
def visitor(browser):
    with visit(browser, PERSONAS["王奶奶"], HOME) as visitor:
        yield visitor


def show(visitor, planted="", style=""):
    visitor.page.set_content(SOUND.format(planted=planted, style=style))
    return visitor.page


def test_a_sound_page_has_no_faults(visitor):
    show(visitor)
    visitor.probe()
    visitor.probe_page()


def test_overflow_names_what_sticks_out(visitor):
    page = show(visitor, '<div class="wide" style="width: 700px; height: 4px"></div>')
    assert "<div.wide>" in overflow_faults(page)[0]


def test_a_table_that_scrolls_in_its_own_frame_is_no_overflow(visitor):
    frame = '<div style="overflow-x: auto"><div style="width: 700px; height: 4px"></div></div>'
    assert overflow_faults(show(visitor, frame)) == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ('<p style="font-size: 14px">小字</p>', "text of 14 px"),
        ('<p style="line-height: 1.1">挤在一起</p>', "line height"),
        ('<p style="line-height: normal">未定行高</p>', "line height normal"),
        ('<button style="width: 44px; min-width: 0">撤</button>', "target of 44 x 60 px"),
        ('<p><a href="#list">全部</a></p>', "target of"),
        ('<label style="display: block; height: 30px"><input type="checkbox">同意</label>', "x 30 px"),
    ],
)
def test_elder_sizes_find(visitor, planted, fault):
    faults = elder_faults(show(visitor, planted))
    assert len(faults) == 1
    assert fault in faults[0]


def test_elder_sizes_pass_over_what_nobody_sees(visitor):
    hidden = (
        '<p hidden style="font-size: 9px">无</p><span style="position: absolute; left: -999px">跳过</span>'
    )
    assert elder_faults(show(visitor, hidden)) == []


def test_axe_finds_a_picture_without_words(visitor):
    page = show(visitor, '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    assert any(fault.startswith("axe image-alt") for fault in axe_violations(page))


def test_axe_finds_grey_on_grey(visitor):
    page = show(visitor, '<p style="color: #999; background: #aaa">看不清</p>')
    assert any(fault.startswith("axe color-contrast") for fault in axe_violations(page))


def test_a_request_to_another_host_is_noted(visitor):
    visitor.page.route("**/*", lambda route: route.fulfill(body="", content_type="image/gif"))
    page = show(visitor, '<img alt="" src="http://elsewhere.example/pixel.gif"><img alt="" src="data:,">')
    page.wait_for_load_state("networkidle")
    assert visitor.watch.faults() == ["foreign request: http://elsewhere.example/pixel.gif"]


def test_a_request_to_the_own_host_is_not(visitor):
    visitor.page.route("**/*", lambda route: route.fulfill(body="", content_type="image/gif"))
    show(visitor, f'<img alt="" src="{HOME}/logo.gif">').wait_for_load_state("networkidle")
    assert visitor.watch.faults() == []


def test_console_errors_and_script_errors_are_noted(visitor):
    page = show(visitor)
    page.evaluate("() => console.error('planted')")
    page.evaluate("() => new Promise((done) => { setTimeout(() => { done(); throw Error('broken'); }) })")
    page.wait_for_timeout(50)
    assert visitor.watch.faults() == ["console error: planted", "script error: broken"]


def test_a_refused_form_is_no_console_error_where_the_journey_means_it(visitor):
    visitor.page.route("**/*", lambda route: route.fulfill(status=422, body="请选择小区"))
    visitor.watch.expects_failures = True
    visitor.page.goto(f"{HOME}/refused")
    assert visitor.watch.faults() == []


def test_layout_probes_work_without_javascript(browser):
    with visit(browser, Persona("小屏", 360, 640), HOME, has_javascript=False) as visitor:
        page = show(visitor, '<div style="width: 700px; height: 4px"></div>')
        assert len(overflow_faults(page)) == 1


def test_probe_says_everything_at_once(visitor):
    show(visitor, '<div style="width: 700px; height: 4px"></div><p style="font-size: 9px">小</p>')
    with pytest.raises(AssertionError, match=r"(?s)overflow.*elder"):
        visitor.probe_page()
