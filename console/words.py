"""The words of the console for the codes of the packages below: English msgids, Chinese in the catalogue.

A code that is not listed (newer rules, older rows) is shown as it is, never hidden.
"""

from typing import Protocol

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry import contacts
from registry.roles import CHINESE, Role

SEVERITIES = {
    "S1": _("critical"),
    "S2": _("serious"),
    "S3": _("notable"),
    "S4": _("minor"),
}
# What lies beside the name, and which way it points.
SIGNALS = {
    "for": _("more suspicious"),
    "against": _("less suspicious"),
}
# The kinds of imitation, those of `detection.kinds`.
KINDS = {
    "identical": _("same name"),
    "hidden_characters": _("hidden characters"),
    "decorated": _("signs put in"),
    "traditional": _("traditional characters"),
    "look_alike": _("look-alike character"),
    "homophone": _("sounds alike"),
    "reordered": _("words swapped"),
    "abbreviated": _("abbreviated"),
    "extended": _("words added"),
    "shortened": _("part of the name"),
    "edited": _("character changed"),
    "scope_changed": _("scope in place of the place"),
    "same_body": _("another name of the same body"),
    "handle_look_alike": _("handle imitated"),
    "office_claim": _("claims an unregistered office"),
}
COVERAGE_STATES = {
    "checked": _("checked"),
    "partial": _("partly checked"),
    "blocked": _("blocked"),
    "deferred": _("put off"),
    "failed": _("failed"),
    "no_access": _("no access"),
    "never_asked": _("never asked"),
}
PURPOSES = {
    "search": _("search for imitators"),
    "self": _("the account itself"),
}
VERDICTS = {
    "lapsed": _("lapsed"),
    "due_soon": _("due soon"),
    "not_observed": _("not observed"),
    "in_time": _("in time"),
}
RULES = {
    "dormant_veto": _("14-day limit"),
    "slow_update": _("updates a week"),
}
RUN_STATES = {
    "planned": _("planned"),
    "crawling": _("crawling"),
    "crawled": _("crawled, not stored yet"),
    "ingested": _("finished"),
    "failed": _("failed"),
}
STAGES = {
    "search": _("search"),
    "lookup": _("look-up"),
    "profile": _("profile"),
    "posts": _("posts"),
}
ACCOUNT_STATES = {
    "planned": _("planned"),
    "opened": _("opened"),
    "in_service": _("in service"),
    "paused": _("paused"),
    "consolidating": _("being merged"),
    "shut_down": _("shut down"),
    "deregistered": _("deregistered"),
}
UNIT_KINDS = {
    "government_office": _("government office"),
    "township_government": _("township or sub-district"),
    "department": _("department"),
    "institution": _("public institution"),
    "enterprise": _("enterprise"),
    "vertical": _("under vertical management"),
}
# Why strangers may not take a name.
PROTECTED = {
    "unit": _("name of the unit"),
    "account": _("borne by an account"),
    "former": _("borne before"),
    "closed": _("of a closed account"),
}
# What an office or unit lacks that somebody could be told.
LACKS = {
    "contact": _("no contact"),
    "email": _("no mail address"),
}
# What makes the face of an account, the fields of `observations.snapshots.FACE`.
FACE = {
    "name": _("Name"),
    "handle": _("Handle"),
    "certified_subject": _("Certified subject"),
    "bio": _("Bio"),
    "avatar_url": _("Avatar address"),
    "profile_url": _("Address"),
}
# The fields of an account that a file may change.
FIELDS = {
    "name": _("Name"),
    "handle": _("Handle"),
    "certified_subject": _("Certified subject"),
    "home_url": _("Address"),
    "opened_on": _("Opened"),
    "state": _("State"),
    "unit": _("Unit"),
}
ROBOTS = {
    "allow": _("allowed"),
    "deny": _("forbidden"),
    "none": _("no robots.txt"),
    "odd": _("robots.txt not readable as such"),
    "unreachable": _("robots.txt not reachable"),
}
PROCESSES = {
    "web": _("console"),
    "ticker": _("scheduler"),
    "sequencer": _("numbering of the log"),
    "scan": _("scan"),
    "sweep": _("case deadlines"),
    "deliver": _("delivery of alerts"),
    "imports": _("reading of files"),
}
PROCESS_STATES = {
    "alive": _("alive"),
    "silent": _("silent"),
    "never": _("never started"),
    "at_rest": _("at rest"),
}
CASE_STATES = {
    "detected": _("detected"),
    "under_review": _("under review"),
    "warned": _("warned"),
    "reported": _("reported to the cyberspace office"),
    "accepted": _("accepted"),
    "disposed": _("disposed of"),
    "rechecked": _("re-checked"),
    "concluded": _("concluded"),
    "archived": _("archived"),
    "not_established": _("not established"),
}
# What a list of cases shows beside the single states.
WORK = {
    "queue": _("waiting for judgement"),
    "put_off": _("put off to a later day"),
    "open": _("all that are open"),
    "all": _("all states"),
}
# What a person decides about a case; the order is that of the keys 1 to 5.
OUTCOMES = {
    "counterfeit": _("counterfeit"),
    "not_established": _("not a counterfeit"),
    "legit_homonym": _("same name, but legitimate"),
    "unfiled_genuine": _("genuine, but not filed"),
    "wait": _("wait"),
    "report": _("formal report"),
}
# The moves after a judgement, as a button says them.
MOVES = {
    "take": _("Take it on"),
    "report": _("Report formally"),
    "accept": _("Accept for handling"),
    "dispose": _("Record the disposal"),
    "recheck": _("Record the re-check"),
    "conclude": _("Conclude"),
    "archive": _("Archive"),
    "reopen": _("Review anew"),
    "severity": _("Change the severity"),
    "crime_signs": _("Signs of a crime"),
}
STANDINGS = {
    "final": _("in effect"),
    "awaiting": _("without effect until countersigned"),
    "provisional": _("in effect, countersignature due"),
    "refused": _("refused by the second person"),
    "replaced": _("replaced by a later decision"),
}
# What became of something the rules found.
INTAKES = {
    "opened": _("case opened"),
    "raised": _("case opened again"),
    "joined": _("later evidence joined"),
    "covered": _("seen again, as already judged"),
}
# What a case waits for.
WAITING = {
    "judge": _("to be judged"),
    "second": _("second person"),
    "review": _("to be looked at again"),
    "report": _("formal report"),
}
# What is asked before anything happened: who would be told of which kind of case.
IMAGINED = {
    "confirmed": _("a counterfeit confirmed by a person"),
    "preliminary": _("a critical suspect nobody has judged yet"),
    "reported": _("a formal report"),
}
# What whoever acknowledges an alert promises to do.
PROMISES = {
    "check": _("We look at it and answer"),
    "report": _("We prepare and sign the report"),
    "warn": _("We warn the public"),
    "pass_on": _("I pass it on to who is in charge"),
    "other": _("Something else"),
}
ALERT_KINDS = {
    "preliminary": _("preliminary, not judged yet"),
    "confirmed": _("counterfeit confirmed"),
    "reported": _("reported"),
    "reversed": _("decision reversed"),
    "withdrawn": _("report withdrawn"),
    "second_missing": _("countersignature overdue"),
    "delivery_parked": _("a message reached nobody"),
    "contact_missing": _("contact missing"),
}
ALERT_STATES = {
    "waiting": _("not acknowledged"),
    "unanswered": _("unanswered to the end"),
    "acknowledged": _("acknowledged"),
    "closed": _("closed"),
}
CLOSED_REASONS = {
    "kept": _("the promise was kept"),
    "superseded": _("there is newer word of the case"),
    "reversed": _("the decision was reversed"),
    "withdrawn": _("the report was withdrawn"),
    "not_established": _("the case was not established"),
    "reported": _("the report has left"),
    "accepted": _("the report was accepted"),
    "disposed": _("the platform has acted"),
    "rechecked": _("it was checked again"),
    "concluded": _("the case is concluded"),
    "archived": _("the case is archived"),
    "cause_gone": _("it was put right"),
    "noted": _("it was taken note of"),
}
CHANNELS = {
    "mail": _("mail"),
    "webhook": _("webhook"),
}
DELIVERY_STATES = {
    "queued": _("to be sent"),
    "sending": _("being sent"),
    "retry": _("failed, tried again"),
    "delivered": _("delivered"),
    "parked": _("parked"),
    "cancelled": _("no longer needed"),
}
ATTEMPT_OUTCOMES = {
    "sending": _("being sent"),
    "delivered": _("taken"),
    "retry": _("failed for now"),
    "permanent": _("refused for good"),
    "died": _("interrupted"),
}
CONTACT_STATES = {
    "valid": _("valid"),
    "ending": _("ends within 30 days"),
    "ended": _("ended"),
    "coming": _("not yet valid"),
}
VIA = {
    "link": _("by the link"),
    "console": _("in the console"),
}
HOURS = {
    "always": _("day and night"),
    "workdays": _("08:30–18:00 on working days"),
}
# What a file holds that somebody brings in, and how it stands.
IMPORT_KINDS = {
    "registry": _("register of accounts"),
    "contacts": _("contacts"),
    "observations": _("platform export"),
}
# What whoever brings an export says was searched.
SEARCHED = {
    "": _("only what the rows of the file say"),
    "all": _("all registered accounts"),
    "divisions": _("the accounts of these divisions"),
    "keywords": _("these search words"),
}
IMPORT_STATES = {
    "received": _("waiting to be checked"),
    "checking": _("being checked"),
    "checked": _("checked, to be confirmed"),
    "confirmed": _("waiting to be taken"),
    "taking": _("being taken"),
    "taken": _("brought in"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
    "broken_off": _("broken off"),
}
# The fields an export of a platform can have, as `crawlers.spec_rules` names them.
TARGETS = {
    "id": _("number of the account"),
    "handle": _("handle"),
    "name": _("account name"),
    "bio": _("bio"),
    "avatar_url": _("address of the avatar"),
    "profile_url": _("address of the account"),
    "verified": _("whether certified"),
    "verified_type": _("kind of certification"),
    "verified_subject": _("certified subject"),
    "followers": _("followers"),
    "posts_count": _("number of posts"),
    "created_at": _("opened at"),
    "last_post_at": _("last post at"),
    "location": _("place"),
    "query": _("search words"),
    "rank": _("place in the search"),
    "seen_at": _("seen at"),
}
# The figures of an import.
COUNTS = {
    "accounts_added": _("accounts added"),
    "accounts_changed": _("accounts changed"),
    "accounts_moved": _("accounts moved to another unit"),
    "accounts_retired": _("accounts ended"),
    "accounts_unchanged": _("accounts as they were"),
    "units_added": _("units added"),
    "units_changed": _("units changed"),
    "units_unchanged": _("units as they were"),
    "contacts_added": _("contacts added"),
    "contacts_changed": _("contacts changed"),
    "contacts_unchanged": _("contacts as they were"),
    "rows": _("rows read"),
    "duplicates": _("rows that stand there twice"),
    "observations_added": _("new looks at accounts"),
    "observations_unchanged": _("looks known before"),
    "sightings_added": _("accounts seen in this file"),
    "registered_seen": _("registered accounts among them"),
    "publications_added": _("publications added"),
    "questions_answered": _("questions answered by rows"),
    "questions_as_said": _("questions answered as said"),
}
PAGES = {
    "start": _("Shift"),
    "cases": _("Cases"),
    "findings": _("Dormancy"),
    "coverage": _("Coverage"),
    "alerts": _("Alerts"),
    "contacts": _("Contacts"),
    "registry": _("Registry"),
    "imports": _("Imports"),
    "mailbox": _("Mailbox"),
}
START = _("Start")


def chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "").startswith("zh")


class Both(Protocol):
    """A sentence in both languages, as the packages below give their reasons and refusals."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def spoken(said: Both) -> str:
    """The sentence in the language of the page."""
    return said.zh if chinese() else said.en


def role(code: str) -> str:
    """A role's title in the language of the page."""
    known = Role(code)
    return CHINESE[known] if chinese() else known.value.replace("_", " ")


def _line(code: str) -> str:
    return spoken(contacts.LINES[code])


# In the language of the page, like the tables above.
LINES = {code: lazy(_line, str)(code) for code in contacts.LINES}
