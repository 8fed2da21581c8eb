"""The words of the console for the codes of the packages below: English msgids, Chinese in the catalogue.

A code that is not listed (newer rules, older rows) is shown as it is, never hidden.
"""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.roles import CHINESE, Role

SEVERITIES = {
    "S1": _("critical"),
    "S2": _("serious"),
    "S3": _("notable"),
    "S4": _("minor"),
}
# The kinds of imitation (domain handbook 3.1).
KINDS = {
    "same_name": _("same name"),
    "visual_homoglyph": _("look-alike character"),
    "traditional": _("traditional characters"),
    "fullwidth": _("full-width characters"),
    "invisible": _("invisible character"),
    "homophone": _("sounds alike"),
    "char_edit": _("character changed"),
    "word_transposition": _("words swapped"),
    "official_abbrev": _("abbreviated or expanded"),
    "affix": _("words added"),
    "handle_tricks": _("handle imitated"),
    "place_or_scope": _("place or scope changed"),
    "generic_claim": _("claims to be official"),
    "unit_invented": _("invented unit"),
    "theme": _("theme or service name"),
    "vacant_slot": _("takes a vacant place"),
    "affiliation_claim": _("claims to belong to a body"),
    "profile_copied": _("profile copied"),
    "rename_takeover": _("renamed account"),
    "dissolved_body": _("name of a dissolved body"),
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
}
PROCESS_STATES = {
    "alive": _("alive"),
    "silent": _("silent"),
    "never": _("never started"),
    "at_rest": _("at rest"),
}
PAGES = {
    "start": _("Shift"),
    "suspects": _("Suspects"),
    "findings": _("Dormancy"),
    "coverage": _("Coverage"),
}
START = _("Start")


def chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "").startswith("zh")


def role(code: str) -> str:
    """A role's title in the language of the page."""
    known = Role(code)
    return CHINESE[known] if chinese() else known.value.replace("_", " ")
