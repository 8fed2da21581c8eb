"""An installation of its own for one test: data folder, real processes, and an eye on what the store holds.

The facts are read with plain SQL, not with the product's own code, so that a test compares what is there.
"""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from common.datafolder import CHECKOUT
from crawlers import spool

Facts = dict[str, list[tuple[Any, ...]]]
HENAN = CHECKOUT / "examples" / "henan"
# 郑州12345, 安阳疾控, 郑州发布, 河南省教育考试院, 健康南阳, 河南医保: 15 of the 40 counterfeits aim at them.
REGISTERED = (
    "106998761609014789",
    "108617037244464457",
    "108719228865587445",
    "113150917703714453",
    "114882274976415877",
    "112471423505685809",
)
RESIDENTS = 60
LEASES = (
    "UPDATE audit_logs_lease SET until = '1970-01-01 00:00:00'",
    "UPDATE observations_hostlease SET lease_until = '1970-01-01 00:00:00'",
)

# Everything a scan is for, under names that do not depend on the order in which rows were written.
FACTS = {
    "observations": "SELECT content_hash FROM observations_observation",
    "sightings": """SELECT DISTINCT o.content_hash, t.stage, t.value FROM observations_sighting s
        JOIN observations_observation o ON o.id = s.observation_id
        JOIN observations_response r ON r.id = s.response_id JOIN observations_task t ON t.id = r.task_id""",
    "publications": """SELECT a.platform_uid, p.at, p.url FROM observations_publication p
        JOIN registry_account a ON a.id = p.account_id""",
    "questions": """SELECT stage, value, state, reason, complete, seen_back_to, looked_at IS NOT NULL
        FROM observations_task""",
    "coverage": """SELECT a.platform_uid, c.platform, c.purpose, c.state, c.reason,
        c.last_checked_at IS NOT NULL
        FROM observations_coverage c JOIN registry_account a ON a.id = c.account_id""",
    "suspects": """SELECT s.uid, a.platform_uid, s.facts_hash, s.rules_version, s.kind, s.severity, s.score
        FROM detection_suspect s JOIN registry_account a ON a.id = s.target_id""",
    "cases": """SELECT c.uid, a.platform_uid, c.state, c.severity, c.version, s.facts_hash
        FROM review_case c JOIN registry_account a ON a.id = c.target_id
        JOIN detection_suspect s ON s.id = c.suspect_id""",
    "findings": """SELECT a.platform_uid, f.rule, f.verdict, f.severity
        FROM watch_finding f JOIN registry_account a ON a.id = f.account_id WHERE f.is_newest""",
}
# Each query must answer nothing once a scan and a sequencer have run to their end.
LEFTOVERS = {
    "a run that never ended": "SELECT key FROM observations_crawlrun WHERE state = 'crawling'",
    "a question still leased": "SELECT stage, value FROM observations_task WHERE run_id IS NOT NULL",
    "a host still held": "SELECT host, holder FROM observations_hostlease WHERE holder != ''",
    "an unreadable line": "SELECT reason FROM observations_quarantine",
    "answers counted otherwise in the log than stored": """SELECT counted, stored FROM
        (SELECT total(json_extract(CAST(body AS TEXT), '$.details.responses')) AS counted
            FROM audit_logs_event WHERE json_extract(CAST(body AS TEXT), '$.action') = 'observations.ingest'),
        (SELECT count(*) AS stored FROM observations_response) WHERE counted != stored""",
    "an account called checked with a question unanswered": """SELECT c.account_id, c.purpose
        FROM observations_coverage c WHERE c.state = 'checked' AND EXISTS (
            SELECT 1 FROM observations_task t JOIN observations_task_accounts l ON l.task_id = t.id
            WHERE l.account_id = c.account_id AND t.source_id = c.source_id
            AND t.stage IN ('search', 'lookup') = (c.purpose = 'search')
            AND t.state NOT IN ('ok', 'empty', 'not_found'))""",
    "a suspect that was not taken in": """SELECT s.uid FROM detection_suspect s
        LEFT JOIN review_intake i ON i.suspect_id = s.id WHERE i.suspect_id IS NULL""",
    "moves of cases counted otherwise in the log than stored": """SELECT logged, stored FROM
        (SELECT count(*) AS logged FROM audit_logs_event
            WHERE subject_kind = 'case' AND action LIKE 'case.%'
            AND action NOT IN ('case.cover', 'case.view')),
        (SELECT count(*) AS stored FROM review_casechange) WHERE logged != stored""",
    "an event without a number": """SELECT e.id FROM audit_logs_event e
        LEFT JOIN audit_logs_entry n ON n.event_id = e.id WHERE n.event_id IS NULL""",
    "an event numbered twice": """SELECT event_id FROM audit_logs_entry
        GROUP BY event_id HAVING count(*) > 1""",
    "a gap in the numbers": """SELECT max("index") + 1, count(*) FROM audit_logs_entry
        HAVING max("index") + 1 != count(*)""",
}


def small_province(folder: Path, registered: Sequence[str] = REGISTERED) -> Path:
    """Writes and gives `folder`: the `registered` accounts, and 60 on the platform, their imitators first."""
    folder.mkdir()
    with (HENAN / "answers.csv").open(encoding="utf-8", newline="") as file:
        answers = [row for row in csv.DictReader(file) if row["platform"] == "mastodon"]
    near = [row for row in answers if {row["uid"], row["target_uid"]} & {*registered}]
    others = [row for row in answers if row["label"] == "ordinary" and row["kind"] == "media"]
    chosen = {row["uid"]: row for row in [*near, *others][:RESIDENTS]}
    _write_csv(folder / "answers.csv", list(chosen.values()))
    with (HENAN / "registry.csv").open(encoding="utf-8", newline="") as file:
        register = [row for row in csv.DictReader(file) if row["platform_uid"] in registered]
    _write_csv(folder / "registry.csv", register)
    lines = (HENAN / "accounts.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["uid"] in chosen]
    (folder / "accounts.jsonl").write_text("".join(kept), encoding="utf-8")
    return folder


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def example_platform(data: Path, port: int = 0) -> Iterator[str]:
    """The example platform in a process of its own, on a `port` (0: any free one); gives its address."""
    command = [sys.executable, "-m", "examples.platform", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["home"]
        finally:
            process.terminate()


@dataclass
class Installation:
    """A data folder with the settings its processes run under."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this installation sees."""
        return {**os.environ, **self.settings, "ZHENWEI_VAR": str(self.folder), **more}

    def start(self, *words: str, crash_at: str = "") -> subprocess.Popen[str]:
        """Start `zhenwei WORDS` in a session of its own; its output is one stream."""
        return subprocess.Popen(
            [sys.executable, "-m", "config.cli", *words],
            cwd=CHECKOUT,
            env=self.environment(ZHENWEI_CRASH_AT=crash_at),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, expect: int = 0, timeout: float = 120) -> str:
        """Run `zhenwei WORDS` to its end and give what it printed; another exit code than `expect` fails."""
        with self.start(*words) as process:
            try:
                output, _ = process.communicate(timeout=timeout)
            except BaseException:
                process.kill()
                raise
        assert process.returncode == expect, f"zhenwei {' '.join(words)}: {process.returncode}\n{output}"
        return output

    def copy(self, folder: Path, **settings: str) -> "Installation":
        """The same installation in `folder`, which is replaced."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Installation(folder, self.settings | settings)

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database; a changing statement is committed."""
        with closing(sqlite3.connect(self.folder / "zhenwei.sqlite3", timeout=30)) as database, database:
            return database.execute(statement, values).fetchall()

    def facts(self) -> Facts:
        """What is known after a scan, in an order of its own: equal for runs that saw the same."""
        return {name: sorted(self.query(query), key=repr) for name, query in FACTS.items()}

    def differs_from(self, expected: Facts) -> dict[str, tuple[list[Any], list[Any]]]:
        """What is known here alone, and what is known there alone; empty if it is the same."""
        found = {name: (Counter(rows), Counter(expected[name])) for name, rows in self.facts().items()}
        return {
            name: ([*(here - there)], [*(there - here)])
            for name, (here, there) in found.items()
            if here != there
        }

    def leftovers(self) -> list[str]:
        """Everything an ended scan and an ended sequencer must not leave behind."""
        left = [f"{what}: {row}" for what, query in LEFTOVERS.items() for row in self.query(query)]
        left += [f"a spool file: {path.name}" for path in self.spooled()]
        for digest, size in self.query("SELECT sha256, size FROM observations_capture"):
            path = self.folder / "captures" / digest
            body = path.read_bytes() if path.exists() else b""
            if (sha256(body).hexdigest(), len(body)) != (digest, size):
                left.append(f"a capture that is not what it says: {digest}")
        left += [f"integrity: {row}" for row in self.query("PRAGMA integrity_check") if row != ("ok",)]
        left += [f"a reference to nothing: {row}" for row in self.query("PRAGMA foreign_key_check")]
        return left

    def spooled(self) -> list[Path]:
        """The files in the spool."""
        return sorted((self.folder / "spool").glob("*"))

    def spooled_answers(self) -> dict[str, int]:
        """Answers by run that lie in the spool, stored already or not."""
        spools = [path for path in self.spooled() if ".jsonl" in path.name]
        return {
            path.name.partition(".")[0]: sum(_is_answer(event) for _, event in spool.read(path))
            for path in spools
        }

    def stored_answers(self) -> dict[str, int]:
        """Answers by run that are stored."""
        return {
            str(UUID(key)): answers
            for key, answers in self.query(
                "SELECT c.key, count(*) FROM observations_response r "
                "JOIN observations_crawlrun c ON c.id = r.run_id GROUP BY 1"
            )
        }

    def wait_for_children(self, seconds: float = 10) -> None:
        """Until no crawl process writes its spool any more: one whose parent was killed ends by itself."""
        ends = time.monotonic() + seconds
        while any(spool.in_use(path.parent, path.name.split(".")[0]) for path in self.spooled()):
            assert time.monotonic() < ends, "a crawl process outlives its parent"
            time.sleep(0.02)

    def let_leases_end(self) -> None:
        """As if the minutes had passed after which the leases of a dead process end by themselves."""
        for statement in LEASES:
            self.query(statement)


def _is_answer(event: dict[str, Any]) -> bool:
    return bool(event["event"] == "response")


def empty(folder: Path, settings: Mapping[str, str]) -> Installation:
    """A test's data folder with nothing in it."""
    folder.mkdir(mode=0o700, parents=True)
    (folder / "MODE").write_text("test\n", encoding="ascii")
    return Installation(folder, dict(settings))


def loopback(*homes: str) -> dict[str, str]:
    """The settings that let platforms at `homes` be asked without delay."""
    addresses = ",".join(home.removeprefix("http://") for home in homes)
    return {"ZHENWEI_LOOPBACK_ADDRESSES": addresses, "ZHENWEI_LOOPBACK_POLITENESS": "off"}


def fill(run: Callable[..., str], province: Path, home: str) -> None:
    """Take the register of `province` and switch its platform at `home` on; `run` runs a command."""
    run("users", "add", "tester", "--role", "reviewer", "--scope", "410000")
    run("import", "registry", str(province / "registry.csv"))
    enable = ["platforms", "enable", "mastodon", "--instance", "example", "--base-url", home]
    run(*enable, "--by", "tester", "--accept-terms")
