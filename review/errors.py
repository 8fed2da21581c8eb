"""What can be refused about a case, sorted by what the person can do next. Nothing was changed."""

from datetime import datetime

from common.clock import BEIJING


class ReviewError(Exception):
    """The case was not moved; the sentence says why, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class NotFound(ReviewError):
    """There is no such case for this person: the same answer whether it exists or not."""

    def __init__(self, case: int) -> None:
        super().__init__(f"没有可供您查看的案件 {case}。", f"there is no case {case} that you may see")


class Conflict(ReviewError):
    """Somebody moved the case since it was read: look again, then decide. `zh`, `en`: what they did."""

    def __init__(self, who: str, when: datetime, zh: str, en: str) -> None:
        local = f"{when.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
        super().__init__(
            f"{who} 已于 {local} 先作处理（{zh}）；您的操作未保存，请核对后再定。",
            f"{who} was first, at {local} Beijing time ({en}); nothing of yours was saved, look again",
        )
        self.who, self.when = who, when


class NotAllowed(ReviewError):
    """This person may not do this: somebody else must."""


class WrongState(ReviewError):
    """The case does not stand where this can be done: look at where it stands."""


class Incomplete(ReviewError):
    """What was said is not enough or out of form: mend it and send it again."""
