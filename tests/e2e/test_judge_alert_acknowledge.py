"""From suspect to answer, as people do it: judge in the browser, be told, acknowledge by the link, prove it.

Real processes, real SMTP, real webhooks, Chromium. On every build mail goes to the demo's own mailbox and
webhooks to a receiver with the PyPI package standardwebhooks; `make e2e` tells it to maildev and to the npm
package too. What each party saw is kept, the service is stopped, and the tests look at that.
"""

import csv
import json
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from config.demo import free_port
from tests import installation as installations
from tests.e2e import outside
from tests.e2e.browser import chromium, person, sign_in
from tests.e2e.outside import Call, Post, Receiver
from tests.installation import HENAN, Installation, example_platform, small_province

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
JUDGE, PASSWORD = "li.ming", "jade-lantern-over-the-river"
PROMISE = "由办公室核实，今日内举报"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/acknowledge/[^\s/]+/")


@dataclass
class Story:
    """What happened: the case, what each party saw, and the installation as it was left."""

    installation: Installation
    province: Path
    case: int
    number: str
    name: str
    division: str
    mails: list[EmailMessage] = field(default_factory=list)
    calls: dict[str, list[Call]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    acknowledged_by_looking: int = -1

    def sponsor(self) -> str:
        """The mail address of whoever was told as the sponsor."""
        ((address,),) = self.installation.query(
            """SELECT d.address FROM alerting_delivery d JOIN alerting_alert a ON a.id = d.alert_id
            WHERE a.line = 'sponsor' AND a.case_id = ?""",
            self.case,
        )
        return str(address)

    def mail_to(self, address: str) -> EmailMessage:
        """The only mail to `address`."""
        (mail,) = [mail for mail in self.mails if address in str(mail["To"])]
        return mail


@pytest.fixture(scope="module", params=[pytest.param("own", marks=pytest.mark.smoke), "foreign"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The whole way, with our own receivers or foreign ones."""
    folder = tmp_path_factory.mktemp(str(request.param))
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        receivers = {"PyPI": stack.enter_context(outside.python_receiver())}
        if request.param == "foreign":
            packages = outside.npm(tmp_path_factory.getbasetemp() / "npm")
            receivers["npm"] = stack.enter_context(outside.node_receiver(folder, packages))
            post = stack.enter_context(outside.maildev(folder / "mail", packages))
        else:
            post = stack.enter_context(outside.own_post(folder / "mail"))
        province = small_province(folder / "province")
        home = stack.enter_context(example_platform(province))
        told = _scanned(folder, province, home, post, receivers)
        password = _one_time_password(told.installation)
        with running(told.installation) as address:
            _walk(told, browser, address, password, post)
        told.mails = post.mails()
        told.calls = {name: receiver.calls for name, receiver in receivers.items()}
    told.installation.run("sequence", "--once")
    return told


def _scanned(folder: Path, province: Path, home: str, post: Post, receivers: dict[str, Receiver]) -> Story:
    """An installation that has scanned, knows whom to tell, and by which channels."""
    port = free_port(0)
    settings = installations.loopback(
        home, *(receiver.address.removesuffix("/alerts") for receiver in receivers.values())
    ) | {
        "ZHENWEI_SMTP_HOST": "127.0.0.1",
        "ZHENWEI_SMTP_PORT": str(post.port),
        "ZHENWEI_SMTP_SECURITY": "none",
        "ZHENWEI_MAIL_FROM": "甄伪 <alerts@zhenwei.invalid>",
        "ZHENWEI_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    house = installations.empty(folder / "var", settings)
    installations.fill(house.run, province, home)
    house.run("import", "contacts", str(_contacts(folder / "contacts.csv", province)))
    house.run("scan")
    story = _first_case(house, province)
    for name, receiver in receivers.items():
        place = ["--line", "cac", "--division", story.division]
        shown = house.run("webhooks", "add", receiver.address, *place, "--label", name)
        receiver.trust(re.findall(r"whsec_\S+", shown)[0])
    return story


def _contacts(path: Path, province: Path) -> Path:
    """The example's contacts, of the units that are registered here, and one keeper of each unit."""
    with (province / "registry.csv").open(encoding="utf-8", newline="") as file:
        units = {(row["unit"], row["unit_division"]) for row in csv.DictReader(file)}
    with (HENAN / "联系人.csv").open(encoding="gb18030", newline="") as file:
        known = list(csv.DictReader(file))
    names = {"", *(unit for unit, _ in units)}
    kept = [row for row in known if row["单位名称"] in names and row["联络线"] != "主办单位"]
    for number, (unit, division) in enumerate(sorted(units), 1):
        place = {"行政区划代码": "", "单位名称": unit, "单位行政区划代码": division}
        reach = {"联系人": f"周示{number}", "电子邮箱": f"sponsor.{number}@henan.example"}
        kept.append({**kept[0], "联络线": "主办单位", "办公室": unit, **place, **reach})
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)
    return path


def _first_case(house: Installation, province: Path) -> Story:
    """The head of the work list, as the database has it."""
    ((pk, number, name, division),) = house.query(
        """SELECT c.id, printf('ZW-%s-%06d', strftime('%Y', c.detected_at), c.id), a.name, u.line_division_id
        FROM review_case c JOIN detection_suspect s ON s.id = c.suspect_id
        JOIN registry_account a ON a.id = c.target_id JOIN registry_unit u ON u.id = a.unit_id
        ORDER BY c.severity, s.score DESC, c.id LIMIT 1"""
    )
    return Story(house, province, pk, number, name, division)


def _one_time_password(house: Installation) -> str:
    shown = house.run("users", "add", JUDGE, "--role", "reviewer", "--scope", "410000", "--full-name", "李明")
    return str(re.findall(r"one-time password: (\S+)", shown)[0])


@contextmanager
def running(house: Installation) -> Iterator[str]:
    """`zhenwei run`, ended as an operator ends it; gives the console's address."""
    address = house.settings["ZHENWEI_PUBLIC_URL"]
    with house.start("run", "--port", address.rpartition(":")[2]) as process:
        try:
            outside.until(lambda: _answers(f"{address}/health"), process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert "Traceback" not in output, output


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):  # noqa: S310 (loopback)
            return True
    except URLError:
        return False


def _walk(story: Story, browser: "Browser", address: str, password: str, post: Post) -> None:
    with person(browser, address) as judge:
        sign_in(judge, JUDGE, password)
        choose_password(judge, password)
        _confirm_first_case(judge)
        _wait_until_all_is_sent(story.installation)
        link = LINK.findall(_letter(post, story.sponsor()))[0]
        _acknowledge(story, browser, address, link)
        judge.goto(f"/cases/{story.case}/")
        story.pages["case"] = judge.locator("main").inner_text()


def choose_password(page: "Page", former: str) -> None:
    """A one-time password opens nothing but the page that replaces it."""
    page.wait_for_url("**/password/")
    for box, text in zip(
        page.locator("input[type=password]").all(), (former, PASSWORD, PASSWORD), strict=True
    ):
        box.fill(text)
    page.get_by_role("button", name="修改密码").click()
    page.wait_for_url(lambda url: "password" not in url)


def _confirm_first_case(page: "Page") -> None:
    """With the keyboard alone: the first of the list, a counterfeit, by its name."""
    page.goto("/cases/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*/**")
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def _wait_until_all_is_sent(house: Installation) -> None:
    told = "SELECT count(*), count(done_at) FROM alerting_delivery"
    outside.until(lambda: (counts := house.query(told)[0])[0] == counts[1] > 0)


def _letter(post: Post, address: str) -> str:
    (letter,) = [mail.get_content() for mail in post.mails() if address in str(mail["To"])]
    return str(letter)


def _acknowledge(story: Story, browser: "Browser", address: str, link: str) -> None:
    """Two people open the link of one mail; both send a promise, one after the other; a third looks later."""
    with ExitStack() as stack:
        first, second, third = (stack.enter_context(person(browser, address)) for _ in range(3))
        first.goto(link)
        second.goto(link)
        ((story.acknowledged_by_looking,),) = story.installation.query(
            "SELECT count(acked_at) FROM alerting_alert"
        )
        for name, page, text in (("first", first, PROMISE), ("second", second, "我们也看看")):
            page.locator("textarea").fill(text)
            with page.expect_navigation():
                page.get_by_role("button", name="确认").click()
            story.pages[name] = page.locator("main").inner_text()
        third.goto(link)
        story.pages["third"] = third.locator("main").inner_text()


def test_everybody_who_must_know_gets_one_mail_with_its_chinese_subject(story: Story) -> None:
    told = story.installation.query("SELECT address FROM alerting_delivery WHERE channel = 'mail'")
    assert sorted(mail["To"].addresses[0].addr_spec for mail in story.mails) == sorted(a for (a,) in told)
    assert len({mail["Message-ID"] for mail in story.mails}) == len(story.mails) >= 3
    mail = story.mail_to(story.sponsor())
    assert mail["Subject"].startswith("【甄伪")
    assert story.name in mail["Subject"]
    assert story.number in mail["Subject"]
    assert mail["From"].addresses[0].display_name == "甄伪"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"名称：{story.name}" in mail.get_content()
    assert len(set(LINK.findall("".join(each.get_content() for each in story.mails)))) == len(story.mails)


def test_every_webhook_call_is_verified_by_a_foreign_library(story: Story) -> None:
    for calls in story.calls.values():
        (call,) = calls
        assert call.fault == ""
        assert (call.event["specversion"], call.event["datacontenttype"]) == ("1.0", "application/json")
        assert story.number in json.dumps(call.event, ensure_ascii=False)
        ((kept,),) = story.installation.query("SELECT outcome FROM alerting_delivery WHERE id = ?", call.id)
        assert kept == "delivered"


def test_looking_acknowledges_nothing_and_only_the_first_promise_counts(story: Story) -> None:
    assert story.acknowledged_by_looking == 0
    ((promise, via),) = story.installation.query("SELECT promise, via FROM alerting_acknowledgement")
    assert (PROMISE in promise, via) == (True, "link")
    for page in ("first", "second", "third"):
        assert PROMISE in story.pages[page], page
        assert "我们也看看" not in story.pages[page], page


def test_the_case_shows_who_judged_who_acknowledged_and_when(story: Story) -> None:
    ((by, at),) = story.installation.query("SELECT by, at FROM alerting_acknowledgement")
    assert by in story.pages["third"]
    for shown in (by, PROMISE, "李明", "预警送达", "通知送达"):
        assert shown in story.pages["case"], shown
    # Beijing has no summer time: eight hours ahead of what is stored.
    day, hour, minute = at[:10], (int(at[11:13]) + 8) % 24, at[14:16]
    assert f"{hour:02}:{minute}" in story.pages["case"], (day, story.pages["case"])


def test_nothing_of_it_is_missing_from_an_intact_log(story: Story) -> None:
    assert story.installation.run("audit", "verify").startswith("intact")
    actions = {
        action
        for (action,) in story.installation.query(
            "SELECT DISTINCT json_extract(CAST(body AS TEXT), '$.action') FROM audit_logs_event"
        )
    }
    assert actions >= {
        "session.password_changed",
        "case.opened",
        "case.judge",
        "alert.deliver",
        "alert.acknowledge",
    }
    assert story.installation.leftovers() == []


def test_a_second_scan_raises_nobody_again_but_a_changed_name_does(story: Story, tmp_path: Path) -> None:
    house = story.installation.copy(tmp_path / "var")
    ((home,),) = house.query("SELECT base_url FROM observations_source")
    ((uid,),) = house.query("SELECT uid FROM review_case WHERE id = ?", story.case)
    port = int(home.rpartition(":")[2])  # the same, for addresses of profiles and avatars are part of a face
    before = house.query("SELECT id, state, suspect_id FROM review_case ORDER BY id")
    with example_platform(story.province, port):
        house.run("scan", "--now")
    assert house.query("SELECT id, state, suspect_id FROM review_case ORDER BY id") == before

    with example_platform(_renamed(story.province, tmp_path / "renamed", uid), port):
        house.run("scan", "--now")
    raised = house.query("SELECT uid, earlier_id, state FROM review_case WHERE id > ?", before[-1][0])
    assert raised == [(uid, story.case, "detected")]
    ((outcome, reason),) = house.query(
        """SELECT i.outcome, i.reason FROM review_intake i JOIN review_case c ON c.id = i.case_id
        WHERE c.earlier_id = ?""",
        story.case,
    )
    assert (outcome, "名称" in json.loads(reason)["zh"]) == ("raised", True)


def _renamed(province: Path, folder: Path, uid: str) -> Path:
    """The same province, in which account `uid` calls itself 官方 too."""
    folder.mkdir()
    lines = (province / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
    accounts = [json.loads(line) for line in lines]
    for account in accounts:
        if account["uid"] == uid:
            account["name"] += "官方"
    text = "".join(json.dumps(account, ensure_ascii=False) + "\n" for account in accounts)
    (folder / "accounts.jsonl").write_text(text, encoding="utf-8")
    return folder
