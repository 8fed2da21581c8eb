"""How well the rules do on a folder of known answers: recall and precision for each kind. No database.

The folder holds `registry.csv` (what is official), `accounts.jsonl` (who lives on the platform) and
`answers.csv` (who of them is what). A counterfeit counts as found if the account it imitates is among its
matches. An account that is registered itself is not asked about, as in production. Who is no counterfeit
counts as a false alarm only if flagged for likeness: an equal name, another name of the same body and a
vacant office are counted apart, for only the certified subject tells.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from common.table import render
from detection.compare import RULES_VERSION, AccountName
from detection.engine import Engine, Found
from detection.kinds import APART

LABELS = ("registered", "counterfeit", "hard_negative", "ordinary")
_OFFICIAL_COLUMNS = ("platform_uid", "name", "handle", "unit_division")
_ANSWER_COLUMNS = ("uid", "label", "kind", "target_uid")


class EvaluateInputError(Exception):
    """The folder or a file of it cannot be used; the text names the place and the mend."""


@dataclass(frozen=True)
class Official:
    """A registered account."""

    uid: str
    name: AccountName


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
class Share:
    """So many of a whole: counterfeits found of those there are, or flagged rightly of those flagged."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """None where there is nothing to take a part of."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Evaluation:
    """The figures of a folder, with what was missed and what was flagged wrongly.

    recall by the answers' kinds, precision by the rules' kinds of likeness, both with a line `all`; labels:
    accounts of each; flagged and apart: those of them flagged for likeness, and otherwise.
    """

    recall: Mapping[str, Share]
    precision: Mapping[str, Share]
    labels: Mapping[str, int]
    flagged: Mapping[str, int]
    apart: Mapping[str, int]
    missed: Sequence[Flagged]
    false_alarms: Sequence[Flagged]


def evaluate(folder: Path, build: Callable[[Sequence[AccountName]], Engine] = Engine) -> Evaluation:
    """Judge every account of `folder` and compare with its answers. Raises EvaluateInputError."""
    officials = read_registry(folder / "registry.csv")
    answers = {answer.uid: answer for answer in read_answers(folder / "answers.csv")}
    accounts = read_accounts(folder / "accounts.jsonl")
    if unknown := sorted(answers.keys() - accounts.keys()):
        raise EvaluateInputError(f"{folder / 'answers.csv'}: no such account in accounts.jsonl: {unknown[0]}")
    registered = {official.uid for official in officials}
    asked = [uid for uid in accounts if uid in answers and uid not in registered]
    listed = build([official.name for official in officials]).search([accounts[uid] for uid in asked])
    judged = [
        _flagged(accounts[uid], answers[uid], found, officials)
        for uid, found in zip(asked, listed, strict=True)
    ]
    return _figures(Counter(answer.label for answer in answers.values()), judged)


def read_registry(path: Path) -> list[Official]:
    """The accounts of registry.csv. Raises EvaluateInputError naming the line."""
    rows = list(_rows(path, _OFFICIAL_COLUMNS))
    if not rows:
        raise EvaluateInputError(f"{path}: no account is registered; write one a line")
    return [_official(row, place) for place, row in rows]


def read_answers(path: Path) -> list[Answer]:
    """The rows of answers.csv. Raises EvaluateInputError naming the line."""
    return [_answer(row, place) for place, row in _rows(path, _ANSWER_COLUMNS)]


def read_accounts(path: Path) -> dict[str, AccountName]:
    """The accounts of accounts.jsonl by uid. Raises EvaluateInputError naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluateInputError(f"{path}: cannot be read as UTF-8 text: {_why(error)}") from error
    return dict(
        _account(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
    )


def as_text(result: Evaluation) -> str:
    """The figures for people: tables by kind, the labels, and the lists of what went wrong."""
    labels = [
        (label, *(str(counts.get(label, 0)) for counts in (result.labels, result.flagged, result.apart)))
        for label in LABELS
    ]
    parts = [
        f"Rules {RULES_VERSION}",
        render(("counterfeits made by", "known", "found", "recall"), _cells(result.recall)),
        render(("rules say", "said", "counterfeit", "precision"), _cells(result.precision)),
        render(("label", "accounts", "flagged for likeness", "flagged otherwise"), labels),
        _listed("missed", result.missed),
        _listed("flagged for likeness, though no counterfeit", result.false_alarms),
    ]
    return "\n\n".join(parts)


def as_json(result: Evaluation) -> dict[str, Any]:
    """The same figures for machines."""
    return {
        "rules_version": RULES_VERSION,
        "recall": _shares_as_json(result.recall),
        "precision": _shares_as_json(result.precision),
        "labels": dict(result.labels),
        "flagged": dict(result.flagged),
        "apart": dict(result.apart),
        "missed": [asdict(one) for one in result.missed],
        "false_alarms": [asdict(one) for one in result.false_alarms],
    }


def _flagged(
    one: AccountName, answer: Answer, found: Sequence[Found], officials: Sequence[Official]
) -> Flagged:
    best = found[0].match if found else None
    targets = {officials[each.at].uid for each in found if each.at >= 0}
    return Flagged(
        uid=answer.uid,
        name=one.name,
        handle=one.handle,
        label=answer.label,
        kind=answer.kind,
        said_kind=best.kind if best else "",
        score=best.score if best else 0.0,
        official=best.registered if best else "",
        hit=answer.target_uid in targets,
    )


def _figures(labels: Mapping[str, int], judged: Sequence[Flagged]) -> Evaluation:
    counterfeits = [one for one in judged if one.label == "counterfeit"]
    said = [one for one in judged if one.said_kind]
    alike = [one for one in said if one.said_kind not in APART]
    return Evaluation(
        recall=_shares([(one.kind, one.hit) for one in counterfeits]),
        precision=_shares([(one.said_kind, one.label == "counterfeit") for one in alike]),
        labels=labels,
        flagged=Counter(one.label for one in alike),
        apart=Counter(one.label for one in said if one.said_kind in APART),
        missed=[one for one in counterfeits if not one.hit],
        false_alarms=[one for one in alike if one.label != "counterfeit"],
    )


def _shares(outcomes: Sequence[tuple[str, bool]]) -> dict[str, Share]:
    wholes = Counter(kind for kind, _ in outcomes)
    parts = Counter(kind for kind, is_part in outcomes if is_part)
    by_kind = {kind: Share(parts[kind], wholes[kind]) for kind in sorted(wholes)}
    return {**by_kind, "all": Share(parts.total(), wholes.total())}


def _shares_as_json(shares: Mapping[str, Share]) -> dict[str, Any]:
    return {kind: {**asdict(share), "value": share.value} for kind, share in shares.items()}


def _cells(shares: Mapping[str, Share]) -> list[tuple[str, ...]]:
    return [(kind, str(one.whole), str(one.part), _percent(one.value)) for kind, one in shares.items()]


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


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """For each row its place and its cells under `columns`, without surrounding space."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := sorted(set(columns) - set(reader.fieldnames or ())):
                raise EvaluateInputError(f"{path}: the column {missing[0]} is missing")
            for row in reader:
                yield f"{path}, line {reader.line_num}", [(row[column] or "").strip() for column in columns]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluateInputError(f"{path}: no UTF-8 CSV file to read: {_why(error)}") from error


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8 (the file may be GB18030); save it as UTF-8"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _official(cells: Sequence[str], place: str) -> Official:
    uid, name, handle, division = cells
    if not name and not handle:
        raise EvaluateInputError(f"{place}: neither name nor handle; fill one in or remove the line")
    return Official(uid, AccountName(name, handle, division))


def _answer(cells: Sequence[str], place: str) -> Answer:
    answer = Answer(*cells)
    if answer.label not in LABELS:
        raise EvaluateInputError(
            f"{place}: the label must be one of {', '.join(LABELS)}, not {answer.label!r}"
        )
    return answer


def _account(line: str, place: str) -> tuple[str, AccountName]:
    try:
        fields = json.loads(line)
        uid, name, handle = (fields[key] for key in ("uid", "name", "handle"))
    except (ValueError, TypeError, KeyError) as error:
        raise EvaluateInputError(f"{place}: not a JSON object with uid, name and handle: {error}") from error
    if not all(isinstance(value, str) for value in (uid, name, handle)):
        raise EvaluateInputError(f"{place}: uid, name and handle must be texts")
    return uid, AccountName(name, handle)
