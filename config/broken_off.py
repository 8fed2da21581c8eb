"""What whoever sits at a terminal is told of imports that broke off since the last time."""

from datetime import datetime

from common.faults import Language
from config.language import say
from registry import imports


def lines(spoken: Language, now: datetime) -> list[str]:
    """A line for each, with its end; told once."""
    return [f"zhenwei: {say(imports.broken_off_text(job), spoken)}\n" for job in imports.untold(now)]
