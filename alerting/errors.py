"""What alerting refuses, sorted by what the caller can do; every refusal says why in Chinese and English."""


class AlertingError(Exception):
    """Something about alerts cannot be done as asked; nothing was changed."""


class Refused(AlertingError):
    """One request that the rules forbid; `code` for machines, `zh` and `en` for whoever asked."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en


class LinkRefused(Refused):
    """A link that acknowledges nothing: made up, too old, or of an alert that is no more; get a new one."""


class PromiseRefused(Refused):
    """A promise that cannot be taken as it is: ask the same person again."""


class NotTheirs(Refused):
    """An alert this person may not acknowledge."""
