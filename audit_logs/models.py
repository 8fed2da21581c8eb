"""What the audit log keeps in the database.

* Event, Entry and Checkpoint are only ever added; triggers (`triggers.py`) refuse any change. They are a
  second wall: the database's owner can take it down, and then the checkpoints show it (`verify_database.py`).
* An event is recorded by whoever acts (`record.py`); the sequencer alone numbers it (`sequence.py`).
* Actors and subjects are text, not foreign keys: the log outlives what it speaks of.
"""

from django.db import models

from audit_logs.event import MAX_NAME, parse_body


class Event(models.Model):
    """Something somebody did. `body` says it all and is what is proved; the other columns find it."""

    event_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=MAX_NAME)
    action = models.CharField(max_length=MAX_NAME)
    subject_kind = models.CharField(max_length=MAX_NAME)
    subject_id = models.CharField(max_length=MAX_NAME)
    body = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_event_subject"),
            models.Index(fields=["action", "at"], name="audit_event_action"),
            models.Index(fields=["actor", "at"], name="audit_event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject_kind}:{self.subject_id}"

    @property
    def details(self) -> dict[str, object]:
        """What the event says beyond who, what and when. Raises FormatError if the body was changed."""
        return dict(parse_body(bytes(self.body)).details)


class Entry(models.Model):
    """An event's place in the log. `leaf` is what is hashed; `leaf_hash` only helps to name a culprit."""

    index = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()

    def __str__(self) -> str:
        return f"entry {self.index}"


class Checkpoint(models.Model):
    """A signed statement of the log's size and root (`note`); by `peaks` the next is proved against it."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    peaks = models.BinaryField()
    note = models.BinaryField()
    signed_at = models.DateTimeField()  # a claim: the note carries no time

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class Edge(models.Model):
    """The one row with the right edge of the tree: all that appending needs (`tree.Edge`)."""

    THE_ROW = 1

    size = models.BigIntegerField()
    time = models.CharField(max_length=27, blank=True)
    peaks = models.BinaryField()

    def __str__(self) -> str:
        return f"edge at {self.size}"


class Lease(models.Model):
    """Who may number events, and until when. An ended lease is anybody's."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"
