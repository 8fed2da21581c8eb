"""How well the rules do on a folder of known answers: recall and precision for each kind. No database.

The folder holds `registry.csv` (what is official), `accounts.jsonl` (who lives on the platform) and
`answers.csv` (who of them is what). A counterfeit counts as found if the account it imitates is among its
matches. An account that is registered itself is not asked about, as in production.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from common.table import render
from detection import index
from detection.compare import RULES_VERSION, AccountName, Match, compare
from detection.match import MatchInputError, Official, read_register, why_unreadable

LABELS = ("registered", "counterfeit", "hard_negative", "ordinary")
_ANSWER_COLUMNS = frozenset({"uid", "label", "kind", "target_uid"})


@dataclass(frozen=True)
class Answer:
    """What an account is known to be; kind and target only for a counterfeit."""

    uid: str
    label: str
    kind: str
    target_uid: str


@dataclass(frozen=True)
class Flagged:
    """An account and its best match; `hit` says whether the account it imitates is among its matches."""

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
class KindFigures:
    """Counts of one kind. `known` and `found` by the answers' kind, `said` and `right` by the rules' kind."""

    known: int
    found: int
    said: int
    right: int

    @property
    def recall(self) -> float | None:
        """Found of known; None where there is none to find."""
        return self.found / self.known if self.known else None

    @property
    def precision(self) -> float | None:
        """Right of said; None where nothing was said."""
        return self.right / self.said if self.said else None


@dataclass(frozen=True)
class Evaluation:
    """The figures of a folder, with what was missed and what was flagged wrongly."""

    labels: Mapping[str, int]
    flagged: Mapping[str, int]
    kinds: Mapping[str, KindFigures]
    total: KindFigures
    missed: Sequence[Flagged]
    false_alarms: Sequence[Flagged]


def evaluate(folder: Path) -> Evaluation:
    """Judge every account of `folder` and compare with its answers. Raises MatchInputError for bad files."""
    officials = read_register(folder / "registry.csv")
    answers = {answer.uid: answer for answer in read_answers(folder / "answers.csv")}
    accounts = read_accounts(folder / "accounts.jsonl")
    if unknown := sorted(answers.keys() - accounts.keys()):
        raise MatchInputError(f"{folder / 'answers.csv'}: no such account in accounts.jsonl: {unknown[0]}")
    registered = {official.uid for official in officials}
    asked = {uid: one for uid, one in accounts.items() if uid in answers and uid not in registered}
    judged = list(_judge(asked, answers, officials))
    return _figures(Counter(answers[uid].label for uid in answers), judged)


def read_answers(path: Path) -> list[Answer]:
    """The rows of answers.csv. Raises MatchInputError naming the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := sorted(_ANSWER_COLUMNS - set(reader.fieldnames or ())):
                raise MatchInputError(f"{path}: the column {missing[0]} is missing")
            return [_answer(row, f"{path}, line {reader.line_num}") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MatchInputError(f"{path}: no UTF-8 CSV file to read: {why_unreadable(error)}") from error


def read_accounts(path: Path) -> dict[str, AccountName]:
    """The accounts of accounts.jsonl by uid. Raises MatchInputError naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MatchInputError(f"{path}: cannot be read as UTF-8 text: {why_unreadable(error)}") from error
    return dict(
        _account(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
    )


def as_text(result: Evaluation) -> str:
    """The figures for people: a table by kind, the labels, and the lists of what went wrong."""
    kinds = [
        (kind, *_cells(figures)) for kind, figures in [*sorted(result.kinds.items()), ("all", result.total)]
    ]
    labels = [
        (label, str(result.labels.get(label, 0)), str(result.flagged.get(label, 0))) for label in LABELS
    ]
    parts = [
        f"Rules {RULES_VERSION}",
        render(("kind", "known", "found", "recall", "said", "right", "precision"), kinds),
        render(("label", "accounts", "flagged"), labels),
        _listed("missed", result.missed),
        _listed("flagged, though no counterfeit", result.false_alarms),
    ]
    return "\n\n".join(parts)


def as_json(result: Evaluation) -> dict[str, Any]:
    """The same figures for machines."""
    figures = {**result.kinds, "all": result.total}
    return {
        "rules_version": RULES_VERSION,
        "labels": dict(result.labels),
        "flagged": dict(result.flagged),
        "kinds": {
            kind: {**asdict(one), "recall": one.recall, "precision": one.precision}
            for kind, one in figures.items()
        },
        "missed": [asdict(one) for one in result.missed],
        "false_alarms": [asdict(one) for one in result.false_alarms],
    }


def _judge(
    asked: Mapping[str, AccountName], answers: Mapping[str, Answer], officials: Sequence[Official]
) -> Iterator[Flagged]:
    lookup = index.build([official.name for official in officials])
    for uid, one in asked.items():
        matches = [(officials[at], compare(one, officials[at].name)) for at in lookup.candidates(one)]
        yield _flagged(one, answers[uid], [(official, match) for official, match in matches if match])


def _flagged(one: AccountName, answer: Answer, alike: Sequence[tuple[Official, Match]]) -> Flagged:
    official, match = max(alike, key=lambda pair: pair[1].score, default=(None, None))
    return Flagged(
        uid=answer.uid,
        name=one.name,
        handle=one.handle,
        label=answer.label,
        kind=answer.kind,
        said_kind=match.kind if match else "",
        score=match.score if match else 0.0,
        official=official.name.name if official else "",
        hit=any(target.uid == answer.target_uid for target, _ in alike),
    )


def _figures(labels: Mapping[str, int], judged: Sequence[Flagged]) -> Evaluation:
    counterfeits = [one for one in judged if one.label == "counterfeit"]
    said = [one for one in judged if one.said_kind]
    kinds = sorted({one.kind for one in counterfeits} | {one.said_kind for one in said})
    return Evaluation(
        labels=labels,
        flagged=Counter(one.label for one in said),
        kinds={kind: _of_kind(kind, counterfeits, said) for kind in kinds},
        total=_count(counterfeits, said),
        missed=[one for one in counterfeits if not one.hit],
        false_alarms=[one for one in said if one.label != "counterfeit"],
    )


def _of_kind(kind: str, counterfeits: Sequence[Flagged], said: Sequence[Flagged]) -> KindFigures:
    known = [one for one in counterfeits if one.kind == kind]
    return _count(known, [one for one in said if one.said_kind == kind])


def _count(known: Sequence[Flagged], said: Sequence[Flagged]) -> KindFigures:
    found = sum(one.hit for one in known)
    return KindFigures(len(known), found, len(said), sum(one.label == "counterfeit" for one in said))


def _cells(figures: KindFigures) -> tuple[str, ...]:
    recall, precision = _percent(figures.recall), _percent(figures.precision)
    return str(figures.known), str(figures.found), recall, str(figures.said), str(figures.right), precision


def _percent(share: float | None) -> str:
    return "－" if share is None else f"{share:.1%}"


def _listed(title: str, flagged: Sequence[Flagged]) -> str:
    if not flagged:
        return f"{title}: none"
    headers = ("uid", "name", "handle", "label", "kind", "said", "score", "official")
    rows = [
        (f.uid, f.name, f.handle, f.label, f.kind, f.said_kind, f"{f.score:.2f}", f.official) for f in flagged
    ]
    return f"{title}: {len(flagged)}\n{render(headers, rows)}"


def _answer(row: Mapping[str, str | None], place: str) -> Answer:
    answer = Answer(*((row.get(column) or "").strip() for column in ("uid", "label", "kind", "target_uid")))
    if answer.label not in LABELS:
        raise MatchInputError(f"{place}: the label must be one of {', '.join(LABELS)}, not {answer.label!r}")
    return answer


def _account(line: str, place: str) -> tuple[str, AccountName]:
    try:
        fields = json.loads(line)
        uid, name, handle = (fields[key] for key in ("uid", "name", "handle"))
    except (ValueError, TypeError, KeyError) as error:
        raise MatchInputError(f"{place}: not a JSON object with uid, name and handle: {error}") from error
    if not all(isinstance(value, str) for value in (uid, name, handle)):
        raise MatchInputError(f"{place}: uid, name and handle must be texts")
    return uid, AccountName(name, handle)
