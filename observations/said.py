"""What a person says about a file that is handed in, checked; and what is told back about it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from common import canonical
from common.clock import BEIJING
from common.faults import BadFile, Faults, Place, Text, visible
from crawlers import specs
from crawlers.spec_rules import IMPORT_TARGETS
from crawlers.specs import Spec, SpecError
from observations.answering import Answered
from observations.claims import Claim
from observations.exports import Found
from observations.models import Handover, Source
from registry.models import AccountKind, User


def spec_of(platform: str) -> Spec:
    """By which spec exports of `platform` are read. Raises BadFile for a platform nobody knows."""
    known = AccountKind.objects.values_list("platform", flat=True)
    if platform == specs.GENERIC or (platform not in specs.available() and platform not in known):
        problem = Text("没有这个平台", "there is no such platform")
        names = ", ".join(sorted({*specs.available(), *known} - {specs.GENERIC}))
        mend = Text(f"请写以下之一：{names}", f"write one of: {names}")
        raise _bad("platform", "platform", platform, problem, mend)
    try:
        return specs.for_import(platform)
    except SpecError as error:
        problem = Text("平台规范有误", "the platform's spec cannot be used")
        mend = Text(f"请运行 zhenwei platforms check {platform}", f"run zhenwei platforms check {platform}")
        raise _bad("platform", "platform", platform, problem, mend) from error


def source_of(spec: Spec, instance: str) -> Source:
    """The switched-on platform. Raises BadFile, with the command that switches it on."""
    source = Source.objects.filter(platform=spec.id, instance=instance, enabled=True).first()
    if source is not None:
        return source
    at = f" --instance {instance}" if instance else ""
    command = f"zhenwei platforms enable {spec.id}{at} --by NAME --accept-terms"
    problem = Text("该平台尚未启用", "this platform is not switched on")
    mend = Text(
        f"请管理员阅读说明后运行：{command}（NAME 为其登录名）；试运行（dry run）不需要启用",
        f"have it switched on first: {command}; a dry run works without",
    )
    raise _bad("not_enabled", "platform", spec.id, problem, mend)


def exported_at(text: str, now: datetime) -> datetime | None:
    """When the file was exported; None if nobody says so. Raises BadFile."""
    if not text.strip():
        return None
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        problem = Text("导出时间不是日期", "the time of the export is no date")
        mend = Text("请写成 2026-11-24 或 2026-11-24T08:30", "write 2026-11-24 or 2026-11-24T08:30")
        raise _bad("exported_at", "exported_at", text, problem, mend) from None
    said = said if said.tzinfo else said.replace(tzinfo=BEIJING)
    if said > now:
        problem = Text("导出时间在将来", "the file was exported in the future")
        mend = Text("请核对导出时间", "check when it was exported")
        raise _bad("exported_at", "exported_at", text, problem, mend)
    return said


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises BadFile if a column is to be a field that there is not."""
    for column, target in mapping.items():
        if target not in IMPORT_TARGETS:
            problem = Text("没有这个字段", "there is no such field")
            names = ", ".join(IMPORT_TARGETS)
            raise _bad(
                "mapping", column, target, problem, Text(f"请写以下之一：{names}", f"write one of: {names}")
            )


def version(spec: Spec, mapping: Mapping[str, str]) -> str:
    """By which columns a file was read: the spec's version, and a mark of what a person chose."""
    chosen = canonical.encode([[column, mapping[column]] for column in sorted(mapping)])
    mark = f"+{hashlib.sha256(chosen).hexdigest()[:12]}" if mapping else ""
    return f"{spec.document['id']} v{spec.version}{mark}"


def name_of(actor: str) -> str:
    """Whom people know by `actor`."""
    kind, _, pk = actor.partition(":")
    person = User.objects.filter(pk=int(pk)).first() if kind == "user" and pk.isdecimal() else None
    return person.username if person else actor


def changed_while_read() -> BadFile:
    """The error for a file that is another than was read."""
    problem = Text("文件在读取期间被改动", "the file changed while it was read")
    mend = Text("请等文件写完后重新导入", "bring it in again when nobody writes to it")
    return _bad("changed", "", "", problem, mend)


def tell(notices: Faults, found: Found, claim: Claim, answered: Answered | None) -> None:
    """Note what the file did not answer."""
    if answered is None:
        return
    if claim.is_empty and not found.queries:
        problem = Text(
            "没有说明检索范围，文件中也没有搜索词列：不计为已检索",
            "nobody says what was searched, nor does the file: no coverage is claimed",
        )
        mend = Text(
            "知道检索范围时请重新导入并写明（--covers 410100、all 或 keyword:检索词）",
            "if you know it, bring the file in again and say so (--covers 410100, all or keyword:WORD)",
        )
        notices.add("no_coverage", Place(), problem, mend)
    if answered.unasked:
        problem = Text(
            f"{answered.unasked} 个搜索词不是台账中任何名称",
            f"{answered.unasked} search words are no name of the register",
        )
        mend = Text("结果已保留，但不计入检索覆盖", "their rows are kept and count for no coverage")
        notices.add("unasked", Place(), problem, mend)


def tell_before(notices: Faults, before: Handover) -> None:
    """Note that the file was taken before."""
    at = before.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    problem = Text(f"这份文件已于 {at} 导入", f"this file was taken on {at} (Beijing)")
    mend = Text("没有任何改动", "nothing was changed")
    notices.add("taken_before", Place(value=visible(before.file_name)), problem, mend)


def _bad(kind: str, column: str, value: str, problem: Text, mend: Text) -> BadFile:
    faults = Faults()
    faults.add(kind, Place(column=column, value=value), problem, mend)
    return BadFile(faults)
