"""Zhengzhou with everybody who answers for it, and Kaifeng's people, who must never be told of Zhengzhou."""

from datetime import UTC, datetime

from alerting.models import Delivery
from registry.models import Contact
from review.decide import Judgement, countersign, judge
from review.models import Case, Decision
from tests import cast

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Beijing
NIGHT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 23:30
UPWARDS = ("supervision", "cac", "police", "publicity", "duty")


def contacts(place: cast.Province) -> dict[str, Contact]:
    """A contact and a substitute of the unit, of the city, and of the province; by name."""
    unit = place.zhengzhou_account.unit
    people = [
        cast.contact("sponsor", unit, "主办甲", email="sponsor1@zz.example"),
        cast.contact("sponsor", unit, "主办乙", rank=2, email="sponsor2@zz.example"),
    ]
    for line in UPWARDS:
        for name, division in (("市", place.zhengzhou), ("省", place.henan), ("邻", place.kaifeng)):
            address = f"{line}.{division.code}@henan.example"
            people.append(cast.contact(line, division, f"{name}{line}", email=address))
    return {contact.person: contact for contact in people}


def sent(case: Case) -> None:
    """Every message about `case` that waits arrives."""
    waiting = Delivery.objects.filter(alert__case=case, done_at=None)
    waiting.update(outcome="delivered", done_at=NOON, tries=1)


def opened(place: cast.Province, severity: str = "S2", **more: str) -> Case:
    """A case of Zhengzhou, fresh from intake."""
    return cast.case(place.zhengzhou_account, severity=severity, at=NOON, **more)


def judged(case: Case, user: object, outcome: str, code: str, **more: object) -> Decision:
    """`user` judges `case` as it stands now."""
    case.refresh_from_db()
    return judge(user, case.pk, case.version, Judgement(outcome, code, **more), NOON)  # type: ignore[arg-type]


def confirmed(place: cast.Province, everybody: cast.Cast, severity: str = "S2") -> Case:
    """A case of Zhengzhou that people confirmed, S1 by two of them."""
    case = opened(place, severity)
    if judged(case, everybody.reviewer, "counterfeit", "name_imitated").standing == "awaiting":
        case.refresh_from_db()
        countersign(everybody.second_reviewer, case.pk, case.version, True, "", NOON)
    case.refresh_from_db()
    return case


def tried() -> None:
    """A sender has tried every message once: from now on others may answer on behalf."""
    Delivery.objects.update(tries=1)
