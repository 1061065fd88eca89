"""居民点单 — 社区下单 — 合伙人接单 — 居民评价: the main job by the people who do it, each on their own device."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys import acts
from tests.journeys.acts import Report
from tests.journeys.people import Steps, choose, sign_in
from tests.journeys.photos import MAKER, heic_photo, jpeg_photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REPAIRER, HAIRDRESSER = "weixiu", "lifa"
WHOLE_TRACK = ["确认解决了", "已办理，等您确认", "已接单，开始办理", "已派单", "提出"]


@pytest.fixture(scope="module")
def page_code(demo_server) -> str:
    return demo_server.demo_page_code()


@pytest.fixture(scope="module")
def partner_names(demo_server) -> dict[str, str]:
    """Names of the partners behind the demo's accounts, by login name."""
    told = demo_server.python(
        "from mulin.parts.partners.models import PartnerMember\n"
        "for member in PartnerMember.objects.select_related('partner', 'user'):\n"
        "    print(member.user.login_name, member.partner.name, sep='\\t')"
    )
    return dict(line.split("\t") for line in told.splitlines())


@pytest.fixture
def photos(tmp_path) -> list[Path]:
    return [jpeg_photo(tmp_path), heic_photo(tmp_path)]


def in_order(track: list[str], expected: list[str]) -> list[str]:
    """The lines of `expected` that stand in the track, in its order; other lines may stand between."""
    return [line for line in track if line in expected]


def last_two(text: str) -> list[int]:
    """Numerator and denominator of a figure."""
    return acts.numbers_in(text)[-2:]


def grown(before: dict[str, str], after: dict[str, str], label: str) -> list[int]:
    """By how much numerator and denominator of a share grew."""
    return [now - then for then, now in zip(last_two(before[label]), last_two(after[label]), strict=True)]


def test_the_main_job_by_four_people(visitor_as, demo_server, page_code, partner_names, photos):
    step = Steps("main-job")
    manager = visitor_as("局长")
    sign_in(manager.page, "xian")
    before = acts.figures(manager)

    granny = visitor_as("王奶奶")
    choose(granny.page, demo_server.url, is_elder=True)
    granny.page.goto(f"/c/{page_code}/")
    step(granny, "code-page")
    granny.probe_page()
    text = "楼门口的灯坏了一个多月，天黑以后我不敢出门。"
    granny.page.get_by_role("link", name="我要反映").click()
    acts.fill_report(granny.page, Report(text, photos=photos))
    expect(granny.page.locator("[data-previews] li")).to_have_count(2)
    step(granny, "written")
    granny.probe_page()
    granny.page.get_by_role("button", name="提交").click()
    held = acts.receipt_on(granny.page)
    step(granny, "confirmation")
    granny.probe_page()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", held.number)
    assert re.search("社区会在.+前受理并答复", held.next_text)
    expect(granny.page.get_by_text(demo_server.url + held.link).first).to_be_visible()

    worker = visitor_as("小李")
    sign_in(worker.page, "xiaoli")
    acts.open_in_queue_by_keyboard(worker.page, held.number)
    expect(worker.page.locator("#detail .photo-strip img")).to_have_count(2)
    step(worker, "found")
    acts.dispatch_by_keyboard(worker.page, partner_names[REPAIRER])
    step(worker, "dispatched")

    partner = visitor_as("店主")
    sign_in(partner.page, REPAIRER)
    step(partner, "offer")
    acts.take(partner.page, text)
    step(partner, "taken")
    partner.page.get_by_role("button", name="联系居民").click()
    expect(partner.page.get_by_role("link", name=acts.PHONE)).to_be_visible()
    acts.record(partner.page, "换了灯头和灯泡，试过三次都亮。", photos[:1])
    step(partner, "recorded")

    granny.page.goto(held.link)
    step(granny, "asked")
    granny.probe_page()
    acts.confirm(granny.page, held.link, "很满意", "小伙子手脚麻利。")
    step(granny, "thanked")
    granny.probe_page()
    assert in_order(acts.track(granny.page), WHOLE_TRACK) == WHOLE_TRACK
    expect(granny.page.locator(".timeline")).to_contain_text(partner_names[REPAIRER])
    expect(granny.page.locator(".timeline img")).to_have_count(3)

    after = acts.figures(manager)
    step(manager, "statistics")
    assert acts.numbers_in(after["提出"])[0] == acts.numbers_in(before["提出"])[0] + 1
    assert grown(before, after, "解决率") == [1, 1]


@pytest.mark.parametrize("index", [0, 1], ids=["jpeg", "heic"])
def test_a_photo_is_shown_without_the_place_where_it_was_taken(visitor_as, page_code, photos, index):
    resident = visitor_as("居民")
    acts.report(resident.page, page_code, Report("井盖缺了一角，孩子差点踩进去。", photos=[photos[index]]))
    shown = resident.page.locator(".timeline a:has(img)").first.get_attribute("href")
    answer = resident.page.request.get(shown)
    assert answer.headers["content-type"] == "image/jpeg"
    picture = Image.open(BytesIO(answer.body()))
    assert picture.width > 1000
    assert not picture.getexif()
    assert MAKER.encode() not in answer.body()


def test_the_main_job_without_javascript(visitor_as, page_code, partner_names, photos):
    step = Steps("without-javascript")
    resident, worker, partner = (
        visitor_as(name, has_javascript=False) for name in ("王奶奶", "小李", "店主")
    )
    text = "水管接头一直滴水，厨房地上都湿了，请来看看。"
    held = acts.report(resident.page, page_code, Report(text, photos=photos))
    step(resident, "confirmation")
    sign_in(worker.page, "xiaoli")
    acts.open_in_queue(worker.page, held.number)
    step(worker, "found")
    acts.dispatch(worker.page, partner_names[REPAIRER])
    step(worker, "dispatched")
    sign_in(partner.page, REPAIRER)
    acts.take(partner.page, text)
    step(partner, "taken")
    acts.record(partner.page, "换了密封圈，擦干看了半小时不漏。", photos)
    acts.confirm(resident.page, held.link, "满意", "")
    step(resident, "thanked")
    assert in_order(acts.track(resident.page), WHOLE_TRACK) == WHOLE_TRACK


def test_what_was_not_solved_is_handled_again(visitor_as, page_code, partner_names):
    step = Steps("not-solved")
    resident, worker, partner = (visitor_as(name) for name in ("王奶奶", "小李", "店主"))
    text = "楼道的门关不上，夜里冷风直灌。"
    held = acts.report(resident.page, page_code, Report(text))
    sign_in(worker.page, "xiaoli")
    acts.open_in_queue(worker.page, held.number)
    acts.dispatch(worker.page, partner_names[REPAIRER])
    sign_in(partner.page, REPAIRER)
    acts.take(partner.page, text)
    acts.record(partner.page, "上了点油。")
    acts.send_back(resident.page, held.link, "还是关不上，差一指宽。")
    step(resident, "sent-back")
    partner.page.goto("/partner/")
    partner.page.get_by_role("link", name="楼道的门关不上，夜里冷风直灌").click()
    expect(partner.page.get_by_text("差一指宽")).to_be_visible()
    step(partner, "returned")
    partner.page.get_by_role("button", name="我接着办").click()
    acts.record(partner.page, "换了合页，能自己关上。")
    acts.confirm(resident.page, held.link, "一般", "第二次才修好。")
    again = ["已办理，等您确认", "继续办理", "反映没解决", "已办理，等您确认"]
    assert in_order(acts.track(resident.page), again) == again


def test_a_declined_offer_goes_to_the_next_partner(visitor_as, page_code, partner_names):
    step = Steps("declined")
    resident, worker, first, second = (visitor_as(name) for name in ("居民", "小李", "店主", "店主"))
    text = "厕所的灯一闪一闪的，想请人上门修。"
    held = acts.report(resident.page, page_code, Report(text))
    sign_in(worker.page, "xiaoli")
    acts.open_in_queue(worker.page, held.number)
    acts.dispatch(worker.page, partner_names[HAIRDRESSER], partner_names[REPAIRER])
    sign_in(second.page, REPAIRER)
    expect(acts.offer_of(second.page, text)).to_have_count(0)
    sign_in(first.page, HAIRDRESSER)
    acts.decline(first.page, text, "不会做这个")
    step(first, "declined")
    acts.take(second.page, text)
    resident.page.goto(held.link)
    step(resident, "next-one-took-it")
    assert "没有接，改问下一位" in acts.track(resident.page)
    expect(resident.page.locator("#progress")).to_contain_text(f"{partner_names[REPAIRER]}正在办")


def test_a_clerk_takes_a_call_and_prints_the_slip(visitor_as, demo_server, tmp_path):
    step = Steps("telephone")
    worker = visitor_as("小李")
    sign_in(worker.page, "xiaoli")
    page = worker.page
    page.get_by_role("link", name="代为登记").first.click()
    page.get_by_label("说的什么").fill("家里的燃气灶打不着火，她不会用手机。")
    page.get_by_label("设施报修").check()
    page.get_by_label("电话", exact=True).first.check()
    page.get_by_label(re.compile("不清楚哪个网格")).first.check()
    page.get_by_label("具体地点").fill("3号楼2单元101")
    page.get_by_label("姓名").fill("刘桂兰")
    page.get_by_role("textbox", name=re.compile("^电话")).fill("0958-2101234")
    page.get_by_label("不会用手机").check()
    step(worker, "taken-down")
    page.get_by_role("button", name="记下并打印回执").click()
    expect(page.get_by_text("已记下，编号")).to_be_visible()
    step(worker, "slip")
    number = page.locator(".qr-short").inner_text()
    slip = printed(page, tmp_path / "slip.pdf")
    assert number in slip
    assert "会打电话或上门" in slip
    assert "家里的燃气灶打不着火" in slip
    assert "再记一件" not in slip, "what only the screen shows is not printed"

    link = scanned(page.locator(".qr-code"), tmp_path / "code.png")
    assert link.startswith(f"{demo_server.url}/r/")
    niece = visitor_as("居民")
    niece.page.goto(link)
    step(niece, "scanned")
    expect(niece.page.get_by_text(number).first).to_be_visible()


def printed(page: Page, path: Path) -> str:
    """The text of the page on paper, one sheet of it."""
    page.pdf(path=path, format="A4", print_background=True)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert text.count("\f") == 1, "the slip fits one sheet"
    return text


def scanned(code: Locator, path: Path) -> str:
    """What a phone reads when it is held over the code."""
    code.screenshot(path=path)
    read = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True, check=True)
    return read.stdout.strip()


@pytest.mark.parametrize("has_javascript", [True, False], ids=["script", "no-script"])
def test_a_matter_is_found_by_its_number_and_the_tail_of_the_phone(visitor_as, page_code, has_javascript):
    step = Steps("find")
    resident = visitor_as("王奶奶", has_javascript=has_javascript)
    page = resident.page
    held = acts.report(page, page_code, Report("小区里的健身器材松了，怕摔着人。"))
    page.goto("/requests/find/")
    page.get_by_label("编号", exact=True).fill(f" {held.number.replace('-', '').lower()} ")
    page.get_by_label("电话后四位").fill("１２３４")
    page.get_by_role("button", name="查一查").click()
    expect(page.get_by_role("heading", name="小区里的健身器材松了")).to_be_visible()
    assert urlsplit(page.url).path == held.link
    page.goto("/requests/find/")
    page.get_by_label("编号", exact=True).fill(held.number)
    page.get_by_label("电话后四位").fill("9999")
    resident.watch.expects_failures = True
    page.get_by_role("button", name="查一查").click()
    expect(page.locator(".field-error, .error-summary").first).to_be_visible()
    assert held.link not in page.content()
    step(resident, "refused")
