"""Whatever people type, lose, press twice or send by mistake: a clear word beside the field, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from mulin.config.demo.accounts import PASSWORD
from tests.journeys import acts
from tests.journeys.acts import Report
from tests.journeys.people import Steps, choose, sign_in
from tests.journeys.photos import broken_photo, flood_photo, jpeg_photo, text_named_jpg
from tests.support.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = ["zh-hans", "en"]
MACHINE_WORDS = re.compile(r"Traceback|Exception|jinja2|django\.|mulin\.|IntegrityError|<class '")
BAD_FILES = {
    "text": (text_named_jpg, "内容不是可以接收的类型", "not of a kind we can take"),
    "broken": (broken_photo, "这张图片打不开", "cannot be opened"),
    "flood": (flood_photo, "像素", "million pixels"),
}
STRANGE = "𠮷野家 👵🏽🏠 שלום \u200fمرحبا\u200e 㛃·é"
FORMULA = '=HYPERLINK("http://evil.example/","点这里")'


@pytest.fixture(scope="module")
def page_code(demo_server) -> str:
    return demo_server.demo_page_code()


@pytest.fixture(autouse=True)
def nothing_broke(demo_server) -> Iterator[None]:
    """Bad input is answered, not stumbled over: the log tells of no exception."""
    before = len(demo_server.said())
    yield
    assert "Traceback" not in demo_server.said()[before:]


@pytest.fixture
def resident(visitor_as) -> Visitor:
    visitor = visitor_as("居民")
    visitor.watch.expects_failures = True
    return visitor


def open_form(page: Page, page_code: str) -> None:
    page.goto(f"/c/{page_code}/new/")


def fill(page: Page, **words: str) -> None:
    """By the fields' names, which are the same in every language."""
    page.locator("input[name=type][value=repair]").check()
    for name, text in words.items():
        page.locator(f"[name={name}]").fill(text)


def press_send(page: Page) -> None:
    page.locator("form[enctype] button[type=submit]").click()


def refused(visitor: Visitor, field: str, message: str, step: Steps) -> None:
    """The page says so on top with a link, and beside the field; no word of the machine's is seen."""
    page = visitor.page
    expect(page.locator(f"#id_{field}-error")).to_contain_text(message)
    expect(page.locator(f".error-summary a[href='#id_{field}']")).to_contain_text(message)
    assert re.match("错误：|Error: ", page.title())
    speaks_plainly(page)
    step(visitor, f"{field}-refused")


def speaks_plainly(page: Page) -> None:
    found = MACHINE_WORDS.search(page.locator("body").inner_text())
    assert not found, f"{page.url} shows a person {found}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_picture_is_refused_beside_its_field(
    resident, demo_server, page_code, tmp_path, kind, language
):
    make, zh, en = BAD_FILES[kind]
    choose(resident.page, demo_server.url, language=language)
    open_form(resident.page, page_code)
    fill(resident.page, text="照片传不上去，文字先写在这里。", place="北门")
    resident.page.locator("input[name=photos]").set_input_files(make(tmp_path))
    press_send(resident.page)
    refused(resident, "photos", en if language == "en" else zh, Steps(f"bad-input-{kind}-{language}"))
    expect(resident.page.locator("[name=text]")).to_have_value("照片传不上去，文字先写在这里。")
    press_send(resident.page)
    assert "/r/" in resident.page.url, "without the bad file it is taken"


def test_a_good_picture_beside_a_bad_one_need_not_be_taken_again(resident, page_code, tmp_path):
    open_form(resident.page, page_code)
    fill(resident.page, text="一张好的，一张坏的。")
    resident.page.locator("input[name=photos]").set_input_files(
        [jpeg_photo(tmp_path), text_named_jpg(tmp_path)]
    )
    press_send(resident.page)
    refused(resident, "photos", "内容不是可以接收的类型", Steps("bad-input-one-of-two"))
    press_send(resident.page)
    expect(resident.page.locator(".timeline img")).to_have_count(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_100_000_characters_is_refused_and_kept(resident, demo_server, page_code, language):
    long = "路灯不亮。" * 20_000
    choose(resident.page, demo_server.url, language=language)
    open_form(resident.page, page_code)
    fill(resident.page, text=long, requester_name="王秀英")
    press_send(resident.page)
    message = "too long (100000 characters)" if language == "en" else "文字太长了（100000 字）"
    refused(resident, "text", message, Steps(f"bad-input-long-{language}"))
    expect(resident.page.locator("[name=text]")).to_have_value(long)
    expect(resident.page.locator("[name=requester_name]")).to_have_value("王秀英")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mistake_is_said_at_once(resident, demo_server, page_code, language):
    choose(resident.page, demo_server.url, language=language)
    open_form(resident.page, page_code)
    resident.page.locator("[name=phone]").fill("12")
    press_send(resident.page)
    expect(resident.page.locator(".error-summary a")).to_have_count(3)
    expect(resident.page.locator(".error-summary")).to_be_focused()
    expect(resident.page.locator("[name=phone]")).to_have_value("12")
    speaks_plainly(resident.page)
    Steps(f"bad-input-all-{language}")(resident, "refused")


def test_rare_characters_and_formulas_stay_as_they_were_typed(visitor_as, resident, page_code, tmp_path):
    text = f"{FORMULA} {STRANGE}"
    held = acts.report(resident.page, page_code, Report(text, name="=1+1", place="@SUM(A1)"))
    expect(resident.page.locator("h2", has_text="=HYPERLINK")).to_be_visible()
    assert STRANGE in resident.page.locator("body").inner_text()
    Steps("bad-input-strange")(resident, "shown")
    worker = visitor_as("小李")
    sign_in(worker.page, "xiaoli")
    acts.open_in_queue(worker.page, held.number)
    assert STRANGE in worker.page.locator("#detail").inner_text()
    texts = cells_of(exported(worker.page, tmp_path / "first.xlsx"))
    assert all(kind != "f" for _, kind in texts)
    assert (text, "s") in texts
    assert any("@SUM(A1)" in words and kind == "s" for words, kind in texts)
    assert cells_of(exported(worker.page, tmp_path / "again.xlsx")) >= texts, "the button works a second time"


def exported(page: Page, path: Path) -> Path:
    """The table of what the queue shows."""
    with page.expect_download() as download:
        page.get_by_role("button", name="导出表格").click()
    download.value.save_as(path)
    return path


def cells_of(path: Path) -> set[tuple[str, str]]:
    """Every cell's value with the type that it has in the file: "s" text, "n" number, "f" formula."""
    book = openpyxl.load_workbook(path)
    return {(str(cell.value), cell.data_type) for sheet in book for row in sheet for cell in row}


@pytest.mark.parametrize("has_javascript", [True, False], ids=["script", "no-script"])
def test_pressing_twice_and_going_back_raises_one_request(visitor_as, page_code, has_javascript):
    words = f"井盖响得睡不着{'有' if has_javascript else '无'}脚本"
    resident, worker = visitor_as("居民", has_javascript=has_javascript), visitor_as("小李")
    open_form(resident.page, page_code)
    fill(resident.page, text=words, phone=acts.PHONE)
    resident.page.locator("form[enctype] button[type=submit]").dblclick()
    acts.receipt_on(resident.page)
    resident.page.go_back()
    resident.page.locator("form[enctype] button[type=submit]").click()
    resident.page.wait_for_load_state()
    speaks_plainly(resident.page)
    sign_in(worker.page, "xiaoli")
    worker.page.goto(f"/work/requests/?view=all&words={words}")
    expect(worker.page.locator("[data-row-link]")).to_have_count(1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_that_ended_in_mid_form_loses_nothing(visitor_as, demo_server, language):
    worker = visitor_as("小李")
    worker.watch.expects_failures = True
    step = Steps(f"bad-input-session-{language}")
    page = worker.page
    choose(page, demo_server.url, language=language)
    sign_in(page, "xiaoli")
    page.goto("/work/requests/new/")
    fill(page, text="窗口来的老人说暖气不热。", place="2单元301", requester_name="刘桂兰")
    page.locator("input[name=wants_visit]").check()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator("input[name=login]")).to_be_visible()
    step(worker, "sign-in")
    speaks_plainly(page)
    page.fill("input[name=login]", "xiaoli")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("[name=text]")).to_have_value("窗口来的老人说暖气不热。")
    expect(page.locator("[name=place]")).to_have_value("2单元301")
    expect(page.locator("[name=requester_name]")).to_have_value("刘桂兰")
    expect(page.locator("input[name=type][value=repair]")).to_be_checked()
    expect(page.locator("input[name=wants_visit]")).to_be_checked()
    step(worker, "back-in-the-form")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_cookie_keeps_the_words(resident, demo_server, page_code, language):
    step = Steps(f"bad-input-cookie-{language}")
    page = resident.page
    choose(page, demo_server.url, language=language)
    open_form(page, page_code)
    fill(page, text="垃圾两天没人收了。", place="东门", phone=acts.PHONE)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    press_send(page)
    speaks_plainly(page)
    step(resident, "expired")
    page.locator("main a.button-primary").click()
    for name, words in {"text": "垃圾两天没人收了。", "place": "东门", "phone": acts.PHONE}.items():
        expect(page.locator(f"[name={name}]")).to_have_value(words)
    press_send(page)
    assert urlsplit(page.url).path.startswith("/r/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/c/ZZZZ-ZZZZ/", "/c/ZZZZ-ZZZZ/new/", "/r/nobody-holds-this/", "/nowhere/"])
def test_an_address_that_leads_nowhere_shows_the_ways_on(resident, demo_server, path, language):
    choose(resident.page, demo_server.url, language=language)
    answer = resident.page.goto(path)
    assert answer.status == 404
    expect(resident.page.locator("main a, .call-bar a").first).to_be_visible()
    speaks_plainly(resident.page)
    resident.probe_page()
    Steps(f"bad-input-nowhere-{language}")(resident, path.strip("/").replace("/", "-"))
