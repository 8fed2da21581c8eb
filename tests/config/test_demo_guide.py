"""What the demo says when it is ready leads somebody through a first case."""

import pytest

from config import demo_data, demo_guide
from config.demo_data import Person
from registry.models import User
from registry.roles import Role
from tests.cast import Province

ADDRESS = "http://127.0.0.1:8700"


def test_it_names_place_people_and_roles_in_both_languages() -> None:
    people = [Person("cac_officer", Role.CAC_OFFICER, "河南省 410000", "abcd")]
    said = demo_guide.text(people, ADDRESS, "http://[::1]:8700")
    assert f"{ADDRESS}/  (also http://[::1]:8700/)" in said
    assert "cac_officer  abcd" in said
    assert "网信办 cac officer" in said
    assert f"{ADDRESS}/mailbox/" in said


@pytest.mark.django_db
def test_each_start_gives_everybody_a_new_password(place: Province) -> None:
    first, second = demo_data.people(), demo_data.people()
    assert [person.name for person in first] == [*demo_data.CAST]
    assert not {person.password for person in first} & {person.password for person in second}
    for person in second:
        user = User.objects.get(username=person.name)
        assert user.check_password(person.password)
        assert not user.password_change_due
        assert (user.role, bool(user.unit)) == (person.role, person.role == Role.SPONSOR)
