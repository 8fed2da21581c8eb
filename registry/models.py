"""What is official: divisions, units, their accounts and the names that are protected; and who signs in.

Rows are written by `registry.actions` and the importers only, and read through `registry.scope`.
Nothing here is deleted: an account ends with a state, a name stays protected for ever.
"""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from registry.contacts import HOURS, LINES
from registry.kinds import STATES, UNIT_KINDS
from registry.roles import CHINESE, Role


class Division(models.Model):
    """An administrative division (行政区划) as of a span of time."""

    code = models.CharField(
        max_length=16, primary_key=True, help_text="six digits; 441900-county for a stand-in of the source"
    )
    name = models.CharField(max_length=60)
    level = models.CharField(
        max_length=12, choices=[("province", "province"), ("prefecture", "prefecture"), ("county", "county")]
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=60, unique=True, help_text="/CN/410000/410100/; ends with a slash")
    is_placeholder = models.BooleanField(default=False)
    is_statistical_zone = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True, help_text="last day")
    successors = models.JSONField(default=list, help_text="codes that followed when it ended")

    class Meta:
        constraints = [
            # A path without its slashes would open the subtree of a neighbour to everybody below it.
            models.CheckConstraint(
                condition=models.Q(path__startswith="/CN/", path__endswith="/"), name="path_has_both_slashes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class Unit(models.Model):
    """A public body (单位). `line_division` is the government it belongs to, not where it happens to sit."""

    KINDS: ClassVar = UNIT_KINDS
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=[(kind, kind) for kind in KINDS])
    line_division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="units")
    parent_unit = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="sub_units")
    uscc = models.CharField(max_length=18, blank=True, help_text="unified social credit code (GB 32100)")
    search = models.TextField(blank=True, help_text="forms of the name a search looks in, one a line")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "line_division"], name="unit_once_per_division"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountKind(models.Model):
    """One slot a unit may fill on a platform; `is_core` (两微一端): Weibo, WeChat and client app."""

    platform = models.CharField(max_length=32, primary_key=True)
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=40)
    is_core = models.BooleanField()

    def __str__(self) -> str:
        return self.title_zh


class Account(models.Model):
    """A registered official account, known by (platform, instance, platform_uid), never by its name."""

    STATES: ClassVar = STATES
    platform = models.CharField(max_length=32)
    instance = models.CharField(max_length=64, blank=True, help_text="empty where a platform has one host")
    platform_uid = models.CharField(max_length=128)
    handle = models.CharField(max_length=128, blank=True)
    name = models.CharField(max_length=200)
    certified_subject = models.CharField(max_length=200, blank=True)
    home_url = models.CharField(max_length=500, blank=True)
    opened_on = models.DateField(null=True)
    state = models.CharField(max_length=16, choices=[(state, state) for state in STATES])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="accounts")
    search = models.TextField(blank=True, help_text="forms of name and handle a search looks in, one a line")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "instance", "platform_uid"], name="account_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ProtectedName(models.Model):
    """A name strangers may not take: of a unit or an account, also a former or closed one. Never deleted."""

    text = models.CharField(max_length=200)
    reason = models.CharField(
        max_length=24,
        choices=[("account", "account"), ("unit", "unit"), ("former", "former"), ("closed", "closed")],
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="protected_names")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="protected_names")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "unit", "account"],
                condition=models.Q(account__isnull=False),
                name="account_name_once",
            ),
            models.UniqueConstraint(
                fields=["text", "unit"], condition=models.Q(account__isnull=True), name="unit_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Contact(models.Model):
    """Somebody who answers for an office of a division or for a unit, on one line, for a span of days.

    Rank 1 is told first, 2 and up are substitutes. A supervision contact of a unit is its own upper body
    (vertical management); without one the government office of its division supervises it.
    """

    line = models.CharField(max_length=12, choices=[(key, key) for key in LINES])
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="contacts")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="contacts")
    office = models.CharField(max_length=120)
    person = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    hours = models.CharField(max_length=12, choices=[(hours, hours) for hours in HOURS])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="last day")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(division=None) ^ models.Q(unit=None), name="contact_has_one_place"
            ),
            models.UniqueConstraint(
                fields=["line", "division", "unit", "person", "valid_from"],
                name="contact_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.person}"


class User(AbstractUser):
    """A person who signs in. `scope` bounds what is seen: that division and everything below it."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=16, choices=[(role.value, CHINESE[role]) for role in Role])
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    scope = models.ForeignKey(
        Division, null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    until = models.DateField(null=True, blank=True, help_text="last day of the rights; a contract's end")
    password_change_due = models.BooleanField(default=False)

    REQUIRED_FIELDS: ClassVar = ["role"]

    def __str__(self) -> str:
        return self.username


class FileImport(models.Model):
    """A file somebody brings in: received, checked, shown, confirmed, then taken whole or not at all.

    Its state becomes `taken` in the transaction of the changes themselves. Whoever dies at work leaves it
    announced, which the next start finds and tells (`broken_off`); how is told by `registry.imports`. Bytes
    and progress lie below `imports/<key>` of the data folder.
    """

    KINDS: ClassVar = ["registry", "contacts", "observations"]
    STATES: ClassVar = [
        "received",
        "checking",
        "checked",
        "confirmed",
        "taking",
        "taken",
        "refused",
        "withdrawn",
        "broken_off",
    ]
    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    options = models.JSONField(default=dict, help_text="as the importer of the kind takes them")
    actor = models.CharField(max_length=80)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    worker = models.CharField(max_length=120, blank=True, help_text="host name/process id at work")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    outcome = models.JSONField(default=dict, help_text="registry.outcome.Outcome, or the first faults")

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class MappingProfile(models.Model):
    """Which column of an office's own files means which field; used again by its name."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in FileImport.KINDS])
    columns = models.JSONField(help_text="{column as written: field}")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="profile_once")]

    def __str__(self) -> str:
        return self.name
