"""The second wall: SQLite triggers that refuse to change, delete or replace what the log keeps.

Three triggers a table. The third is there because INSERT OR REPLACE deletes the old row without
firing its delete trigger. Triggers do not survive a rebuild of their table: a migration that alters one of
these tables runs CREATE again (a test looks for all nine).
"""

_KEYS = {
    "audit_logs_event": ("id", "event_id"),
    "audit_logs_entry": ("index", "event_id"),
    "audit_logs_checkpoint": ("id", "size"),
}
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"


def _create(table: str, keys: tuple[str, str]) -> tuple[str, str, str]:
    taken = " OR ".join(f'"{key}" = NEW."{key}"' for key in keys)
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {_REFUSE}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {_REFUSE}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  (our own names)
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) {_REFUSE}",
    )


NAMES = tuple(f"{table}_{act}" for table in _KEYS for act in ("no_update", "no_delete", "no_replace"))
CREATE = tuple(statement for table, keys in _KEYS.items() for statement in _create(table, keys))
DROP = tuple(f"DROP TRIGGER IF EXISTS {name}" for name in NAMES)
