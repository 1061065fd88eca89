"""What each of the four people does in the main job. Buttons are found by the words on them, as people find them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import tab_to
from tests.support.browser import Visitor

PHONE = "13805371234"


@dataclass(frozen=True)
class Report:
    """What a resident writes down."""

    text: str
    type_name: str = "设施报修"
    place: str = "3号楼门口"
    name: str = "王秀英"
    phone: str = PHONE
    photos: Sequence[Path] = field(default=())


@dataclass(frozen=True)
class Receipt:
    """What a resident holds afterwards."""

    number: str
    link: str
    next_text: str


def fill_report(page: Page, report: Report) -> None:
    page.get_by_label(report.type_name).check()
    page.get_by_label("说说是什么事").fill(report.text)
    if report.photos:
        page.get_by_label("拍照片").set_input_files([str(path) for path in report.photos])
    page.get_by_label("在什么地方").fill(report.place)
    page.get_by_label("怎么称呼您").fill(report.name)
    page.get_by_label("您的电话").fill(report.phone)


def report(page: Page, page_code: str, written: Report) -> Receipt:
    """From the poster's page to the confirmation."""
    page.goto(f"/c/{page_code}/")
    page.get_by_role("link", name="我要反映").click()
    fill_report(page, written)
    page.get_by_role("button", name="提交").click()
    return receipt_on(page)


def receipt_on(page: Page) -> Receipt:
    expect(page.get_by_role("heading", name="收到了")).to_be_visible()
    shown = page.locator(".confirmation")
    return Receipt(
        number=shown.locator(".number").inner_text().strip(),
        link=urlsplit(page.url).path,
        next_text=shown.locator("p").last.inner_text().strip(),
    )


def open_in_queue(page: Page, number: str) -> None:
    """The worker looks for a number in the queue and opens what is found."""
    page.goto("/work/requests/")
    page.get_by_role("searchbox").first.fill(number)
    page.get_by_role("button", name="筛选").click()
    only = page.locator("[data-row-link]")
    expect(only).to_have_count(1)
    only.click()
    expect(page.locator("#detail .number").first).to_have_text(number)


def open_in_queue_by_keyboard(page: Page, number: str) -> None:
    tab_to(page, page.get_by_role("link", name=re.compile("待办事项")).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="事项", exact=True)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    only = page.locator("[data-row-link]")
    expect(only).to_have_count(1)
    tab_to(page, only)
    page.keyboard.press("Enter")
    expect(page.locator("#detail .number").first).to_have_text(number)


def partner_order(page: Page, partner_name: str) -> Locator:
    """Where the worker writes when this partner is asked; folded away for those who fit less."""
    return page.get_by_label(f"{partner_name} 第几个问")


def suggested(page: Page) -> list[Locator]:
    """The numbers that the page suggests."""
    return [order for order in page.locator(".order-input").all() if order.input_value()]


def dispatch(page: Page, *partner_names: str) -> None:
    """Ask these partners in this order, instead of those suggested."""
    page.get_by_role("link", name=re.compile("^派单")).first.click()
    for order in suggested(page):
        order.fill("")
    for position, name in enumerate(partner_names, 1):
        if not partner_order(page, name).is_visible():
            page.locator("summary", has_text="也能服务这里").click()
        partner_order(page, name).fill(str(position))
    page.get_by_role("button", name="派给合伙人").click()
    expect(page.get_by_role("heading", name="事项", exact=True)).to_be_visible()


def dispatch_by_keyboard(page: Page, partner_name: str) -> None:
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="派给合伙人")).to_be_visible()
    for order in suggested(page):
        tab_to(page, order)
        page.keyboard.press("Delete")
    order = partner_order(page, partner_name)
    if not order.is_visible():
        tab_to(page, page.locator("summary", has_text="也能服务这里"))
        page.keyboard.press("Enter")
    tab_to(page, order)
    page.keyboard.type("1")
    tab_to(page, page.get_by_role("button", name="派给合伙人"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="事项", exact=True)).to_be_visible()


def offer_of(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)


def take(page: Page, text: str) -> None:
    page.goto("/partner/")
    offer_of(page, text).get_by_role("button", name="接单").click()
    expect(page.get_by_text("接到了！")).to_be_visible()


def decline(page: Page, text: str, reason: str) -> None:
    page.goto("/partner/")
    offer = offer_of(page, text)
    offer.locator("summary", has_text="不接").click()
    offer.get_by_role("button", name=reason).click()
    expect(page.get_by_text("已告诉社区")).to_be_visible()


def record(page: Page, note: str, photos: Sequence[Path] = ()) -> None:
    """On the page of the work in hand: what was done, with pictures."""
    page.get_by_label("办好了").check()
    page.get_by_label("做了什么").fill(note)
    if photos:
        page.get_by_label("拍照片").set_input_files([str(path) for path in photos])
    page.get_by_role("button", name="提交，请居民确认").click()
    expect(page.get_by_text("已记录，等居民确认。")).to_be_visible()


def confirm(page: Page, link: str, score: str, comment: str) -> None:
    page.goto(link)
    answer = page.locator("#answer")
    answer.get_by_label(score, exact=True).check()
    answer.get_by_label("想说的话").fill(comment)
    answer.get_by_role("button", name="解决了", exact=True).click()
    expect(page.get_by_text("谢谢您！已记下：解决了。")).to_be_visible()


def send_back(page: Page, link: str, reason: str) -> None:
    page.goto(link)
    answer = page.locator("#answer")
    answer.locator("summary", has_text="没解决").click()
    answer.get_by_label("哪里没解决").fill(reason)
    answer.get_by_role("button", name="没解决，请再办").click()
    expect(page.get_by_text("已退回，社区会重新安排。")).to_be_visible()


def track(page: Page) -> list[str]:
    """The lines of the timeline, newest first, without what is said to screen readers alone."""
    lines = page.locator(".timeline-what").all_inner_texts()
    return [line.split("（")[0].strip() for line in lines]


def figures(visitor: Visitor) -> dict[str, str]:
    """What the statistics page says, by the label of each figure, with numerator and denominator."""
    visitor.page.goto("/work/requests/statistics/")
    shown = visitor.page.locator(".figure").all()
    return {
        figure.locator(".figure-label").inner_text(): " ".join(
            figure.locator(".figure-value, .figure-more").all_inner_texts()
        )
        for figure in shown
    }


def numbers_in(text: str) -> list[int]:
    """
    >>> numbers_in("94.9%  解决 1,392 / 已答复 1,413")
    [94, 9, 1392, 1413]
    """
    return [int(digits) for digits in re.findall(r"\d+", text.replace(",", ""))]
