"""The client page in the real Chromium: none is wider than its window, axe finds nothing, keys reach
all. `make page`; it needs Debian's chromium and the extra `page`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = (320, 390, 1440)


def looked_at(browser: Any, site: Path, pictures: Path) -> list[str]:
    """What is wrong with any page at any width, and with text of twice the size."""
    found = []
    pages = sorted(site.rglob("*.html"))
    for width in WIDTHS:
        for scale in (1, 2):
            page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
            for path in pages:
                page.goto(path.as_uri())
                page.add_style_tag(content=f"html {{ font-size: {scale * 100}% }}")
                where = f"{path.relative_to(site)} at {width} px, text {scale * 100}%"
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{where}: is {wide} px wide")
                found += [f"{where}: {one['id']}" for one in Axe().run(page).response["violations"]]
                picture = f"{path.stem}-{width}-{scale * 100}.png"
                page.screenshot(path=str(pictures / picture), full_page=True)
    page = browser.new_context(java_script_enabled=True).new_page()
    for path in pages:
        page.goto(path.as_uri())
        links = page.evaluate("document.querySelectorAll('a[href], input, [tabindex]').length")
        reached = set()
        for _ in range(links):
            page.keyboard.press("Tab")
            at = (
                "[...document.querySelectorAll('a[href], input, [tabindex]')].indexOf(document.activeElement)"
            )
            reached.add(page.evaluate(at))
        if reached != set(range(links)):
            found.append(f"{path.relative_to(site)}: the keyboard reaches {len(reached)} of {links} places")
    return found


def main() -> int:
    site, pictures = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        found = looked_at(browser, site, pictures)
        browser.close()
    for one in found:
        print(one)
    print(f"{len(found)} found; look at the pictures in {pictures}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
