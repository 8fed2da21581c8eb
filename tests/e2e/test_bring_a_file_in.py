"""A workbook with Chinese headings from a clerk's hand into the register, in a real browser.

Faults are shown, a copy with the reasons is saved, the mended file is sent, looked at, confirmed, and its
account stands on the register page. Pictures of the pages in both languages and two widths stay in
`screenshots/` of the test's data folder, whose path is printed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from common.sheets.writing import write_xlsx
from config.demo import free_port
from registry import uploads
from tests import installation as installations
from tests.e2e.browser import chromium, person, sign_in
from tests.e2e.test_judge_alert_acknowledge import PASSWORD, choose_password, running
from tests.installation import Installation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.smoke]
HEADINGS = ["账号名称", "平台", "我们的编号", "主办单位", "行政区划代码", "单位类别", "运行状态"]
SOUND = {
    "账号名称": "金水卫健",
    "平台": "微博",
    "我们的编号": "5500000001",
    "主办单位": "郑州市金水区卫生健康委员会",
    "行政区划代码": "410105",
    "单位类别": "部门",
    "运行状态": "运行",
}
OTHER = {**SOUND, "账号名称": "金水疾控", "我们的编号": "5500000002"}
WRONG = {**OTHER, "行政区划代码": "419999", "运行状态": "天上"}
LOOKS = [("zh", 1280), ("zh", 390), ("en", 1280), ("en", 390)]


@dataclass
class Clerk:
    """Who brings the files in, with a browser and a folder of files."""

    house: Installation
    page: "Page"
    files: Path
    widest: dict[str, int] = field(default_factory=dict)

    def workbook(self, name: str, *rows: Mapping[str, str]) -> Path:
        """A workbook as an office keeps one: a title over the headings."""
        path = self.files / name
        write_xlsx(path, {"新媒体账号": (HEADINGS, [list(row.values()) for row in rows])})
        return path

    def send(self, path: Path) -> None:
        """Choose the file, send it, and wait until it was read."""
        self.page.goto("/imports/")
        self.page.locator("#registry_file").set_input_files(path)
        self.page.get_by_role("button", name="上传并检查").first.click()
        self.page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))
        self.wait_until_read()

    def wait_until_read(self) -> None:
        """The page renews itself until nothing is at work."""
        self.page.wait_for_selector("progress", state="detached", timeout=60_000)

    def picture(self, name: str) -> None:
        """The page in both languages and two widths, and how wide it came out."""
        folder = self.house.folder / "screenshots"
        folder.mkdir(exist_ok=True)
        for language, width in LOOKS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if language == "en" and self.page.locator("html").get_attribute("lang") != "en":
                self.page.get_by_role("button", name="English").click()
                self.page.wait_for_selector("html[lang=en]")
            self.widest[f"{name} {language} {width}"] = (
                int(self.page.evaluate("document.documentElement.scrollWidth")) - width
            )
            self.page.screenshot(path=folder / f"{name}-{language}-{width}.png", full_page=True)
        self.page.get_by_role("button", name="中文").click()
        self.page.set_viewport_size({"width": 1280, "height": 800})


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def house(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with an empty register, where Gao supervises Zhengzhou."""
    address = f"http://127.0.0.1:{free_port(0)}"
    house = installations.empty(tmp_path_factory.mktemp("house") / "var", {"ZHENWEI_PUBLIC_URL": address})
    gao = ["gao", "--role", "supervisor", "--scope", "410100", "--full-name", "高洁"]
    password = re.findall(r"one-time password: (\S+)", house.run("users", "add", *gao))[0]
    with running(house):
        with person(browser, address) as page:
            sign_in(page, "gao", password)
            choose_password(page, password)
        yield house
    print(f"screenshots: {house.folder / 'screenshots'}")  # noqa: T201 (for the person who looks at them)


@pytest.fixture
def clerk(browser: "Browser", house: Installation, tmp_path: Path) -> Iterator[Clerk]:
    """Gao, signed in; any complaint of the browser fails the test, but that a file is too large."""
    with person(browser, house.settings["ZHENWEI_PUBLIC_URL"], expected="status of 413") as page:
        sign_in(page, "gao", PASSWORD)
        yield Clerk(house, page, tmp_path)


def test_a_workbook_is_sent_mended_mapped_confirmed_and_stands_in_the_register(clerk: Clerk) -> None:
    page = clerk.page
    page.goto("/imports/")
    clerk.picture("imports-empty")

    clerk.send(clerk.workbook("台账.xlsx", SOUND, WRONG))
    assert page.locator(".state.refused").is_visible()
    clerk.picture("columns")
    page.get_by_label("我们的编号").select_option("platform_uid")
    page.get_by_label("把各列含义存为方案，名称").fill("郑州格式")
    page.get_by_role("button", name="重新检查").click()
    clerk.wait_until_read()

    assert "419999" in page.locator("table.faults").inner_text()
    clerk.picture("faults")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载标注错误原因的副本").click()
    saved.value.save_as(clerk.files / "copy.xlsx")
    copy = openpyxl.load_workbook(clerk.files / "copy.xlsx")
    reasons = [row[0] for row in copy.worksheets[0].iter_rows(values_only=True)]
    assert saved.value.suggested_filename.endswith(".xlsx")
    assert reasons[0] == "错误原因" and not reasons[1] and "没有这个行政区划代码" in str(reasons[2])

    mended = clerk.workbook("台账（已改）.xlsx", SOUND, OTHER)
    page.goto("/imports/")
    page.locator("#registry_profile").select_option("郑州格式")
    page.locator("#registry_file").set_input_files(mended)
    page.get_by_role("button", name="上传并检查").first.click()
    clerk.wait_until_read()
    assert page.locator(".state.checked").is_visible()
    clerk.picture("preview")
    page.get_by_role("button", name="确认导入这个文件").click()
    clerk.wait_until_read()
    assert page.locator(".state.taken").is_visible()
    clerk.picture("taken")

    page.goto("/registry/?show=accounts&q=金水疾控")
    assert page.get_by_text("金水疾控").first.is_visible()
    page.goto("/imports/")
    clerk.picture("imports")
    assert {name: over for name, over in clerk.widest.items() if over > 0} == {}


def test_a_file_that_is_too_large_is_told_before_and_after_it_is_sent(clerk: Clerk) -> None:
    large = clerk.files / "太大.csv"
    with large.open("wb") as file:
        file.truncate(uploads.LIMITS["registry"] + uploads.MIB)
    page, kept = clerk.page, set((clerk.house.folder / "imports").glob("*"))
    page.goto("/imports/")
    told = page.get_by_text("文件超过 64 MiB").first
    assert not told.is_visible()
    page.locator("#registry_file").set_input_files(large)
    assert told.is_visible()
    page.evaluate("document.querySelector('form[data-most]').dataset.most = 9999")
    page.get_by_role("button", name="上传并检查").first.click()
    page.wait_for_selector("[role=alert]")
    assert "文件过大，上限 64 MiB" in page.locator("[role=alert]").first.inner_text()
    assert set((clerk.house.folder / "imports").glob("*")) == kept
