"""The console in a real browser, over the demo as a newcomer starts it: sign in, look, print.

Needs Playwright and Chromium; skipped by name where one is missing. The screenshots of every page in both
languages stay in `screenshots/` of the test's data folder, whose path is printed.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from common.datafolder import CHECKOUT
from tests.e2e.browser import chromium, person, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = {
    "start": "/",
    "cases": "/cases/",
    "alerts": "/alerts/",
    "contacts": "/contacts/",
    "mailbox": "/mailbox/",
    "findings": "/findings/",
    "coverage": "/coverage/",
    "password": "/password/",
}
ADDRESS = re.compile(r"控制台 The console: (http://127\.0\.0\.1:\d+)/")
PASSWORD = re.compile(r"^\s+reviewer\s+(\S+)")

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Demo:
    """A running demo: where its console answers, the reviewer's password, its data folder."""

    address: str
    password: str
    folder: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`zhenwei demo` on a free port, in a data folder of its own, ended as a person ends it."""
    folder = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "demo", "--port", "0"],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _announced(process, folder)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _announced(process: "subprocess.Popen[str]", folder: Path) -> Demo:
    """The demo says where it is once it answers there."""
    address, seen = "", []
    assert process.stdout is not None
    for line in process.stdout:
        seen.append(line)
        if found := ADDRESS.search(line):
            address = found.group(1)
        if address and (password := PASSWORD.match(line)):
            return Demo(address, password.group(1), folder)
    pytest.fail("the demo ended before it served:\n" + "".join(seen[-20:]))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: "Browser", demo: Demo) -> Iterator["Page"]:
    """The reviewer, signed in, in Chinese; any complaint of the browser fails the test."""
    with person(browser, demo.address) as page:
        sign_in(page, "reviewer", demo.password)
        yield page


def test_the_first_suspect_stands_beside_the_genuine_account(page: "Page") -> None:
    page.goto("/cases/?kind=look_alike")
    page.locator("a.name").first.click()
    page.wait_for_url("**/cases/*/**")
    for side in ("genuine", "doubtful"):
        marked = page.locator(f".sides .names .{side} mark")
        assert marked.first.is_visible()
        assert page.locator(f".sides .chars .{side}").first.inner_text().count("U+") >= 1
    assert re.fullmatch("[0-9a-f]{64}", page.locator("dt:has-text('SHA-256') + dd").first.inner_text())


def test_the_keys_lead_from_case_to_case_and_back(page: "Page") -> None:
    page.goto("/cases/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*/**")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.keyboard.press("u")
    page.wait_for_url(lambda url: url.partition("?")[0].endswith("/cases/"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_fits_in_both_languages(language: str, width: int, page: "Page", demo: Demo) -> None:
    pictures = demo.folder / "screenshots"
    pictures.mkdir(exist_ok=True)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/cases/")
    case = (page.locator("a.name").first.get_attribute("href") or "").partition("?")[0]
    if language == "en":
        page.get_by_role("button", name="English").click()
    for name, address in {**PAGES, "case": case, "sheet": f"{case}sheet/"}.items():
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        page.screenshot(path=pictures / f"{name}-{language}-{width}.png", full_page=True)
    print(f"screenshots: {pictures}")  # noqa: T201 (for the person who looks at them)


def test_a_case_sheet_prints_on_a4_without_the_menu(page: "Page", demo: Demo) -> None:
    page.goto("/cases/")
    case = (page.locator("a.name").first.get_attribute("href") or "").partition("?")[0]
    page.goto(f"{case}sheet/")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    page.pdf(path=demo.folder / "sheet.pdf", prefer_css_page_size=True)
    assert (demo.folder / "sheet.pdf").read_bytes().startswith(b"%PDF")
