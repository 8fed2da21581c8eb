"""How well the rules do on a folder of known answers: recall and precision for each kind. No database.

The folder's files are those of `detection.answerfiles`. A counterfeit counts as found if the account it
imitates, or another of the same name, is among its matches. An account that is registered itself is not asked
about, as in production. Who is no counterfeit counts as a false alarm only if flagged for likeness: an equal
name, another name of the same body and a vacant office are counted apart, for only the certified subject
tells. Kinds that neither name nor handle can show are counted like the others, with the reason beside them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from common.faults import Text
from common.table import render
from detection.answerfiles import LABELS, Answer, Folder, Official, Who, read
from detection.compare import RULES_VERSION, AccountName
from detection.engine import Engine, Found
from detection.kinds import APART

CANNOT_SHOW: Mapping[str, Text] = {
    "profile_copied": Text("要比对头像，而头像尚未抓取", "needs avatars, which are not fetched yet"),
    "affiliation_claim": Text(
        "名称毫不相似，只有简介这样自称；简介尚不检索",
        "no name is alike, only the text says so; texts are not searched yet",
    ),
}
"""Kinds that leave no trace in name and handle, and why nothing finds them today."""
ALL = "all"


@dataclass(frozen=True)
class Flagged:
    """An account and its best match; `hit` says whether the account it imitates is among its matches."""

    platform: str
    uid: str
    name: str
    handle: str
    label: str
    kind: str
    said_kind: str
    score: float
    official: str
    hit: bool


@dataclass(frozen=True)
class Share:
    """So many of a whole: counterfeits found of those there are, or flagged rightly of those flagged."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """None where there is nothing to take a part of."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Figures:
    """Recall by the answers' kinds, precision by the rules' kinds of likeness, both with a line `all`.

    labels: accounts of each; flagged and apart: those of them flagged for likeness, and otherwise.
    """

    recall: Mapping[str, Share]
    precision: Mapping[str, Share]
    labels: Mapping[str, int]
    flagged: Mapping[str, int]
    apart: Mapping[str, int]


@dataclass(frozen=True)
class Evaluation(Figures):
    """The figures of a folder and of each platform in it, what was missed and what was flagged wrongly."""

    platforms: Mapping[str, Figures]
    missed: Sequence[Flagged]
    false_alarms: Sequence[Flagged]


def evaluate(folder: Path, build: Callable[[Sequence[AccountName]], Engine] = Engine) -> Evaluation:
    """Judge every account of `folder` and compare with its answers. Raises EvaluateInputError."""
    files = read(folder)
    judged = _judged(files, build)
    platforms = dict.fromkeys(answer.who.platform for answer in files.answers)
    alike = [one for one in judged if one.said_kind and one.said_kind not in APART]
    return Evaluation(
        **vars(_figures(files.answers, judged)),
        platforms={
            platform: _figures(
                [answer for answer in files.answers if answer.who.platform == platform],
                [one for one in judged if one.platform == platform],
            )
            for platform in platforms
        },
        missed=[one for one in judged if one.label == "counterfeit" and not one.hit],
        false_alarms=[one for one in alike if one.label != "counterfeit"],
    )


def as_text(result: Evaluation) -> str:
    """The figures for people: tables by kind, the labels, and the lists of what went wrong."""
    labels = [
        (label, *(str(counts.get(label, 0)) for counts in (result.labels, result.flagged, result.apart)))
        for label in LABELS
    ]
    parts = [
        f"Rules {RULES_VERSION}",
        _table("counterfeits made by", ("known", "found", "recall"), result, "recall"),
        _not_shown(result),
        _table("rules say", ("said", "counterfeit", "precision"), result, "precision"),
        render(("label", "accounts", "flagged for likeness", "flagged otherwise"), labels),
        _listed("missed", result.missed),
        _listed("flagged for likeness, though no counterfeit", result.false_alarms),
    ]
    return "\n\n".join(part for part in parts if part)


def as_json(result: Evaluation) -> dict[str, Any]:
    """The same figures for machines."""
    return {
        "rules_version": RULES_VERSION,
        **_figures_as_json(result),
        "platforms": {name: _figures_as_json(figures) for name, figures in result.platforms.items()},
        "cannot_show": {kind: why._asdict() for kind, why in CANNOT_SHOW.items() if kind in result.recall},
        "missed": [asdict(one) for one in result.missed],
        "false_alarms": [asdict(one) for one in result.false_alarms],
    }


def _judged(files: Folder, build: Callable[[Sequence[AccountName]], Engine]) -> list[Flagged]:
    """Everybody who is not registered, with the best match. Officials of one name are compared once."""
    holders: dict[AccountName, list[Official]] = {}
    for official in files.officials:
        holders.setdefault(official.name, []).append(official)
    registered = {official.who for official in files.officials}
    asked = [answer for answer in files.answers if answer.who not in registered]
    found = build([*holders]).search([files.names[answer.who] for answer in asked])
    known = [{official.who for official in same} for same in holders.values()]
    same_name = _of_same_name(files.officials)
    return [
        _flagged(files.names[answer.who], answer, matches, known, same_name)
        for answer, matches in zip(asked, found, strict=True)
    ]


def _of_same_name(officials: Sequence[Official]) -> dict[Who, set[Who]]:
    """For each registered account all of that name in its place: whoever imitates one imitates all."""
    by_name: dict[tuple[str, str], set[Who]] = {}
    for official in officials:
        by_name.setdefault((official.name.name, official.name.division), set()).add(official.who)
    return {who: same for same in by_name.values() for who in same}


def _flagged(
    one: AccountName,
    answer: Answer,
    found: Sequence[Found],
    known: Sequence[set[Who]],
    same_name: Mapping[Who, set[Who]],
) -> Flagged:
    best = found[0].match if found else None
    matched = set[Who]().union(*(known[each.at] for each in found if each.at >= 0))
    target = answer.target
    return Flagged(
        platform=answer.who.platform,
        uid=answer.who.uid,
        name=one.name,
        handle=one.handle,
        label=answer.label,
        kind=answer.kind,
        said_kind=best.kind if best else "",
        score=best.score if best else 0.0,
        official=best.registered if best else "",
        hit=target is not None and bool(matched & same_name.get(target, {target})),
    )


def _figures(answers: Sequence[Answer], judged: Sequence[Flagged]) -> Figures:
    said = [one for one in judged if one.said_kind]
    alike = [one for one in said if one.said_kind not in APART]
    return Figures(
        recall=_shares([(one.kind, one.hit) for one in judged if one.label == "counterfeit"]),
        precision=_shares([(one.said_kind, one.label == "counterfeit") for one in alike]),
        labels=Counter(answer.label for answer in answers),
        flagged=Counter(one.label for one in alike),
        apart=Counter(one.label for one in said if one.said_kind in APART),
    )


def _shares(outcomes: Sequence[tuple[str, bool]]) -> dict[str, Share]:
    wholes = Counter(kind for kind, _ in outcomes)
    parts = Counter(kind for kind, is_part in outcomes if is_part)
    by_kind = {kind: Share(parts[kind], wholes[kind]) for kind in sorted(wholes)}
    return {**by_kind, ALL: Share(parts.total(), wholes.total())}


def _figures_as_json(figures: Figures) -> dict[str, Any]:
    return {
        "recall": _shares_as_json(figures.recall),
        "precision": _shares_as_json(figures.precision),
        "labels": dict(figures.labels),
        "flagged": dict(figures.flagged),
        "apart": dict(figures.apart),
    }


def _shares_as_json(shares: Mapping[str, Share]) -> dict[str, Any]:
    return {kind: {**asdict(share), "value": share.value} for kind, share in shares.items()}


def _table(first: str, others: Sequence[str], result: Evaluation, which: str) -> str:
    """One line a kind; where there are several platforms, part and whole on each of them too."""
    platforms = result.platforms if len(result.platforms) > 1 else {}
    shares: Mapping[str, Share] = getattr(result, which)
    rows = [
        (
            kind,
            str(one.whole),
            str(one.part),
            _percent(one.value),
            *(_fraction(getattr(figures, which).get(kind)) for figures in platforms.values()),
        )
        for kind, one in shares.items()
    ]
    return render((first, *others, *platforms), rows)


def _fraction(share: Share | None) -> str:
    return f"{share.part}/{share.whole}" if share and share.whole else "－"


def _percent(share: float | None) -> str:
    return "－" if share is None else f"{share:.1%}"


def _not_shown(result: Evaluation) -> str:
    """Which of the kinds no name can show, and why."""
    return "\n".join(
        f"{kind}: {result.recall[kind].part}/{result.recall[kind].whole}. {why.zh}；{why.en}"
        for kind, why in CANNOT_SHOW.items()
        if kind in result.recall
    )


def _listed(title: str, flagged: Sequence[Flagged]) -> str:
    if not flagged:
        return f"{title}: none"
    headers = ("platform", "uid", "name", "handle", "label", "kind", "said", "score", "official")
    rows = [
        (f.platform, f.uid, f.name, f.handle, f.label, f.kind, f.said_kind, f"{f.score:.2f}", f.official)
        for f in flagged
    ]
    return f"{title}: {len(flagged)}\n{render(headers, rows)}"
