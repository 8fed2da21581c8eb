"""Who may be who: the closed list of roles (domain handbook, users and their jobs). Pure."""

from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person does here. The three administrators are kept apart and none of them reviews cases."""

    REVIEWER = "reviewer"
    DUTY_OFFICER = "duty_officer"
    SPONSOR = "sponsor"
    SUPERVISOR = "supervisor"
    CAC_OFFICER = "cac_officer"
    PSB_OFFICER = "psb_officer"
    PUBLICITY = "publicity"
    CONTRACTOR = "contractor"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"


CHINESE = {
    Role.REVIEWER: "研判员",
    Role.DUTY_OFFICER: "安全值守",
    Role.SPONSOR: "主办单位",
    Role.SUPERVISOR: "主管单位",
    Role.CAC_OFFICER: "网信办",
    Role.PSB_OFFICER: "公安网安",
    Role.PUBLICITY: "宣传部门",
    Role.CONTRACTOR: "运维单位",
    Role.AUDITOR: "审计管理员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
}

# Sees the accounts of its own unit only.
UNIT_ROLES = frozenset({Role.SPONSOR, Role.CONTRACTOR})
# Sees no account rows at all: the auditor reads logs, administrators run the service.
BLIND_ROLES = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
# Sees the subtree of its division.
WATCHING_ROLES = frozenset(Role) - UNIT_ROLES - BLIND_ROLES


def in_force(role: str, until: date | None, today: date) -> bool:
    """Whether rights that end with the day `until` hold on the day `today`.

    None is without end, but a contractor's rights end with the contract: without an end they do not hold.
    """
    if until is None:
        return role != Role.CONTRACTOR
    return today <= until
