"""What the edge knows of an act is in every event recorded on the way, and in no other."""

import pytest
from django.db import transaction

from audit_logs.circumstances import under
from audit_logs.event import parse_body
from audit_logs.record import record


@pytest.mark.django_db
def test_it_is_added_inside_and_nowhere_else() -> None:
    with transaction.atomic():
        with under(os_user="zhang"), under(host="a"):
            inside = record("system:users", "user.add", ("user", "7"), {"role": "auditor"})
        after = record("system:users", "user.add", ("user", "8"), {})
    assert inside.details == {"role": "auditor", "os_user": "zhang", "host": "a"}
    assert parse_body(bytes(inside.body)).details == inside.details
    assert after.details == {}


@pytest.mark.django_db
def test_it_ends_with_an_error() -> None:
    with pytest.raises(LookupError), under(os_user="zhang"):
        raise LookupError
    with transaction.atomic():
        assert record("system:users", "user.add", ("user", "8"), {}).details == {}
