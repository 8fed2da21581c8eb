"""The sentences of alert messages, Chinese and English: what happened and what is asked of whom. Pure."""

from typing import NamedTuple


class Both(NamedTuple):
    """One thing said twice."""

    zh: str
    en: str


SEVERITIES = {
    "S1": Both("特急", "critical"),
    "S2": Both("严重", "serious"),
    "S3": Both("关注", "notable"),
    "S4": Both("轻微", "minor"),
}
# What a subject begins with; {name} is the account imitated.
HEADLINES = {
    "preliminary": Both("待研判：疑似仿冒「{name}」", "not judged yet: suspected imitation of “{name}”"),
    "confirmed": Both("已确认：有账号仿冒「{name}」", "confirmed: an account imitates “{name}”"),
    "reported": Both("已上报：仿冒「{name}」", "reported: imitation of “{name}”"),
    "reversed": Both("预警撤回：「{name}」", "warning withdrawn: “{name}”"),
    "withdrawn": Both("上报撤回：仿冒「{name}」", "report withdrawn: imitation of “{name}”"),
    "second_missing": Both("逾期未会签：「{name}」", "a countersignature is overdue: “{name}”"),
    "delivery_parked": Both("预警未能送达：「{name}」", "a warning was not delivered: “{name}”"),
    "contact_missing": Both("缺少联系人：「{name}」", "a contact is missing: “{name}”"),
}
SUMMARIES = {
    "preliminary": Both(
        "系统发现一个账号疑似仿冒「{name}」，尚未经人工研判，请勿据此对外发布或处置。",
        "The system found an account that may imitate “{name}”. Nobody has judged it yet: "
        "do not publish or act outward on it.",
    ),
    "confirmed": Both(
        "经人工研判，下列账号仿冒「{name}」。", "A person judged that the account below imitates “{name}”."
    ),
    "reported": Both(
        "仿冒「{name}」一案已正式上报。",
        "The formal report on the imitation of “{name}” has left.",
    ),
    "reversed": Both(
        "此前关于「{name}」遭仿冒的预警不再成立：研判结论已变更。",
        "The earlier warning about “{name}” no longer stands: the judgement has changed.",
    ),
    "withdrawn": Both(
        "第二人未同意仿冒「{name}」一案的上报，上报撤回；仿冒的研判结论不变。",
        "The second person did not agree to the report on the imitation of “{name}”: it is withdrawn. "
        "That it is an imitation still stands.",
    ),
    "second_missing": Both(
        "关于「{name}」的一项决定到期未经第二人会签。",
        "A decision about “{name}” was not countersigned by a second person in time.",
    ),
    "delivery_parked": Both(
        "关于「{name}」的一条预警多次发送不成，已停发，收件人可能尚不知情。",
        "A warning about “{name}” could not be sent and was parked; its recipient may not know.",
    ),
    "contact_missing": Both(
        "通知「{name}」一案时，下列单位没有可用的联系人。",
        "When telling of “{name}”, these offices had no contact that can be reached.",
    ),
}
# What is asked, by kind and line; "" where the line is not named.
ASKED = {
    ("preliminary", "sponsor"): Both(
        "核对下列账号是否由本单位开设，并在确认时写明。",
        "Check whether the account below is your own, and say so when you acknowledge.",
    ),
    ("preliminary", "duty"): Both(
        "尽快安排研判；主办单位无人应答时，请致电。",
        "Have it judged soon; call the sponsor if nobody answers.",
    ),
    ("confirmed", "sponsor"): Both(
        "保存截图，视情提醒公众，准备并签署举报材料，报送属地网信办。",
        "Keep screenshots, warn the public where needed, sign the report for the cyberspace office.",
    ),
    ("confirmed", "supervision"): Both(
        "督促主办单位按时上报。", "See to it that the sponsor reports in time."
    ),
    ("confirmed", "cac"): Both(
        "核验证据；受理后请在系统中登记受理编号。",
        "Verify the evidence; enter the acceptance number once the case is accepted.",
    ),
    ("confirmed", "police"): Both(
        "供线索研判；正式取证请按规定自行进行。",
        "For your own assessment; evidence for proceedings has to be collected anew by the police.",
    ),
    ("confirmed", "publicity"): Both(
        "知悉；对外发声前请先与网信办商定。",
        "For information; agree with the cyberspace office before speaking in public.",
    ),
    ("confirmed", "duty"): Both(
        "跟进各单位的确认情况，无人应答的请致电。",
        "Follow the acknowledgements, and call those who do not answer.",
    ),
    ("reported", "sponsor"): Both("留意受理和处置进展。", "Watch how it is accepted and handled."),
    ("reported", "cac"): Both(
        "受理后请在系统中登记受理编号。", "Enter the acceptance number once the case is accepted."
    ),
    ("withdrawn", "sponsor"): Both(
        "核对举报材料；需要时重新上报。", "Check the report, and hand it in again where needed."
    ),
    ("withdrawn", "cac"): Both(
        "请勿再按该上报办理；重新上报时另行通知。",
        "Do not act on that report any more; you will be told when it is handed in again.",
    ),
    ("second_missing", "duty"): Both(
        "请安排另一名研判人员会签或驳回。", "Have another reviewer countersign or refuse it."
    ),
    ("delivery_parked", "duty"): Both(
        "请改用电话等方式通知对方；地址更正后可在系统中重发。",
        "Tell them by phone or otherwise; once the address is mended the message can be sent again.",
    ),
    ("contact_missing", "duty"): Both(
        "请补登联系人；在此之前由上一级接替。", "Enter the contacts; until then the next office up stands in."
    ),
}
WITHDRAWN = Both(
    "停止据此前预警采取的行动；已对外发布的，请更正。",
    "Stop what the earlier warning set in motion; correct what was published.",
)
TO_KNOW = Both("请知悉。", "For information.")
NOT_BY_OPENING = Both(
    "仅打开邮件或链接不算确认；请在打开的页面上填写由谁、何时之前处理什么，然后提交。",
    "Opening the mail or the link acknowledges nothing: say on that page who does what by when.",
)
BY_PHONE_OR_CONSOLE = Both(
    "请在系统中或向值班电话确认。", "Acknowledge in the console or by calling the duty desk."
)
NEXT_CONTACT = Both(
    "逾期无人确认，将通知下一联系人。", "If nobody acknowledges in time, the next contact is told."
)
NEXT_IN_LINE = Both(
    "逾期无人确认，将依次通知下一联系人和上级单位。",
    "If nobody acknowledges in time, the next in line is told.",
)
PROVISIONAL = Both(
    "此决定为夜间单人作出，已生效，待第二人会签。",
    "Decided by one person at night: in effect, and to be countersigned.",
)
AWAITING = Both(
    "该决定尚未生效，第二人会签后方可生效。",
    "That decision is not in effect: it will be when a second person has countersigned.",
)
CRIME_SIGNS = Both("研判人员已确认有犯罪迹象。", "A person confirmed signs of crime.")
AUTOMATIC = Both("本邮件由甄伪系统自动发出，回复无人查看。", "Sent by Zhenwei; nobody reads replies.")


def if_silent(kind: str) -> Both:
    """What follows if nobody answers: before a judgement the warning does not leave the unit."""
    return NEXT_CONTACT if kind == "preliminary" else NEXT_IN_LINE


def asked(kind: str, line: str) -> Both:
    """What a line is asked to do about an alert of that kind."""
    return WITHDRAWN if kind == "reversed" else ASKED.get((kind, line), TO_KNOW)
