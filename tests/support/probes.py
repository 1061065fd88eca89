"""Questions put to a page in the browser; each answers with a list of faults, empty when all is well.

They run through the debugging protocol, so a strict content security policy does not stop them, and they
work on pages whose own JavaScript is switched off, except axe.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

ROOT = Path(__file__).resolve().parents[2]
AXE_PLACES = ("var/build/node_modules", "node_modules")
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCAL_SCHEMES = ("data", "blob", "about")
# The elder-mode norm: sizes in CSS pixels.
ELDER_TEXT_PX, ELDER_TARGET_PX, ELDER_LINE_RATIO = 18, 60, 1.3

# Shared by the page-side scripts: what is seen at all, and how a person would find it.
PAGE_HELPERS = """
const seen = (element) => {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  return box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0
    && style.visibility === 'visible' && style.opacity !== '0'
    && !element.closest('[hidden], [inert], details:not([open]) > :not(summary)');
};
const named = (element) => {
  const text = (element.innerText || element.getAttribute('aria-label') || element.name || '').trim();
  const classes = typeof element.className === 'string' ? element.className.trim().split(/\\s+/).join('.') : '';
  return `<${element.tagName.toLowerCase()}${classes && '.' + classes}> ${text.slice(0, 24)}`;
};
"""

OVERFLOW = """
() => {
  const root = document.documentElement, faults = [];
  if (root.scrollWidth <= root.clientWidth) return faults;
  const wide = [...document.body.querySelectorAll('*')].filter((element) => {
    if (!seen(element) || element.getBoundingClientRect().right <= root.clientWidth + 0.5) return false;
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement)
      if (getComputedStyle(above).overflowX !== 'visible') return false;
    return true;
  });
  const names = wide.slice(-3).map(named).join(', ');
  return [`overflow: the page is ${root.scrollWidth} px wide in ${root.clientWidth} px, by ${names}`];
}
"""

ELDER = """
([text_px, target_px, line_ratio]) => {
  const faults = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !seen(element) || element.closest('script, style, noscript, svg')) continue;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight);
    if (size < text_px) faults.add(`elder: text of ${size} px in ${named(element)}`);
    if (!(line / size >= line_ratio - 0.005))
      faults.add(`elder: line height ${style.lineHeight} at ${size} px in ${named(element)}`);
  }
  const targets = 'a[href], button, select, textarea, summary, input:not([type=hidden]), [role=button], [tabindex="0"]';
  for (const element of document.querySelectorAll(targets)) {
    const label = element.labels && ['checkbox', 'radio'].includes(element.type) ? element.labels[0] : null;
    const target = label || (element.type === 'file' && element.labels?.[0]) || element;
    if (!seen(target) || in_running_text(target)) continue;
    const box = target.getBoundingClientRect();
    if (box.width < target_px - 0.5 || box.height < target_px - 0.5)
      faults.add(`elder: target of ${Math.round(box.width)} x ${Math.round(box.height)} px: ${named(target)}`);
  }
  return [...faults];

  // As in WCAG 2.5.8: a link inside a sentence takes the height of its line.
  function in_running_text(element) {
    return element.tagName === 'A' && getComputedStyle(element).display === 'inline'
      && [...element.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  }
}
"""

AXE = """
async (tags) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return found.violations.map((fault) =>
    `axe ${fault.id} (${fault.impact}): ${fault.help}: ` + fault.nodes.slice(0, 3).map((node) => node.html).join(' | '));
}
"""


def with_helpers(script: str) -> str:
    return f"(argument) => {{ {PAGE_HELPERS} return ({script.strip()})(argument); }}"


def overflow_faults(page: Page) -> list[str]:
    """A page that scrolls sideways, with the elements that stick out."""
    return page.evaluate(with_helpers(OVERFLOW))


def elder_faults(page: Page) -> list[str]:
    """Text, line height and touch targets below the elder-mode norm."""
    return page.evaluate(with_helpers(ELDER), [ELDER_TEXT_PX, ELDER_TARGET_PX, ELDER_LINE_RATIO])


def axe_violations(page: Page) -> list[str]:
    """WCAG 2.2 AA as far as a machine can see it."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(axe_source())
    return page.evaluate(AXE, WCAG_TAGS)


@cache
def axe_source() -> str:
    places = [ROOT / place / "axe-core" / "axe.min.js" for place in AXE_PLACES]
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise FileNotFoundError("axe-core is not installed: python tools/build_assets.py --force")
    # Wrapped, since the file is statements and a page would otherwise offer its `define` or `module` to it.
    return f"() => {{ {found.read_text(encoding='utf-8')} ; }}"


class Watch:
    """Listens to a page from its first request on."""

    def __init__(self, page: Page, home_url: str) -> None:
        self._home = urlsplit(home_url).netloc
        self._faults: list[str] = []
        self.expects_failures = False
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self._faults.append(f"script error: {error.message}"))

    def faults(self) -> list[str]:
        """What was noted since the last call."""
        noted, self._faults = self._faults, []
        return noted

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.netloc != self._home:
            self._faults.append(f"foreign request: {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        """A refused form answers 4xx, which the browser logs as an error; journeys that mean it say so."""
        is_meant = self.expects_failures and "Failed to load resource" in message.text
        if message.type == "error" and not is_meant:
            self._faults.append(f"console error: {message.text}")
