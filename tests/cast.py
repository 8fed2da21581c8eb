"""The people of the tests, and a small province for them to look at.

Li reviews for Henan, Wang is on duty for Zhengzhou, Zhao speaks for one unit, Chen is Henan's cyberspace
officer, Sun audits. Zhou is an officer too, but of Guangdong: Zhou must never see a thing of Henan. Gao
supervises Zhengzhou, Wu runs the account of Zhao's unit under a contract, He is with the police and Feng with
the publicity department of Henan; Qian reviews beside Li.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from alerting import grounds, routing
from alerting.directory import directory, facts
from alerting.internal import open_alert
from alerting.models import Alert
from common import clock
from detection.models import Suspect
from observations.models import (
    Capture,
    Coverage,
    CrawlRun,
    Heartbeat,
    Observation,
    Response,
    Sighting,
    Source,
    Task,
)
from registry.contacts import LINES
from registry.models import Account, Contact, Division, Unit, User
from review.decide import Judgement, countersign, judge, move
from review.intake import take_in
from review.models import Case
from review.transitions import apply
from watch.models import Finding

PASSWORD = "correct horse battery"
CONTRACT_END = date(9999, 12, 31)
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 08:30 in Beijing
LIFE = (
    "detected",
    "under_review",
    "confirmed",
    "warned",
    "reported",
    "accepted",
    "disposed",
    "rechecked",
    "concluded",
    "archived",
)
"""The way of a counterfeit; `confirmed` is no state of its own: judged, and nobody told yet."""


@dataclass(frozen=True)
class Cast:
    """Everybody, in the words of `registry.roles`."""

    reviewer: User
    duty_officer: User
    sponsor: User
    cac_officer: User
    auditor: User
    outsider: User
    supervisor: User
    contractor: User
    psb_officer: User
    publicity: User
    second_reviewer: User

    def __iter__(self) -> Iterator[User]:
        return (getattr(self, field.name) for field in fields(self))

    @property
    def watching(self) -> list[User]:
        """Four who see accounts of Henan."""
        return [self.reviewer, self.duty_officer, self.sponsor, self.cac_officer]


@dataclass(frozen=True)
class Province:
    """Henan with two cities, and Guangdong beside it; an account in each of the three."""

    henan: Division
    zhengzhou: Division
    kaifeng: Division
    guangdong: Division
    zhengzhou_account: Account
    kaifeng_account: Account
    guangdong_account: Account


def province() -> Province:
    """Divisions, a unit in each place, and one account of each unit."""
    henan = _division("410000", "河南省", "province", None)
    zhengzhou = _division("410100", "郑州市", "prefecture", henan)
    kaifeng = _division("410200", "开封市", "prefecture", henan)
    guangdong = _division("440000", "广东省", "province", None)
    return Province(
        henan,
        zhengzhou,
        kaifeng,
        guangdong,
        account("郑州发布", "zhengzhou", unit("郑州市人民政府办公厅", zhengzhou), uid="1001"),
        account("开封发布", "kaifeng", unit("开封市人民政府办公厅", kaifeng), uid="1002"),
        account("广东发布", "guangdong", unit("广东省人民政府办公厅", guangdong), uid="1003"),
    )


def cast(place: Province) -> Cast:
    """Everybody, with their scopes in `place`."""
    everybody = Cast(
        _person("li", "reviewer", "李静", scope=place.henan),
        _person("wang", "duty_officer", "王强", scope=place.zhengzhou),
        _person("zhao", "sponsor", "赵敏", unit=place.zhengzhou_account.unit),
        _person("chen", "cac_officer", "陈晨", scope=place.henan),
        _person("sun", "auditor", "孙立"),
        _person("zhou", "cac_officer", "周南", scope=place.guangdong),
        _person("gao", "supervisor", "高洁", scope=place.zhengzhou),
        _person("wu", "contractor", "吴涛", unit=place.zhengzhou_account.unit, until=CONTRACT_END),
        _person("he", "psb_officer", "何川", scope=place.henan),
        _person("feng", "publicity", "冯宁", scope=place.henan),
        _person("qian", "reviewer", "钱进", scope=place.henan),
    )
    User.objects.bulk_create(everybody)
    return everybody


def unit(name: str, division: Division) -> Unit:
    """A department of `division`."""
    return Unit.objects.create(name=name, kind="department", line_division=division, created_at=MORNING)


def account(name: str, handle: str, owner: Unit, uid: str, state: str = "in_service") -> Account:
    """An account in service on the example platform."""
    return Account.objects.create(
        platform="mastodon",
        instance="example",
        platform_uid=uid,
        handle=handle,
        name=name,
        certified_subject=owner.name,
        home_url=f"https://social.example/@{handle}",
        opened_on=date(2020, 3, 1),
        state=state,
        unit=owner,
        created_at=MORNING,
        changed_at=MORNING,
    )


def contact(
    line: str,
    place: Division | Unit,
    person: str = "周晓",
    *,
    rank: int = 1,
    hours: str = "always",
    email: str = "zhou.xiao@henan.example",
    phone: str = "000-4101-0001",
    valid_from: date = date(2026, 1, 1),
    valid_to: date | None = None,
) -> Contact:
    """Somebody who answers for `place` on `line`; the sponsor line takes a unit, the others a division."""
    return Contact.objects.create(
        line=line,
        division=place if isinstance(place, Division) else None,
        unit=place if isinstance(place, Unit) else None,
        office=f"{place.name}{LINES[line].zh}",
        person=person,
        phone=phone,
        email=email,
        rank=rank,
        hours=hours,
        valid_from=valid_from,
        valid_to=valid_to,
        changed_at=MORNING,
    )


def source() -> Source:
    """The one instance that is asked."""
    return Source.objects.get_or_create(
        platform="mastodon",
        instance="example",
        defaults={"base_url": "https://social.example", "enabled": True, "daily_budget": 5000},
    )[0]


def run(at: datetime = MORNING, state: str = "ingested", problem: str = "") -> CrawlRun:
    """A crawl that began at `at` and took four minutes."""
    ended = at + timedelta(minutes=4)
    return CrawlRun.objects.create(
        key=uuid4(),
        state=state,
        started_at=at,
        finished_at=ended,
        heartbeat_at=ended,
        tasks=12,
        problem=problem,
    )


def response(question: str = "郑州发布", stage: str = "search", at: datetime = MORNING) -> Response:
    """An answer to `question` with a capture of its own."""
    asked = Task.objects.get_or_create(
        source=source(), stage=stage, value=question, defaults={"due_at": at, "state": "ok"}
    )[0]
    crawl = CrawlRun.objects.order_by("-started_at").first() or run(at)
    seq = Response.objects.count() + 1
    digest = hashlib.sha256(str(seq).encode()).hexdigest()
    return Response.objects.create(
        run=crawl,
        seq=seq,
        task=asked,
        url=f"https://social.example/api/v2/search?q={question}",
        final_url=f"https://social.example/api/v2/search?q={question}&final=1",
        status=200,
        headers=[],
        peer="203.0.113.7:443",
        robots={"verdict": "allow", "sha256": None, "fetched_at": None},
        at=at,
        clock_source="system",
        capture=Capture.objects.create(sha256=digest, size=812, stored_at=at),
    )


def observation(
    name: str, handle: str, uid: str, bio: str = "", answer: Response | None = None
) -> Observation:
    """A stranger (or one of ours) as it was seen, first in the search for its target."""
    answer = answer or response()
    seen = Observation.objects.create(
        platform="mastodon",
        instance="example",
        uid=uid,
        handle=handle,
        name=name,
        bio=bio,
        profile_url=f"https://social.example/@{handle}",
        followers=77,
        opened_at=answer.at - timedelta(days=9),
        fields={},
        content_hash=hashlib.sha256(f"{uid}{name}{handle}{bio}".encode()).hexdigest(),
        seen_at=answer.at,
        response=answer,
    )
    Sighting.objects.create(observation=seen, response=answer, rank=1)
    return seen


def suspect(
    target: Account,
    name: str = "郑州発布",
    uid: str = "9001",
    *,
    handle: str = "zhengzhou0",
    bio: str = "",
    severity: str = "S2",
    kind: str = "look_alike",
    score: float = 0.9,
    at: datetime | None = None,
    rules: str = "names-1",
) -> Suspect:
    """`name` imitating `target`; a second call with another `rules` is a newer judgement of the stranger."""
    known = Observation.objects.filter(uid=uid, name=name).first()
    seen = known or observation(name, handle, uid, bio, response(target.name))
    return Suspect.objects.create(
        platform=seen.platform,
        instance=seen.instance,
        uid=uid,
        target=target,
        observation=seen,
        facts_hash=hashlib.sha256(f"{uid}{name}".encode()).hexdigest(),
        rules_version=rules,
        score=score,
        kind=kind,
        severity=severity,
        reasons=[
            {
                "code": "shape",
                "points": 0.6,
                "detail": {},
                "zh": f"「{name}」形近。",
                "en": f"“{name}” looks alike.",
            }
        ],
        detected_at=at or clock.now(),
    )


def case(
    target: Account,
    state: str = "detected",
    *,
    name: str = "郑州発布",
    uid: str = "9001",
    severity: str = "S2",
    at: datetime | None = None,
) -> Case:
    """A case of Henan's `target`, brought to `state` by Li, Qian and Chen; at `at`, all of it.

    `state` is one of LIFE, or `not_established`.
    """
    now = at or clock.now()
    found = suspect(target, name, uid, severity=severity, at=now)
    take_in(now)
    opened = found.intake.case
    if state == "not_established":
        judge(_named("li"), opened.pk, opened.version, Judgement(state, "name_alone"), now)
    else:
        for stage in LIFE[1 : LIFE.index(state) + 1]:
            opened.refresh_from_db()
            _bring(opened, stage, now)
    return Case.objects.get(pk=opened.pk)


def alert(
    about: Case, line: str = "sponsor", kind: routing.Kind = "confirmed", *, at: datetime | None = None
) -> Alert:
    """An alert of `about` on one line, as the service opens it: its first rung of today is told."""
    now = at or clock.now()
    way = routing.route(facts(about, kind, now), directory(about.target.unit, now))
    ladder = way.line(line) or routing.Ladder(line, grounds.OF_LINE[line])
    with transaction.atomic():
        return open_alert(about, kind, ladder, now)[0]


def _bring(one: Case, stage: str, now: datetime) -> None:
    """The next stage of the life of a case."""
    li, chen = _named("li"), _named("chen")
    match stage:
        case "under_review":
            move(li, one.pk, one.version, "take", "", "", {}, now)
        case "confirmed":
            decision = judge(li, one.pk, one.version, Judgement("counterfeit", "name_imitated"), now)
            _sign(one, decision.standing == "awaiting", now)
        case "warned":
            apply(one, one.version, "warn", "system:fan_out", now, to="warned", sets={"warned_at": now})
        case "reported":
            move(li, one.pk, one.version, "report", "in_its_place", "", {}, now)
            _sign(one, True, now)
        case "accepted":
            number = {"acceptance_number": "豫网信〔2026〕7号"}
            move(chen, one.pk, one.version, "accept", "accepted", "", number, now)
        case "disposed":
            move(chen, one.pk, one.version, "dispose", "closed", "", {}, now)
        case "rechecked":
            move(chen, one.pk, one.version, "recheck", "gone", "", {}, now)
        case "concluded":
            move(chen, one.pk, one.version, "conclude", "settled", "", {}, now)
        case "archived":
            move(chen, one.pk, one.version, "archive", "complete", "", {}, now)


def _sign(one: Case, needed: bool, now: datetime) -> None:
    if needed:
        one.refresh_from_db()
        countersign(_named("qian"), one.pk, one.version, True, "", now)


def _named(username: str) -> User:
    return User.objects.get(username=username)


def finding(
    about: Account, verdict: str = "lapsed", severity: str = "S3", rule: str = "dormant_veto"
) -> Finding:
    """How `about` stands by `rule`."""
    return Finding.objects.create(
        account=about,
        rule=rule,
        verdict=verdict,
        severity=severity,
        profile="henan-2019",
        inputs={},
        reasons=[{"code": verdict, "zh": f"{about.name}已十九天未发布。", "en": f"{about.name}: 19 days."}],
        rules_version="dormancy-1",
        found_at=clock.now(),
    )


def coverage(
    about: Account, state: str = "checked", platform: str = "mastodon", purpose: str = "search"
) -> Coverage:
    """What is known about looking on `platform` for `about`."""
    return Coverage.objects.create(
        account=about,
        source=source() if platform == "mastodon" else None,
        platform=platform,
        purpose=purpose,
        state=state,
        reason={"zh": f"{platform}：{state}的原因", "en": f"{platform}: why {state}"},
        at=clock.now(),
        last_checked_at=MORNING if state == "checked" else None,
    )


def heartbeat(name: str, at: datetime) -> Heartbeat:
    """A process that was alive at `at`."""
    return Heartbeat.objects.create(name=name, at=at)


def _division(code: str, name: str, level: str, parent: Division | None) -> Division:
    path = f"{parent.path if parent else '/CN/'}{code}/"
    return Division.objects.create(code=code, name=name, level=level, parent=parent, path=path)


def _person(
    name: str,
    role: str,
    full_name: str,
    *,
    scope: Division | None = None,
    unit: Unit | None = None,
    until: date | None = None,
) -> User:
    hashed = _hashed(settings.PASSWORD_HASHERS[0])
    return User(
        username=name, password=hashed, role=role, full_name=full_name, scope=scope, unit=unit, until=until
    )


@cache
def _hashed(hasher: str) -> str:
    """PASSWORD as `hasher` keeps it; once, because the real one takes its time."""
    return make_password(PASSWORD)
