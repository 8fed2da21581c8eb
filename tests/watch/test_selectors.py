"""Reading findings."""

from tests import cast as people
from tests.cast import Cast, Province
from watch import selectors
from watch.models import Finding


def test_each_sees_the_findings_about_its_own_accounts(place: Province, everybody: Cast) -> None:
    people.finding(place.zhengzhou_account)
    people.finding(place.guangdong_account)
    seen = {user.username: selectors.visible_findings(user).count() for user in everybody}
    assert seen == {user.username: int(user != everybody.auditor) for user in everybody}


def test_only_the_newest_row_of_a_rule_says_how_an_account_stands(place: Province, everybody: Cast) -> None:
    people.finding(place.zhengzhou_account, "lapsed")
    Finding.objects.update(is_newest=False)
    newest = people.finding(place.zhengzhou_account, "in_time", "")
    assert list(selectors.visible_findings(everybody.reviewer)) == [newest]


def test_not_observed_stands_before_in_time(place: Province, everybody: Cast) -> None:
    for verdict in ("in_time", "not_observed", "lapsed", "due_soon"):
        people.finding(people.account(verdict, "h", place.kaifeng_account.unit, verdict), verdict, "")
    found = [finding.verdict for finding in selectors.visible_findings(everybody.reviewer)]
    assert found == ["lapsed", "due_soon", "not_observed", "in_time"]


def test_every_verdict_is_counted_also_one_without_a_row(place: Province, everybody: Cast) -> None:
    people.finding(place.zhengzhou_account, "not_observed", "")
    assert selectors.by_verdict(selectors.visible_findings(everybody.reviewer)) == {
        "lapsed": 0,
        "due_soon": 0,
        "not_observed": 1,
        "in_time": 0,
    }


def test_never_judged_are_the_accounts_in_service_without_a_finding(place: Province, everybody: Cast) -> None:
    people.finding(place.zhengzhou_account, "in_time", "")
    people.account("已关停", "h", place.kaifeng_account.unit, "7", state="shut_down")
    assert list(selectors.never_judged(everybody.reviewer)) == [place.kaifeng_account]
    assert not selectors.never_judged(everybody.auditor).exists()
