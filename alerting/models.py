"""Alerts, to whom they went, by which channel, and every attempt; nothing about delivery lives in memory.

Two hops, each one transaction: a `CaseChange` is fanned out into alerts, recipients and deliveries; a
delivery is leased, tried and recorded. Due times, leases and escalation deadlines are columns; a tick only
asks for rows whose time has come.
"""

from typing import ClassVar

from django.db import models

from common.addresses import split_origin
from registry.contacts import LINES
from registry.models import Contact, Division, Unit, User
from review.models import SEVERITIES, Case, CaseChange

ID_LENGTH = 40
LINE_CHOICES = [(line, line) for line in LINES]


class Webhook(models.Model):
    """Where the system of an office takes alerts; the signing secret is kept sealed (`common.secrets`)."""

    STATES: ClassVar = ["active", "disabled"]
    line = models.CharField(max_length=12, choices=LINE_CHOICES)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="webhooks")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="webhooks")
    label = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    sealed_secret = models.BinaryField(help_text="whsec_… under the master key")
    sealed_former = models.BinaryField(null=True, help_text="signs too while a new secret is brought in")
    state = models.CharField(max_length=8, choices=[(s, s) for s in STATES], default="active")
    state_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(division=None) ^ models.Q(unit=None), name="webhook_has_one_place"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class FanOut(models.Model):
    """That a case change became alerts (or none, with the reason): once, by inserting this row."""

    change = models.OneToOneField(
        CaseChange, on_delete=models.PROTECT, primary_key=True, related_name="fan_out"
    )
    at = models.DateTimeField()
    alerts = models.PositiveSmallIntegerField()
    reason = models.JSONField(help_text="{code, zh, en}")

    def __str__(self) -> str:
        return f"{self.change}: {self.alerts} alerts"


class Stuck(models.Model):
    """A case change that could not be fanned out: nobody was told, it is tried again, and all may see why."""

    change = models.OneToOneField(
        CaseChange, on_delete=models.PROTECT, primary_key=True, related_name="stuck"
    )
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=500)
    resolved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.change}: {self.problem}"


class Alert(models.Model):
    """Something one line of offices must know about a case, until somebody acknowledges it.

    `rung` is how far up the line it has gone (0: the first contact). `next_at` is when the next step is due
    if nobody acknowledges, or when the promise of whoever did runs out; null when nothing is due any more.
    """

    KINDS: ClassVar = [
        "preliminary",  # S1 before judgement, marked 待研判; sponsor and duty officer only
        "confirmed",
        "reported",
        "reversed",
        "withdrawn",  # a formal report, by its second person; the counterfeit stands
        "second_missing",  # a countersignature is overdue
        "delivery_parked",
        "contact_missing",
    ]
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alerts")
    change = models.ForeignKey(CaseChange, null=True, on_delete=models.PROTECT, related_name="alerts")
    about = models.CharField(
        max_length=64, blank=True, help_text="delivery or gap an internal alert is about"
    )
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    line = models.CharField(max_length=12, choices=LINE_CHOICES)
    severity = models.CharField(max_length=2, choices=SEVERITIES)
    severity_raised = models.BooleanField(default=False, help_text="once, for silence past half the clock")
    opened_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    rung_at = models.DateTimeField(help_text="when that rung was told")
    rounds = models.PositiveSmallIntegerField(default=0, help_text="repeats at the top of the line")
    next_at = models.DateTimeField(null=True)
    acked_at = models.DateTimeField(null=True)
    acked_by = models.CharField(max_length=120, blank=True)
    acked_via = models.CharField(max_length=8, blank=True, choices=[("link", "link"), ("console", "console")])
    promise = models.CharField(max_length=500, blank=True)
    promised_by = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "change", "about", "kind", "line"], name="alert_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="alert_next")]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind} ({self.line})"


class Acknowledgement(models.Model):
    """One acknowledgement, kept when a later one follows: a promise that ran out stays visible."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="acknowledgements")
    recipient = models.ForeignKey("Recipient", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    via = models.CharField(max_length=8, choices=[("link", "link"), ("console", "console")])
    at = models.DateTimeField()
    promise = models.CharField(max_length=500)
    promised_by = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.alert}: {self.by}"


class Recipient(models.Model):
    """Somebody an alert is for, on which rung of its line, and why; the link in the mail is theirs alone."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="recipients")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    webhook = models.ForeignKey(Webhook, null=True, on_delete=models.PROTECT, related_name="+")
    rung = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120, help_text="person or system, as it was then")
    office = models.CharField(max_length=120)
    reasons = models.JSONField(help_text="[{code, zh, en}]")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "contact", "webhook", "rung", "round"],
                name="recipient_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.name}"


class Delivery(models.Model):
    """One message to one recipient by one channel: rendered once, sent at least once, under one id.

    `id` is a hash of alert, channel, recipient and escalation step, so that repeating a fan-out is harmless,
    and is what receivers drop doubles by (webhook-id, Message-ID).
    """

    OUTCOMES: ClassVar = ["delivered", "parked", "cancelled"]
    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=[("mail", "mail"), ("webhook", "webhook")])
    address = models.CharField(max_length=500)
    body = models.BinaryField(help_text="the bytes that are sent, the same on every try")
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="not before")
    lease_until = models.DateTimeField(null=True)
    lease_holder = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, choices=[(o, o) for o in OUTCOMES])
    reason = models.CharField(max_length=500, blank=True)
    resends = models.PositiveSmallIntegerField(default=0, help_text="how often a person sent it again")

    class Meta:
        indexes = [models.Index(fields=["done_at", "next_at"], name="delivery_due")]

    def __str__(self) -> str:
        return self.id

    @property
    def parking(self) -> str:
        """What `Alert.about` says of its being parked: one that was sent again may be parked again."""
        return f"{self.pk}/{self.resends}"

    @property
    def destination(self) -> str:
        """Where it goes, fit to be shown: of a webhook the host alone, as some keep a secret in the path."""
        return self.address if self.channel == "mail" else split_origin(self.address).pair


class Attempt(models.Model):
    """One try, written before the network is touched: `sending` that never ended is a process that died."""

    OUTCOMES: ClassVar = ["sending", "delivered", "retry", "permanent", "died"]
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in OUTCOMES])
    remote_code = models.CharField(max_length=40, blank=True)
    remote_text = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.delivery} #{self.number}: {self.outcome}"


class ContactGap(models.Model):
    """An office without a contact when one was needed: a task until a contact is there."""

    line = models.CharField(max_length=12, choices=LINE_CHOICES)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="+", help_text="that needed it first"
    )
    since = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "division", "unit"],
                condition=models.Q(resolved_at=None),
                name="gap_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.division or self.unit}"
