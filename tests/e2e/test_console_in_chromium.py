"""The console in a real browser, over the demo as a newcomer starts it: sign in, look, print.

Needs Playwright and Chromium; skipped by name where one is missing. The screenshots of every page in both
languages stay in `screenshots/` of the test's data folder, whose path is printed.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from common.datafolder import CHECKOUT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make .venv/e2e")
CHROMIUM = Path("/usr/bin/chromium")
PAGES = {"start": "/", "suspects": "/suspects/", "findings": "/findings/", "coverage": "/coverage/"}
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PASSWORD = re.compile(r"^\s+reviewer\s+(\S+)")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed: apt install chromium"),
]


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
    address, seen = "", []
    assert process.stdout is not None
    for line in process.stdout:
        seen.append(line)
        if "控制台" in line and (found := ADDRESS.search(line)):
            address = found.group()
        if address and (password := PASSWORD.match(line.rstrip())):
            _wait_for(address)
            return Demo(address, password.group(1), folder)
    pytest.fail("the demo ended before it served:\n" + "".join(seen[-20:]))


def _wait_for(address: str) -> None:
    """Until the console answers: it says where it will be before it is there."""
    for _ in range(100):
        try:
            with urlopen(f"{address}/health") as answer:  # noqa: S310 (loopback)
                assert answer.status == 200
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium without a window."""
    # A container's root cannot use the sandbox; an ordinary user keeps it.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser", demo: Demo) -> Iterator["Page"]:
    """The reviewer, signed in, in Chinese; any complaint of the browser fails the test."""
    context = browser.new_context(
        base_url=demo.address, locale="zh-CN", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/")
    page.get_by_label("用户名").fill("reviewer")
    page.get_by_label("密码").fill(demo.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    yield page
    context.close()
    assert complaints == []


def test_the_first_suspect_stands_beside_the_genuine_account(page: "Page") -> None:
    page.goto("/suspects/?kind=visual_homoglyph")
    page.locator("a.name").first.click()
    page.wait_for_url("**/suspects/*/**")
    for side in ("genuine", "doubtful"):
        marked = page.locator(f".sides .names .{side} mark")
        assert marked.first.is_visible()
        assert page.locator(f".sides .chars .{side}").first.inner_text().count("U+") >= 1
    assert re.fullmatch("[0-9a-f]{64}", page.locator("dt:has-text('SHA-256') + dd").first.inner_text())


def test_the_keys_lead_from_suspect_to_suspect_and_back(page: "Page") -> None:
    page.goto("/suspects/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suspects/*/")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.keyboard.press("u")
    page.wait_for_url("**/suspects/")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_fits_in_both_languages(language: str, width: int, page: "Page", demo: Demo) -> None:
    pictures = demo.folder / "screenshots"
    pictures.mkdir(exist_ok=True)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/suspects/")
    suspect = page.locator("a.name").first.get_attribute("href") or ""
    if language == "en":
        page.get_by_role("button", name="English").click()
    for name, address in {**PAGES, "suspect": suspect, "password": "/password/"}.items():
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        page.screenshot(path=pictures / f"{name}-{language}-{width}.png", full_page=True)
    print(f"screenshots: {pictures}")  # noqa: T201 (for the person who looks at them)


def test_a_suspect_prints_on_a4_without_the_menu(page: "Page", demo: Demo) -> None:
    page.goto("/suspects/")
    page.locator("a.name").first.click()
    page.wait_for_url("**/suspects/*/")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.locator(".printed").is_visible()
    assert page.locator("#h-capture").is_visible()
    page.pdf(path=demo.folder / "suspect.pdf", prefer_css_page_size=True)
    assert (demo.folder / "suspect.pdf").read_bytes().startswith(b"%PDF")
