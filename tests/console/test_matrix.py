"""Everybody × every address × every object × GET and POST, against what the handbook gives each (domain 1).

What is expected is written here in tables, by the handbook and not by the product's own tables:

* PAGES    who opens an address, and what whoever is let in is answered;
* CASES    whose cases a person sees: the own unit's, those of the own place, confirmed ones, S1, none;
* LINES    of which lines a person hears alerts and knows the contacts;
* ACTS     who may do what;
* WITHHELD what is kept from somebody who sees the case.

Whoever is not signed in is sent to sign in. A page that is not for the role answers 403, an object out of
reach 404 like one that does not exist; either is one `access.refused` in the log. And no answer ever holds a
name, number or contact of what the person does not see.

Everybody signs in once, into a database that every question leaves as it was. A refusal is made into a page
once for each person, and a form that came back wrong not at all: it comes back on the page of its object,
which the same person asks for as well.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from http.cookies import SimpleCookie
from inspect import signature

import pytest
import time_machine
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.views import defaults
from pytest_django import DjangoDbBlocker

from alerting.models import Acknowledgement, Alert, Delivery
from audit_logs.models import Event
from common import clock
from config import urls
from console import gate
from console.urls import urlpatterns
from console.views import acknowledge, alert, case
from registry.contacts import LINES as ALL_LINES
from registry.models import User
from registry.scope import has_rights
from review.decide import Judgement, judge
from review.models import Case, Decision
from tests import cast as people
from tests.cast import Cast, Province
from tests.console import alarm
from tests.console.conftest import browser_of
from tests.console.views.test_acknowledge import promise
from tests.console.world import Thing, World, built

pytestmark = pytest.mark.django_db
# R, Q reviewers of Henan · D duty officer of Zhengzhou · S sponsor, a unit of Zhengzhou · V supervisor of
# Zhengzhou · C cyberspace officer, P police, U publicity of Henan · K contractor of the sponsor's account ·
# A auditor · O cyberspace officer of Guangdong · - nobody signed in · X a reviewer whose rights have ended
Refusing = Callable[[HttpRequest, Exception], HttpResponse]
PEOPLE = {
    "R": "reviewer",
    "Q": "second_reviewer",
    "D": "duty_officer",
    "S": "sponsor",
    "V": "supervisor",
    "C": "cac_officer",
    "P": "psb_officer",
    "U": "publicity",
    "K": "contractor",
    "A": "auditor",
    "O": "outsider",
    "X": "former",
    "-": "nobody",
}
# address     object    GET  POST  who (* everybody who has signed in, + also without); sign_out is the last
# that a browser asks for
PAGES = """
start         -         200  405   *
password      -         200  200   *
cases         -         200  405   R Q D S V C P U O
case          case      200  405   R Q D S V C P U O
decide        case      405  422   R Q D
countersign   case      405  422   R Q D S V
advance       case      405  422   R Q D S V C O
sheet         case      200  405   R Q D S V C P O
suspect       suspect   200  405   R Q D S V C P U O
alerts        -         200  405   R Q D S V C P U O
alert         alert     200  405   R Q D S V C P U O
ack_here      alert     405  422   R Q D S V C P U O
resend        delivery  405  302   R Q D
contacts      -         200  405   R Q D S V C P U O
mailbox       -         404  405   R Q D
findings      -         200  405   R Q D S V C P U K O
coverage      -         200  405   R Q D S V C P U K O
registry      -         200  405   R Q D S V C P U K O
unit          unit      200  405   R Q D S V C P U K O
account       account   200  405   R Q D S V C P U K O
missing       -         200  405   R Q D V C P U O
registry_export -       200  405   R Q D V C O
imports       -         200  405   R Q D V
bring_registry -        405  422   V
bring_contacts -        405  422   V
bring_observations -    405  422   R Q D
import        import    200  405   R Q D V
import_reasons import   200  405   R Q D V
import_again  import    405  302   R Q D V
import_take   import    405  302   R Q D V
import_withdraw import  405  302   R Q D V
acknowledge   token     200  422   +
sign_in       -         302  302   *
language      -         405  302   +
health        -         200  405   +
sign_out      -         405  302   *
"""
# person        the cases seen
CASES = """
R Q             zz_open zz zz_s1 kf
D V S           zz_open zz zz_s1
C U                     zz zz_s1 kf
P                          zz_s1 kf
O                                   gd
K A X -
"""
# person        the lines heard of; a case seen and a line heard make an alert seen
LINES = """
R Q D           sponsor supervision cac police publicity duty
V               sponsor supervision
S               sponsor
C O             cac
P               police
U               publicity
K A X -
"""
# person        the imports seen; only who brought a file in acts on it
IMPORTS = """
R Q             export_hn export_zz
D               export_zz
V               register_zz
S C P U K O A X -
"""
# act            stage            who may
ACTS = """
judge            detected         R Q D
take             detected         R Q D
severity         under_review     R Q D
crime_signs      confirmed        R Q D
reopen           not_established  R Q D
countersign      awaiting         Q D
report           warned           R Q D S V
accept           reported         C
dispose          accepted         C
recheck          disposed         C
conclude         rechecked        C
archive          concluded        R Q C
resend           parked           R Q D
ack_sponsor      warned           R Q D S V
ack_supervision  warned           R Q D V
ack_cac          warned           R Q D C
ack_police       warned           R Q D P
ack_publicity    warned           R Q D U
ack_duty         warned           R Q D
"""
# person        the places seen
PLACES = """
R Q C P U       zz kf
D S V K         zz
O               gd
A X -
"""
# what (in `world`)   who sees the case, and not this
WITHHELD = """
originals             U
notes                 U
rules                 U S
"""
# Names of a place, its units and accounts; whoever sees a place of Henan knows Henan.
NAMES = {"zz": "郑州|河南", "kf": "开封|河南", "gd": "广东"}
ABSENT = {"case": "987654", "suspect": "987654", "alert": "987654", "delivery": "f" * 40, "token": "1.x.y"}
ABSENT |= {"unit": "987654", "account": "987654", "import": "f" * 8 + "-ffff-4fff-8fff-" + "f" * 12}


def rows(table: str) -> list[list[str]]:
    """The lines of a table, in words."""
    return [line.split() for line in table.strip().splitlines()]


def by_person(table: str) -> dict[str, set[str]]:
    """CASES and LINES by person: what is in capitals is a person, what follows is what they see."""
    found: dict[str, set[str]] = {}
    for row in rows(table):
        persons = [word for word in row if word in PEOPLE]
        found |= {person: set(row) - set(persons) for person in persons}
    return found


SEEN_CASES, HEARD_LINES, SEEN_PLACES = by_person(CASES), by_person(LINES), by_person(PLACES)
SEEN_IMPORTS = by_person(IMPORTS)
KEPT_FROM = {row[0]: set(row[1:]) for row in rows(WITHHELD)}


@dataclass(frozen=True)
class Page:
    """A row of PAGES."""

    name: str
    kind: str
    codes: dict[str, int]
    who: frozenset[str]


def _page(name: str, kind: str, get: str, post: str, *who: str) -> Page:
    signed_in = set(PEOPLE) - {"-", "X"}
    persons = set(PEOPLE) if "+" in who else signed_in if "*" in who else set(who)
    return Page(name, kind, {"GET": int(get), "POST": int(post)}, frozenset(persons))


TABLE = {row[0]: _page(*row) for row in rows(PAGES)}


@pytest.fixture(autouse=True)
def wide_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that takes all these people, who come from one address, for no guesser."""
    monkeypatch.setattr(acknowledge, "GATE", gate.Gate())
    monkeypatch.setattr(gate, "FAILURES", 1000)


@dataclass(frozen=True)
class Ground:
    """A province with its people, and everybody's browser with the cookies it had after signing in."""

    place: Province
    everybody: Cast
    browsers: dict[str, tuple[Client, SimpleCookie]]

    def browser(self, person: str) -> Client:
        """The browser of that person, as it was after signing in."""
        client, cookies = self.browsers[person]
        client.cookies = deepcopy(cookies)
        return client


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """What all tests begin with, made once; what they add, they take back."""
    hasher = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), hasher:
        place = people.province()
        everybody = people.cast(place)
        former = User.objects.create(
            username="former", role="reviewer", full_name="前任", scope=place.henan, until=date(2020, 1, 1)
        )
        users = {person: getattr(everybody, name, None) for person, name in PEOPLE.items()} | {"X": former}
        yield Ground(place, everybody, {person: _signed_in(user) for person, user in users.items()})
        transaction.set_rollback(True)


def _signed_in(user: User | None) -> tuple[Client, SimpleCookie]:
    """A browser after its first page: the session is as fresh as it gets, and is not written again."""
    browser = browser_of(user) if user else Client()
    if user and has_rights(user, clock.now()):
        browser.get(reverse("health"))
    return browser, browser.cookies


@pytest.fixture
def made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are made into a page once for each person, forms that came back wrong not at all."""
    monkeypatch.setattr(urls, "handler403", _once(defaults.permission_denied), raising=False)
    monkeypatch.setattr(urls, "handler404", _once(defaults.page_not_found), raising=False)
    for views in (acknowledge, alert, case):
        monkeypatch.setattr(views, "_page", _of_what_is_asked_for(views._page))


def _once(view: Refusing) -> Refusing:
    pages: dict[tuple[object, str], HttpResponse] = {}

    def shown(request: HttpRequest, exception: Exception) -> HttpResponse:
        key = (request.user.pk, str(exception))
        first = pages.get(key) or pages.setdefault(key, view(request, exception))
        return HttpResponse(first.content, status=first.status_code)

    return shown


def _of_what_is_asked_for(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def shown(request: HttpRequest, *what: object, **how: object) -> HttpResponse:
        if request.method != "POST":
            return page(request, *what, **how)
        return HttpResponse(status=signature(page).bind(request, *what, **how).arguments["status"])

    return shown


def test_every_address_is_in_the_table() -> None:
    assert sorted(TABLE) == sorted(str(page.name) for page in urlpatterns)
    assert set(HEARD_LINES) == set(SEEN_CASES) == set(SEEN_IMPORTS) == set(PEOPLE)


@pytest.mark.usefixtures("made_once")
def test_everybody_is_answered_as_the_handbook_says(ground: Ground) -> None:
    world = built(ground.place, ground.everybody)
    wrong = [
        f"{PEOPLE[person]} {method} {page.name} {thing.case or thing.place} {thing.line}: {problem}"
        for person, browser in [(person, ground.browser(person)) for person in PEOPLE if person != "Q"]
        for page in TABLE.values()
        for method in page.codes
        for thing in _asked(person, page, method, world)
        for problem in _problems(person, browser, page, thing, method, world)
    ]
    assert wrong == []


def _asked(person: str, page: Page, method: str, world: World) -> list[Thing]:
    """The things to ask for: one is enough where the answer has nothing to do with it."""
    things = [*world.things.get(page.kind, []), Thing(ABSENT.get(page.kind, ""), "")]
    is_alike = page.codes[method] == 405 or person not in page.who
    return things[:1] if is_alike else things


def _problems(person: str, browser: Client, page: Page, thing: Thing, method: str, world: World) -> list[str]:
    """What is wrong with the answer; nothing that was asked is kept."""
    address = reverse(page.name, args=[thing.key] if thing.key else [])
    with transaction.atomic():
        answer = getattr(browser, method.lower())(address)
        refused = list(
            Event.objects.filter(action="access.refused").values_list("subject_kind", "subject_id")
        )
        transaction.set_rollback(True)
    code, recorded = expected(person, page, thing, method)
    found = [] if answer.status_code == code else [f"{answer.status_code}, not {code}"]
    found += [] if refused == recorded else [f"recorded {refused}, not {recorded}"]
    return found + [f"shows {leak}" for leak in leaks(person, page, thing, answer, world)]


def expected(person: str, page: Page, thing: Thing, method: str) -> tuple[int, list[tuple[str, str]]]:
    """The status, and the refusal on record."""
    signed_in = person not in ("-", "X")
    if page.name == "sign_in" and not signed_in:
        return 200, []
    if page.name == "acknowledge":
        return (page.codes[method], []) if thing.case else (404, [])
    if not signed_in and person not in page.who:
        return 302, []
    if person not in page.who:
        return 403, [("page", page.name)]
    if (
        page.codes[method] != 405
        and method == "POST"
        and sees(person, thing)
        and is_of_another(person, thing)
    ):
        return 403, [(page.kind, thing.key)]
    if page.codes[method] == 405 or page.kind == "-" or sees(person, thing):
        return page.codes[method], []
    return 404, [(page.kind, thing.key)] if thing.case or thing.place else []


def sees(person: str, thing: Thing) -> bool:
    """Whether the thing is of a case the person sees, and of a line the person hears of."""
    if thing.place:
        return thing.place in SEEN_PLACES[person]
    in_reach = thing.case in SEEN_CASES[person] | SEEN_IMPORTS[person]
    return in_reach and (not thing.line or thing.line in HEARD_LINES[person])


def is_of_another(person: str, thing: Thing) -> bool:
    """Whether the thing was brought by somebody else."""
    return thing.owner not in ("", PEOPLE[person])


def leaks(person: str, page: Page, thing: Thing, answer: HttpResponse, world: World) -> list[str]:
    """What stands in an answer and is not for this person."""
    cases, places = SEEN_CASES[person] | SEEN_IMPORTS[person], SEEN_PLACES[person]
    lines = HEARD_LINES[person]
    # The link is the authority: for its own case, never for the imitator's name.
    if page.name == "acknowledge":
        cases, places, lines = set(), {thing.case.partition("_")[0]} - {""}, set(ALL_LINES)
    forbidden = {secret for case, secrets in world.secrets.items() if case not in cases for secret in secrets}
    if page.name == "acknowledge" and thing.case:
        forbidden -= {world.cases[thing.case].number}
    forbidden |= {
        name for (place, line), name in world.contacts.items() if place not in places or line not in lines
    }
    known = {name for place in places for name in NAMES[place].split("|")}
    forbidden |= {name for names in NAMES.values() for name in names.split("|")} - known
    forbidden |= {secret for what, who in KEPT_FROM.items() if person in who for secret in world.parts[what]}
    text = b"".join(answer).decode()
    return sorted(secret for secret in forbidden if secret in text)


def test_out_of_reach_is_answered_like_never_there(ground: Ground) -> None:
    browser, world = ground.browser("D"), built(ground.place, ground.everybody, henan=False)
    with time_machine.travel(clock.now(), tick=False):
        for page in (page for page in TABLE.values() if page.kind in ABSENT):
            hidden = next(thing.key for thing in world.things[page.kind] if "gd" in (thing.case, thing.place))
            hidden = f"{hidden[:-1]}!" if page.kind == "token" else hidden
            said = {_unsaid(browser, page, key) for key in (hidden, ABSENT[page.kind])}
            assert len(said) == 1, page.name


def _unsaid(browser: Client, page: Page, key: str) -> str:
    """The answer without what was asked in it."""
    address = reverse(page.name, args=[key])
    answer = browser.post(address) if page.codes["GET"] == 405 else browser.get(address)
    assert answer.status_code == 404
    return re.sub("csrfmiddlewaretoken[^>]*", "", answer.content.decode()).replace(address, "")


def staged(stage: str, place: Province) -> Case:
    """A case of Zhengzhou at a stage: Li's S1 `awaiting` a signature, `warned` and `parked` on all lines."""
    account = place.zhengzhou_account
    if stage == "awaiting":
        judge_as_li(people.case(account, severity="S1"))
    elif stage in ("warned", "parked"):
        alarm.contacts(place)
        people.contact("publicity", place.zhengzhou, "冯宁")
        alerts = alarm.raised(account, "warned", severity="S1")
        if stage == "parked":
            alarm.done(alarm.of_line(alerts, "sponsor"), "parked")
    else:
        people.case(account, stage)
    return Case.objects.get(target=account)


def judge_as_li(case: Case) -> None:
    """Li calls it a counterfeit; of an S1 that waits for the second person."""
    li = User.objects.get(username="li")
    judge(li, case.pk, case.version, Judgement("counterfeit", "name_imitated"), clock.now())


# What is sent, beside the version.
SENT = {
    "judge": ("decide", {"outcome": "counterfeit", "code": "name_imitated"}),
    "countersign": ("countersign", {"agree": "yes"}),
    "take": ("advance", {"move": "take"}),
    "severity": ("advance", {"move": "severity", "code": "many_views"}),
    "crime_signs": ("advance", {"move": "crime_signs", "code": "money_asked"}),
    "reopen": ("advance", {"move": "reopen", "code": "new_evidence", "text": "新证据"}),
    "report": ("advance", {"move": "report", "code": "by_sponsor"}),
    "accept": ("advance", {"move": "accept", "code": "accepted", "acceptance_number": "豫网信〔2026〕8号"}),
    "dispose": ("advance", {"move": "dispose", "code": "closed"}),
    "recheck": ("advance", {"move": "recheck", "code": "gone"}),
    "conclude": ("advance", {"move": "conclude", "code": "settled"}),
    "archive": ("advance", {"move": "archive", "code": "complete"}),
}


def sent(act: str, case: Case) -> tuple[str, dict[str, str]]:
    """The address and the form of an act upon `case`."""
    alerts = list(Alert.objects.filter(case=case).order_by("pk"))
    if act == "resend":
        return reverse("resend", args=[Delivery.objects.get(outcome="parked").pk]), {}
    if act.startswith("ack_"):
        return reverse("ack_here", args=[alarm.of_line(alerts, act.removeprefix("ack_")).pk]), promise()
    page, form = SENT[act]
    return reverse(page, args=[case.pk]), {"version": str(case.version), **form}


def state() -> list[object]:
    """Everything an act could change."""
    return [
        list(Case.objects.values()),
        list(Decision.objects.values()),
        list(Acknowledgement.objects.values()),
        list(Alert.objects.values()),
        list(Delivery.objects.values("pk", "outcome", "resends")),
    ]


@pytest.mark.usefixtures("made_once")
@pytest.mark.parametrize("stage", dict.fromkeys(row[1] for row in rows(ACTS)))
def test_everybody_does_what_the_handbook_says_and_nothing_else(stage: str, ground: Ground) -> None:
    one = staged(stage, ground.place)
    before = state()
    for act, who in ((row[0], row[2:]) for row in rows(ACTS) if row[1] == stage):
        address, form = sent(act, one)
        able = [person for person in PEOPLE if _does(ground.browser(person), person, address, form, before)]
        assert set(able) == set(who), act


def _does(browser: Client, person: str, address: str, form: dict[str, str], before: list[object]) -> bool:
    """Whether the act changed anything; what is done is taken back."""
    with transaction.atomic():
        answer = browser.post(address, form)
        refusals = Event.objects.filter(action="access.refused").count()
        is_done = state() != before
        transaction.set_rollback(True)
    if is_done or person in ("-", "X"):
        assert (answer.status_code, refusals) == (302, 0), person
    else:
        assert answer.status_code in (403, 404), (person, answer.status_code)
        assert refusals == 1, person
    return is_done
