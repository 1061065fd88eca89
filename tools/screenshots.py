"""Take the pictures of README and docs: a fresh demo county, three people, one overview.

make screenshots        writes docs/pictures/*.png
"""

from __future__ import annotations

import base64
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PEOPLE = 20_000
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402

from tests.support.browser import PERSONAS, running_browser, visit  # noqa: E402
from tests.support.server import Server, running_server  # noqa: E402

OVERVIEW = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 28px; display: flex; gap: 24px; align-items: flex-end; background: #e9edf0;
  width: max-content }}
img {{ display: block; height: 560px; border: 1px solid #b9c3ca; border-radius: 10px; background: #fff }}
</style>{images}"""


@dataclass(frozen=True)
class Scene:
    """One picture: who looks, as which demo account (none: without signing in), at which address.

    `presses` is a link to follow first, as a CSS selector; `shows` is what must be there before the picture is taken.
    """

    name: str
    persona: str
    account: str | None
    path: str
    presses: str = ""
    shows: str = "h1"


SCENES = (
    Scene("resident", "居民", "wangnainai", "/me/"),
    Scene("workbench", "小李", "xiaoli", "/work/requests/", "[data-row-link] >> nth=1", "#detail .timeline"),
    Scene("partner", "店主", "weixiu", "/partner/"),
)


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="mulin-pictures-") as home,
        running_server(Path(home), demo_people=PEOPLE) as server,
        running_browser() as browser,
    ):
        taken = [take(browser, server, scene) for scene in SCENES]
        compose(browser, taken)
    return 0


def take(browser: Browser, server: Server, scene: Scene) -> Path:
    with visit(browser, PERSONAS[scene.persona], server.url) as visitor:
        if scene.account:
            sign_in(visitor.page, scene.account, server.demo_password())
        visitor.page.goto(scene.path)
        if scene.presses:
            visitor.page.locator(scene.presses).click()
        visitor.page.locator(scene.shows).first.wait_for()
        visitor.page.wait_for_load_state("networkidle")
        visitor.probe()
        path = PICTURES / f"{scene.name}.png"
        visitor.page.screenshot(path=path, animations="disabled")
    print(path.relative_to(ROOT))
    return path


def sign_in(page: Page, account: str, password: str) -> None:
    page.goto("/account/sign-in/")
    page.fill("input[name=login]", account)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


def compose(browser: Browser, pictures: list[Path]) -> None:
    """Side by side, as README shows them."""
    encoded = (base64.b64encode(path.read_bytes()).decode() for path in pictures)
    images = "".join(f'<img src="data:image/png;base64,{data}">' for data in encoded)
    page = browser.new_page(viewport={"width": 1800, "height": 620})
    page.set_content(OVERVIEW.format(images=images))
    path = PICTURES / "overview.png"
    page.locator("body").screenshot(path=path)
    page.close()
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
