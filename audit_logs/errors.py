"""What can go wrong with the audit log, sorted by what the caller can do about it."""


class AuditLogError(Exception):
    """Anything below; the text says what is wrong and what to do."""


class EventRefused(AuditLogError):
    """An event is not in the form the log keeps: correct the call, or shorten the details."""


class FormatError(AuditLogError):
    """Bytes are not in the format they claim: somebody else wrote them, or they were changed."""


class KeyProblem(AuditLogError):
    """The signing or verifying key is missing, unreadable, too open or for another log: mend the key."""


class LogBroken(AuditLogError):
    """The log contradicts itself or its checkpoints: stop, keep everything, and examine."""


class LeaseLost(AuditLogError):
    """Another sequencer took over in mid-work; this one changed nothing and may try again."""


class ExportRefused(AuditLogError):
    """The export cannot go where it was asked to: choose another folder."""


class NotChecked(AuditLogError):
    """There was nothing to check, or no key to check with; this says nothing about the log."""
