"""Cases: a suspect from detection to its end, who decided what about it, and when.

Rows are moved by `review.transitions` only: every move is one transaction with its `CaseChange` and its audit
event, and raises `version` by compare-and-set, so that two people never decide past each other.
"""

from typing import ClassVar

from django.db import models

from common.clock import BEIJING
from detection.models import Suspect
from registry.models import Account, User

SEVERITIES = [(s, s) for s in ("S1", "S2", "S3", "S4")]


class Case(models.Model):
    """One stranger imitating one registered account, from detection to archive.

    While it is undecided, later looks at the same pair join it; what comes after a decision and is new or
    worse opens another case, with this one as its `earlier`.
    """

    STATES: ClassVar = [
        "detected",
        "under_review",
        "warned",
        "reported",
        "accepted",
        "disposed",
        "rechecked",
        "concluded",
        "archived",
        "not_established",
    ]
    platform = models.CharField(max_length=32)
    instance = models.CharField(max_length=64, blank=True)
    uid = models.CharField(max_length=128)
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cases")
    suspect = models.ForeignKey(
        Suspect, on_delete=models.PROTECT, related_name="cases", help_text="the evidence as it stands"
    )
    earlier = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="later", help_text="decided before it"
    )
    state = models.CharField(max_length=16, choices=[(state, state) for state in STATES])
    severity = models.CharField(max_length=2, choices=SEVERITIES)
    crime_signs = models.BooleanField(default=False, help_text="confirmed by a person; opens the police line")
    confirmed = models.BooleanField(default=False, help_text="a counterfeit decision stands")
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField(null=True, help_text="waiting until this day (Beijing)")
    first_seen_at = models.DateTimeField(help_text="when the face was first seen")
    detected_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True, help_text="when the formal report left")
    disposed_at = models.DateTimeField(null=True)
    judge_by = models.DateTimeField(null=True)
    report_by = models.DateTimeField(null=True)
    due_is_provisional = models.BooleanField(
        default=False, help_text="counted without the holidays of that year: nothing is overdue by it"
    )
    due_since = models.DateTimeField(null=True, help_text="from when that is counted; null: from detection")
    acceptance_number = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=24, blank=True, help_text="what the platform did")

    class Meta:
        constraints = [
            # Two intakes at once must not open the same case twice. A confirmed one stays under review until
            # its alerts have left; what is new or worse in that time opens another.
            models.UniqueConstraint(
                fields=["platform", "instance", "uid", "target"],
                condition=models.Q(state__in=["detected", "under_review"], confirmed=False),
                name="one_undecided_case",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "severity", "detected_at"], name="case_queue"),
            models.Index(fields=["platform", "instance", "uid", "target"], name="case_pair"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The case number people quote, as ZW-2026-000042: the year of detection in Beijing, and its row."""
        return f"ZW-{self.detected_at.astimezone(BEIJING):%Y}-{self.pk:06d}"


class CaseChange(models.Model):
    """One move of a case: immutable, and what alerting wakes up by."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(help_text="of the case after this move")
    move = models.CharField(max_length=32)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    severity = models.CharField(max_length=2, choices=SEVERITIES, help_text="after this move")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=64, help_text="user:7 or system:NAME, as in the audit log")
    at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="change_once")]

    def __str__(self) -> str:
        return f"{self.case}: {self.move}"


class Decision(models.Model):
    """What a person decided about a case. A later decision stands beside it and says so; nothing is erased.

    `standing`: `final`; `awaiting` a second person and without effect until then; `provisional`, in effect
    though the second person is still due (alone on night duty); `refused` by the second person; `replaced`.
    """

    OUTCOMES: ClassVar = [
        "counterfeit",
        "not_established",
        "legit_homonym",
        "unfiled_genuine",
        "wait",
        "report",
    ]
    STANDINGS: ClassVar = ["final", "awaiting", "provisional", "refused", "replaced"]
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    suspect = models.ForeignKey(Suspect, on_delete=models.PROTECT, related_name="decisions")
    face = models.CharField(max_length=64, help_text="Observation.content_hash that was judged")
    severity = models.CharField(max_length=2, choices=SEVERITIES)
    outcome = models.CharField(max_length=16, choices=[(o, o) for o in OUTCOMES])
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=2000, blank=True)
    review_on = models.DateField(null=True)
    crime_signs = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    standing = models.CharField(max_length=12, choices=[(s, s) for s in STANDINGS])
    second = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="countersigned")
    second_at = models.DateTimeField(null=True)
    second_text = models.CharField(max_length=2000, blank=True)
    second_by = models.DateTimeField(null=True, help_text="until when the second person is due")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["standing", "second_by"], name="decision_second")]

    def __str__(self) -> str:
        return f"{self.case}: {self.outcome}"


class Intake(models.Model):
    """What became of a suspect row: every row is taken in once, with the reason."""

    OUTCOMES: ClassVar = ["opened", "joined", "raised", "covered"]
    suspect = models.OneToOneField(Suspect, on_delete=models.PROTECT, primary_key=True, related_name="intake")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="intakes")
    outcome = models.CharField(max_length=8, choices=[(o, o) for o in OUTCOMES])
    reason = models.JSONField(help_text="{code, zh, en}")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.suspect}: {self.outcome}"
