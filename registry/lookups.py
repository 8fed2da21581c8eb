"""From what a person writes to the row meant, or a refusal that names what is near."""

from datetime import date

from common.faults import visible
from registry.errors import Refused, nearest, one_of
from registry.models import Division, Unit, User
from registry.roles import Role


def role(text: str) -> Role:
    """The role written as `text`. Raises Refused."""
    try:
        return Role(text)
    except ValueError:
        raise Refused(f"unknown role “{visible(text)}”: {one_of(text, list(Role))}") from None


def division(code: str) -> Division:
    """The division with this code. Raises Refused for an unknown or ended one and for a placeholder."""
    found = Division.objects.filter(code=code).first()
    if found is None:
        raise Refused(f"unknown division “{visible(code)}”: write a code of six digits, as 410100 for 郑州市")
    if found.is_placeholder:
        raise Refused(f"{found} only groups others: use {found.parent_id} or a district")
    if found.valid_to is not None:
        followed = f"use {' or '.join(found.successors)}" if found.successors else "use what it lies in now"
        raise Refused(f"{found} has ended: {followed}")
    return found


def unit(name: str, division_code: str = "") -> Unit:
    """The unit of this name; where several bear it, `division_code` says which. Raises Refused."""
    units = Unit.objects.filter(name=name).order_by("line_division_id")
    if division_code:
        units = units.filter(line_division_id=division_code)
    found = list(units[:10])
    if len(found) == 1:
        return found[0]
    if found:
        codes = ", ".join(unit.line_division_id for unit in found)
        raise Refused(f"several units are called {name}: say which with --unit-division ({codes})")
    near = nearest(name, Unit.objects.values_list("name", flat=True))
    mend = f"did you mean {near}?" if near else "import the register first, or check the name"
    raise Refused(
        f"no unit is called “{visible(name)}”{f' in {visible(division_code)}' * bool(division_code)}: {mend}"
    )


def user(username: str) -> User:
    """The person who signs in as `username`. Raises Refused."""
    found = User.objects.filter(username=username).first()
    if found is None:
        near = nearest(username, User.objects.values_list("username", flat=True))
        mend = f"did you mean {near}?" if near else "“zhenwei users list” shows everybody"
        raise Refused(f"nobody signs in as “{visible(username)}”: {mend}")
    return found


def day(text: str) -> date:
    """The day written as 2027-12-31. Raises Refused for any other way to write it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise Refused(f"“{visible(text)}” is not a day: write it as 2027-12-31")
    return found
