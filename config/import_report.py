"""What `zhenwei import` prints of an import: changes, counts, notices, faults by kind, and what is next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from common.faults import BadFile, Fault, Language, Text, visible
from config.language import say
from registry import imports
from registry.headers import fields
from registry.outcome import Change, Outcome

SHOWN = 50
COUNTS = {
    "units_added": Text("新增单位", "units added"),
    "units_changed": Text("变更单位", "units changed"),
    "units_unchanged": Text("未变单位", "units unchanged"),
    "accounts_added": Text("新增账号", "accounts added"),
    "accounts_changed": Text("变更账号", "accounts changed"),
    "accounts_unchanged": Text("未变账号", "accounts unchanged"),
    "accounts_retired": Text("注销账号", "accounts retired"),
    "contacts_added": Text("新增联系人", "contacts added"),
    "contacts_changed": Text("变更联系人", "contacts changed"),
    "contacts_unchanged": Text("未变联系人", "contacts unchanged"),
    "rows": Text("读取行数", "rows read"),
    "duplicates": Text("重复行", "repeated rows"),
    "observations_added": Text("新增观察", "observations added"),
    "observations_unchanged": Text("已有观察", "observations known before"),
    "registered_seen": Text("其中登记账号", "registered accounts among them"),
    "tasks_answered": Text("答复的查询", "questions answered"),
}
NEXT = {
    "registry": Text("下一步：zhenwei import contacts 文件", "next: zhenwei import contacts FILE"),
    "contacts": Text("下一步：zhenwei platforms list", "next: zhenwei platforms list"),
    "observations": Text("下一步：zhenwei detect", "next: zhenwei detect"),
}


def of_outcome(outcome: Outcome, what: str, language: Language) -> Iterator[str]:
    """The lines for a file that was taken, or would be."""
    yield from _listed(
        [_change(change, language) for change in outcome.changes], outcome.changes_total, language
    )
    if outcome.notices_total:
        total = outcome.notices_total
        yield say(Text(f"请留意 {total} 处：", f"{_count(total, 'notice')}:"), language)
        yield from _faults(outcome.notices, total, outcome.notice_kinds, language)
    if outcome.skipped:
        skipped = outcome.skipped
        said = f"{_count(skipped, 'row')} with faults left out:"
        yield say(Text(f"略过有错误的 {skipped} 行：", said), language)
        yield from _faults(outcome.faults, sum(outcome.fault_kinds.values()), outcome.fault_kinds, language)
    yield _counts(outcome.counts, language)
    yield say(_end(outcome, what), language)


def of_faults(error: BadFile, name: str, language: Language) -> Iterator[str]:
    """The lines for a file that was not taken."""
    yield from _faults(error.faults, error.total, error.kinds, language)
    yield say(
        Text(
            f"zhenwei：{name} 未导入，共 {error.total} 处错误，什么也没有写入",
            f"zhenwei: {name} was not taken, nothing was written, {_count(error.total, 'fault')}",
        ),
        language,
    )
    yield say(
        Text(
            "请改正后重新导入；--errors 文件 可得到注明每行原因的副本，--skip-bad 只导入没有错误的行",
            "mend it and bring it in again; --errors FILE writes a copy with the reasons, "
            "--skip-bad takes the other rows",
        ),
        language,
    )


def json_of_faults(error: BadFile, *, dry_run: bool) -> dict[str, Any]:
    """The same as one JSON object."""
    return {"dry_run": dry_run, "taken": False, **imports.as_json(error)}


def json_of_outcome(outcome: Outcome) -> dict[str, Any]:
    """An outcome as one JSON object."""
    return {"taken": not outcome.dry_run, **outcome.as_json()}


def _end(outcome: Outcome, what: str) -> Text:
    if outcome.dry_run:
        return Text("试运行：什么也没有写入", "dry run: nothing was written")
    if not outcome.anything:
        return Text("与现有内容一致，没有变更", "everything stands like this already: nothing was changed")
    return NEXT[what]


def _faults(
    first: Sequence[Fault], total: int, kinds: Mapping[str, int], language: Language
) -> Iterator[str]:
    """The first faults; then, if there are more, how many of each kind, with one of them."""
    yield from _listed([f"  {fault.sentence(language)}" for fault in first], total, language)
    if total <= min(len(first), SHOWN):
        return
    examples = {fault.kind: fault for fault in reversed(first)}
    yield say(Text("按种类：", "by kind:"), language)
    for kind, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0])):
        example = f"  {examples[kind].said(language)}" if kind in examples else ""
        yield f"  {count:>7}  {kind}{example}"


def _listed(lines: Sequence[str], total: int, language: Language) -> Iterator[str]:
    yield from lines[:SHOWN]
    if total > SHOWN:
        yield say(Text(f"  …… 另有 {total - SHOWN} 处", f"  … and {total - SHOWN} more"), language)


def _change(change: Change, language: Language) -> str:
    place = _where(change, language)
    name = say(_title(change.field), language)
    return f"{place}{change.subject}: {name} {change.old or '–'} → {change.new or '–'}"


def _where(change: Change, language: Language) -> str:
    if not change.line:
        return ""
    sheet = visible(change.sheet)
    zh = f"工作表“{sheet}” " * bool(sheet) + f"第{change.line}行 "
    return say(Text(zh, f"sheet “{sheet}”, " * bool(sheet) + f"line {change.line}, "), language)


def _title(name: str) -> Text:
    for kind in ("registry", "contacts"):
        if name in fields(kind):
            return fields(kind)[name].title
    return Text(name, name)


def _counts(counts: Mapping[str, int], language: Language) -> str:
    said = _nonzero(counts.items())
    named = (f"{say(COUNTS.get(name, Text(name, name)), language)} {number}" for name, number in said)
    return say(Text("，", ", "), language).join(named)


def _nonzero(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """What was counted; all of it where nothing was."""
    everything = list(counts)
    return [one for one in everything if one[1]] or everything


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
