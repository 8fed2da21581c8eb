"""Suspects: strangers that imitate a registered account, as the rules of one version saw them.

And what was compared with what, so that the same comparison is not made every minute.
"""

from django.db import models

from observations.models import Observation
from registry.models import Account


class Suspect(models.Model):
    """Immutable. The same facts under the same rules give the same row; new facts or rules give a new one."""

    platform = models.CharField(max_length=32)
    instance = models.CharField(max_length=64, blank=True)
    uid = models.CharField(max_length=128)
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="suspects")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="suspects")
    facts_hash = models.CharField(max_length=64, help_text="SHA-256 over both sides' compared facts")
    rules_version = models.CharField(max_length=40, help_text="of the comparison of names")
    signals_version = models.CharField(max_length=40, blank=True, help_text="empty: no signals were asked")
    score = models.FloatField()
    kind = models.CharField(max_length=32)
    severity = models.CharField(max_length=2, choices=[(s, s) for s in ("S1", "S2", "S3", "S4")])
    reasons = models.JSONField(
        help_text="of the name [{code, points, detail, zh, en, at}], adding up to the score, the severity's"
        " last; then those beside it, which have a value: for or against"
    )
    not_checked = models.JSONField(default=list, help_text="[{code, zh, en}]: signals that had no facts")
    basis = models.JSONField(default=dict, help_text="what of the register the score rests on, for a replay")
    detected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "platform",
                    "instance",
                    "uid",
                    "target",
                    "facts_hash",
                    "rules_version",
                    "signals_version",
                ],
                name="suspect_once",
            ),
        ]
        indexes = [models.Index(fields=["severity", "detected_at"])]

    def __str__(self) -> str:
        return f"{self.observation.name} → {self.target.name}"


class Comparison(models.Model):
    """The last comparison of an observation: against which register and rules, and whether it was alike."""

    observation = models.OneToOneField(
        Observation, on_delete=models.PROTECT, primary_key=True, related_name="comparison"
    )
    against = models.CharField(max_length=64, help_text="SHA-256 over the register and rules versions")
    alike = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.observation}: {'alike' if self.alike else 'not alike'}"
