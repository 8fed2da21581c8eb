"""What was seen, kept as it was seen, and what could not be seen.

Written by `observations.crawl` (plan, leases) and `observations.ingest` (everything a crawl brought back).
Observations and captures are never changed; coverage says for each registered account what was looked at.
"""

from typing import ClassVar

from django.db import models

from common.addresses import split_origin
from registry.models import Account, User


class Source(models.Model):
    """One instance of a platform that this service may ask; the spec gives defaults, this row decides.

    Without a base URL nothing may be asked there: files that people hand in answer its questions.
    """

    platform = models.CharField(max_length=32)
    instance = models.CharField(max_length=64, blank=True)
    base_url = models.CharField(
        max_length=500, help_text="where the instance answers now; identity is the name"
    )
    enabled = models.BooleanField(default=False)
    daily_budget = models.PositiveIntegerField()
    terms_url = models.CharField(max_length=500, blank=True)
    terms_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the terms and notes shown"
    )
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "instance"], name="source_once")]

    def __str__(self) -> str:
        return f"{self.platform}/{self.instance}" if self.instance else self.platform

    @property
    def is_import_only(self) -> bool:
        """Whether only files answer its questions."""
        return not self.base_url

    @property
    def host(self) -> str:
        """host:port it is asked at, as leases and pauses name it. AddressRefused if nothing may be asked."""
        return split_origin(self.base_url).pair


class CrawlRun(models.Model):
    """One child process and its spool. `spool_offset` is how far the spool has been stored.

    The worker of a run that stands for a file handed in begins with OF_A_FILE.
    """

    OF_A_FILE: ClassVar = "import "
    STATES: ClassVar = ["planned", "crawling", "crawled", "ingested", "failed"]
    key = models.UUIDField(unique=True)
    worker = models.CharField(max_length=120, help_text="host name/process id of the parent")
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField()
    spool_offset = models.PositiveBigIntegerField(default=0)
    tasks = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.key)


class Task(models.Model):
    """One question to a source (the frontier): due, leased to a run, answered with a state."""

    STAGES: ClassVar = ["search", "lookup", "profile", "posts"]
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="tasks")
    stage = models.CharField(max_length=8, choices=[(stage, stage) for stage in STAGES])
    value = models.CharField(max_length=500)
    accounts = models.ManyToManyField(Account, related_name="tasks", help_text="on whose behalf it is asked")
    rank = models.PositiveIntegerField(default=0, help_text="place among its account's questions, best first")
    due_at = models.DateTimeField()
    run = models.ForeignKey(CrawlRun, null=True, on_delete=models.PROTECT, related_name="leased")
    state = models.CharField(max_length=20, blank=True, help_text="of the last answer; empty = never asked")
    reason = models.CharField(max_length=500, blank=True)
    complete = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="when it last was answered, not merely tried")
    seen_back_to = models.DateTimeField(null=True, help_text="posts: from when on every publication was seen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "stage", "value"], name="task_once")]
        indexes = [models.Index(fields=["due_at", "rank"])]

    def __str__(self) -> str:
        return f"{self.stage} {self.value}"


class HostLease(models.Model):
    """Who may ask a host now, until when, and how much of today's budget is spent."""

    host = models.CharField(max_length=255, primary_key=True)
    holder = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField()
    not_before = models.DateTimeField()
    day = models.DateField()
    spent = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.host


class Capture(models.Model):
    """Bytes kept under `captures/<sha256>` of the data folder."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Response(models.Model):
    """One answer of a host with everything proof needs about it."""

    run = models.ForeignKey(CrawlRun, on_delete=models.PROTECT, related_name="responses")
    seq = models.PositiveIntegerField()
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="responses")
    url = models.TextField()
    final_url = models.TextField()
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    peer = models.CharField(max_length=64, blank=True)
    robots = models.JSONField()
    at = models.DateTimeField()
    clock_source = models.CharField(max_length=32)
    tls_certificate_sha256 = models.CharField(max_length=64, blank=True)
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="responses")
    state = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="response_once")]

    def __str__(self) -> str:
        return f"{self.status} {self.url}"


class Handover(models.Model):
    """A file handed in (an export of a platform or vendor): the answer to questions that no crawl may ask.

    Its bytes are the capture of `response`, whose `run` stands for this import; the rank of a sighting is
    its line.
    """

    response = models.OneToOneField(Response, on_delete=models.PROTECT, related_name="handover")
    platform = models.CharField(max_length=32)
    instance = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=255)
    statement = models.CharField(max_length=500, blank=True, help_text="where the file is from, as said")
    covers = models.CharField(
        max_length=500, blank=True, help_text="what was searched, as said: division codes or keywords"
    )
    exported_at = models.DateTimeField(help_text="when the platform showed it so; the import where unknown")
    mapping_version = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    rows = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


class Observation(models.Model):
    """An account as it looked when seen: immutable; another look is another row (by `content_hash`)."""

    platform = models.CharField(max_length=32)
    instance = models.CharField(max_length=64, blank=True)
    uid = models.CharField(max_length=128)
    handle = models.CharField(max_length=128, blank=True)
    name = models.CharField(max_length=500)
    bio = models.TextField(blank=True)
    avatar_url = models.TextField(blank=True)
    profile_url = models.TextField(blank=True)
    certified_subject = models.CharField(max_length=200, blank=True)
    followers = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    fields = models.JSONField(help_text="the whole extracted row")
    content_hash = models.CharField(
        max_length=64, help_text="SHA-256 over platform, instance, uid and identity"
    )
    seen_at = models.DateTimeField()
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="observations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "instance", "uid", "content_hash"], name="observation_once"
            ),
        ]
        indexes = [models.Index(fields=["seen_at"])]

    def __str__(self) -> str:
        return self.name


class Sighting(models.Model):
    """An answer in which an observation appeared, and at what rank (1 = first) a citizen would see it."""

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="sightings")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="sightings")
    rank = models.PositiveIntegerField(help_text="place among the results; of a file handed in, the line")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["observation", "response"], name="sighting_once")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.observation}"


class Publication(models.Model):
    """One publication event of a registered account; what was published is not kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="publications")
    at = models.DateTimeField()
    url = models.CharField(max_length=500, blank=True)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="publications")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "at", "url"], name="publication_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.at:%F %T}"


class Quarantine(models.Model):
    """An answer or spool line that could not be read; its bytes are kept for whoever mends the spec."""

    run = models.ForeignKey(CrawlRun, on_delete=models.PROTECT, related_name="quarantined")
    offset = models.PositiveBigIntegerField(null=True, help_text="of a spool line that is no event")
    response = models.ForeignKey(Response, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason


class Coverage(models.Model):
    """What is known about looking: one row per account, source and purpose. No row = never asked."""

    PURPOSES: ClassVar = ["search", "self"]  # search for imitators · look at the account itself
    STATES: ClassVar = ["checked", "partial", "blocked", "deferred", "failed", "no_access"]
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="coverage")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="coverage")
    platform = models.CharField(max_length=32)
    purpose = models.CharField(max_length=8, choices=[(purpose, purpose) for purpose in PURPOSES])
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    reason = models.JSONField(help_text="{zh, en}")
    at = models.DateTimeField()
    last_checked_at = models.DateTimeField(null=True, help_text="when it last was checked or partly checked")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source", "platform", "purpose"],
                name="coverage_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.purpose}: {self.state}"


class Heartbeat(models.Model):
    """When a process of this installation last said that it is alive; silence is shown on the start page."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
