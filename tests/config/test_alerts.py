"""`zhenwei alerts`: explain, list, resend."""

from datetime import timedelta

import pytest

from alerting.fan_out import fan_out
from alerting.models import Alert, Delivery
from audit_logs.models import Event
from common import clock
from config.cli import main
from registry.models import Contact
from tests import cast
from tests.alerting import world
from tests.alerting.world import NOON
from tests.registry.reference import started  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("started")]


class Terminal:
    """Runs `zhenwei alerts` and keeps what it printed."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def done(self, *words: str) -> str:
        assert main(["alerts", *words]) == 0
        out, err = self._capture.readouterr()
        assert err == ""
        return out

    def refused(self, *words: str) -> str:
        assert main(["alerts", *words]) == 2
        out, err = self._capture.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        return err


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def block(text: str, line: str) -> list[str]:
    """The rows of the table of one line of offices, below its heading."""
    return text.split(f"{line}: ", 1)[1].split("\n\n")[0].splitlines()[3:]


def test_of_a_case_not_confirmed_it_says_who_would_be_told(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    case = world.opened(place)
    out = terminal.done("explain", case.number)
    assert "若确认仿冒，将通知" in out
    assert "研判之前" not in out
    told = block(out, "sponsor unit")
    assert told[0].startswith("1 立即 at once")
    assert "主办甲" in told[0]
    assert "邮件 mail" in told[0]
    assert told[1].startswith("2 替补 substitute")
    assert "公安" not in out


def test_of_a_new_s1_it_says_first_who_is_told_before_judgement(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    case = world.opened(place, "S1")
    fan_out(NOON)
    before, after = terminal.done("explain", str(case.pk)).split("若确认仿冒")
    assert "网信" not in before
    assert "待发 to be sent" in block(before, "sponsor unit")[0]
    assert block(after, "cyberspace office")
    assert block(after, "public security")


def test_what_was_told_is_marked(terminal: Terminal, place: cast.Province, everybody: cast.Cast) -> None:
    world.contacts(place)
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    Delivery.objects.filter(alert__line="cac").update(outcome="delivered", done_at=NOON)
    Delivery.objects.filter(alert__line="sponsor").update(outcome="parked", done_at=NOON)
    out = terminal.done("explain", case.number.lower())
    assert "已确认" in out
    assert "已送达 delivered" in block(out, "cyberspace office")[0]
    assert "未送达 parked" in block(out, "sponsor unit")[0]
    assert "待发 to be sent" in block(out, "duty desk")[0]


def test_missing_contacts_stand_in_their_place_with_the_mend(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    cast.contact("cac", place.henan, "省cac")
    case = world.opened(place)
    out = terminal.done("explain", case.number)
    rows = block(out, "cyberspace office")
    assert rows[0].startswith("缺 missing")
    assert "郑州市（网信）" in rows[0]
    assert "省cac" in rows[1]
    assert "zhenwei import contacts FILE" in out


def test_a_person_with_a_phone_only_is_named_with_it(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    cast.contact("sponsor", place.kaifeng_account.unit, "开主", email="", phone="000-7")
    case = cast.case(place.kaifeng_account, name="开卦发布", at=NOON)
    assert "开主  仅电话 000-7" in terminal.done("explain", case.number)


@pytest.mark.parametrize("number", ["ZW-2026-999999", "ZW-1999-000001", "0", "x", "42; drop", "١"])
def test_a_case_that_is_not_there_is_bad_input(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast, number: str
) -> None:
    world.opened(place)
    assert "write it as ZW-2026-000042" in terminal.refused("explain", number)


def test_nothing_open_is_said(terminal: Terminal) -> None:
    assert "Nothing is open" in terminal.done("list")


def test_the_list_holds_all_that_waits(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    cast.contact("duty", place.zhengzhou, "市duty")
    case = world.confirmed(place, everybody)
    fan_out(NOON)
    lost = Delivery.objects.filter(alert__kind="confirmed").get()
    Delivery.objects.filter(pk=lost.pk).update(outcome="parked", done_at=NOON, reason="550 no such user")
    out = terminal.done("list")
    assert f"待确认的预警 Unacknowledged: {Alert.objects.count()}" in out
    assert f"{lost.pk[:12]}  {case.number}" in out
    assert "550 no such user" in out
    assert "缺少联系人 Missing contacts: 5" in out


def test_a_parked_message_is_sent_again_by_the_number_in_the_mail(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    world.confirmed(place, everybody)
    fan_out(NOON)
    lost = Delivery.objects.filter(alert__line="cac").get()
    Delivery.objects.filter(pk=lost.pk).update(outcome="parked", done_at=NOON, tries=10, reason="550")
    assert lost.pk in terminal.done("resend", lost.pk[:12])
    again = Delivery.objects.get(pk=lost.pk)
    assert (again.outcome, again.done_at, again.tries, again.resends) == ("", None, 0, 1)
    assert bytes(again.body) == bytes(lost.body)
    assert again.next_at > NOON - timedelta(days=1)
    assert Event.objects.filter(action="delivery.resend", subject_id=lost.pk).count() == 1


def test_all_that_was_parked_today_is_sent_again_each_on_record(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    world.confirmed(place, everybody)
    fan_out(NOON)
    now = clock.now()
    lost = Delivery.objects.filter(alert__kind="confirmed")
    lost.update(outcome="parked", done_at=now, tries=1, reason="550")
    lost.filter(alert__line="supervision").update(done_at=now - timedelta(days=1))
    left = lost.get(alert__line="duty")
    Contact.objects.filter(line="duty").update(valid_to=now.date() - timedelta(days=2))
    out = terminal.done("resend", "--parked")
    assert out.startswith("将重发 to be sent again: 2\n")
    assert left.pk[:12] in out
    assert {row.alert.line for row in lost.filter(outcome="")} == {"sponsor", "cac"}
    assert Event.objects.filter(action="delivery.resend").count() == 2


def test_what_cannot_be_sent_again_says_why(
    terminal: Terminal, place: cast.Province, everybody: cast.Cast
) -> None:
    world.contacts(place)
    world.confirmed(place, everybody)
    fan_out(NOON)
    assert "there is no message" in terminal.refused("resend", "0123456789ab")
    assert "write the number" in terminal.refused("resend", "../etc")
    waiting = Delivery.objects.filter(alert__line="cac").get()
    assert "still under way" in terminal.refused("resend", waiting.pk)
