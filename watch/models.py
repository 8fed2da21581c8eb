"""Findings: how a registered account stands by one rule, with the inputs that led to it."""

from typing import ClassVar

from django.db import models

from registry.models import Account


class Finding(models.Model):
    """Immutable. A row is written when verdict or facts differ from the newest row of the account and rule.

    So the newest row is how the account stands, and the rows in time are its history.
    """

    VERDICTS: ClassVar = ["in_time", "due_soon", "lapsed", "not_observed"]
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="findings")
    rule = models.CharField(max_length=32, help_text="dormant_veto or slow_update")
    verdict = models.CharField(max_length=16, choices=[(verdict, verdict) for verdict in VERDICTS])
    severity = models.CharField(max_length=2, choices=[(s, s) for s in ("S1", "S2", "S3", "S4")], blank=True)
    profile = models.CharField(max_length=32)
    inputs = models.JSONField()
    reasons = models.JSONField(help_text="[{code, zh, en}]")
    rules_version = models.CharField(max_length=40)
    found_at = models.DateTimeField()
    is_newest = models.BooleanField(
        default=True, help_text="the one field that changes, when a newer row follows"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "rule"], condition=models.Q(is_newest=True), name="one_newest_finding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.rule} {self.verdict}"
