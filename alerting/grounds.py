"""Why somebody is told of a case, in full sentences, Chinese and English. Pure."""

from typing import NamedTuple

from registry.contacts import LINES


class Reason(NamedTuple):
    """Why somebody is told: a code, and a full sentence in Chinese and English."""

    code: str
    zh: str
    en: str


OF_LINE = {
    "sponsor": Reason("sponsor", "被仿冒账号由该单位主办。", "It runs the account that is imitated."),
    "supervision": Reason(
        "supervision", "该单位是主办单位的主管单位。", "It supervises the unit that runs the account."
    ),
    "cac": Reason(
        "cac",
        "主办单位属地的网信办，受理仿冒账号的举报。",
        "The cyberspace office of the unit's own place takes reports of counterfeits.",
    ),
    "publicity": Reason(
        "publicity", "S1 案件抄送宣传部门。", "S1 cases are copied to the publicity department."
    ),
    "duty": Reason("duty", "安全值守知悉每一起预警。", "The duty desk knows of every warning."),
}
POLICE_S1 = Reason(
    "police_s1", "S1 案件，属地公安机关同时知悉。", "S1: the police of the place are told as well."
)
CRIME = Reason(
    "crime_signs",
    "研判人员已确认有犯罪迹象，通知公安机关。",
    "A person confirmed signs of crime: the police are told.",
)
UPPER_BUREAU = Reason(
    "upper_bureau",
    "被仿冒的是公安机关，其上级公安机关知悉。",
    "The imitated body is police: its own upper bureau is told.",
)
COPY = Reason(
    "copy",
    "垂直管理单位由其上级主管，抄送当地政府办公室。",
    "A vertical body answers to its own line; the local government office gets a copy.",
)
INTERNAL = {
    "second_missing": Reason(
        "second_missing", "有决定逾期未经第二人会签。", "A decision is overdue for its countersignature."
    ),
    "delivery_parked": Reason(
        "delivery_parked",
        "有一条预警未能送达，须另行通知。",
        "A warning was not delivered: tell them otherwise.",
    ),
    "contact_missing": Reason(
        "contact_missing",
        "有单位没有可用的联系人，须补登。",
        "An office has no contact: one must be entered.",
    ),
}
FIRST = Reason("first", "该处的第一联系人。", "First contact there.")
SUBSTITUTE = Reason(
    "substitute",
    "替补联系人：前一位未在时限内确认。",
    "Substitute: the one before did not acknowledge in time.",
)
STANDS_IN = Reason(
    "stands_in",
    "第一联系人此时不在岗，由在岗者接替。",
    "The first contact is off duty now; who is on duty stands in.",
)
RETURNS = Reason("returns", "第一联系人，接报时不在岗。", "First contact, off duty when the warning came.")
NOBODY_ON_DUTY = Reason(
    "nobody_on_duty",
    "此时该处无人在岗，仍通知第一联系人。",
    "Nobody there is on duty now; the first contact is told all the same.",
)
ABOVE = Reason(
    "above", "下一级未在时限内确认，逐级上报。", "The level below did not acknowledge in time; one level up."
)
PHONE_ONLY = Reason(
    "phone_only", "只登记了电话，请人工致电。", "Only a phone number is known: somebody must call."
)
SYSTEM = Reason("system", "该处登记的接收系统。", "The receiving system of that office.")
TAKEN_BACK = Reason("taken_back", "此前收到过本案的预警。", "They were told of this case before.")


def passed_over(title: str, line: str) -> Reason:
    """Why the next office up is told in place of one called `title`."""
    return Reason(
        "gap_below",
        f"{title}（{LINES[line].zh}）没有可用的联系人，由上一级接替。",
        f"{title} ({LINES[line].en}) has no contact that can be reached; the next one up stands in.",
    )
