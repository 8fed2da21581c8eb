"""What went wrong with a download, in words for the task's reason."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "no complete answer in time"),
    (CannotResolveHostError, "the host name does not resolve"),
    (DownloadConnectionRefusedError, "connection refused"),
    (ResponseDataLossError, "the answer broke off"),
    (DownloadCancelledError, "too large: the answer has more than 5 MiB"),
    (DownloadFailedError, "the connection failed or the answer is no HTTP"),
)


def in_words(error: Exception) -> str:
    """One sentence; an error nobody foresaw gives its type."""
    return next((words for kind, words in _WORDS if isinstance(error, kind)), type(error).__name__)


def is_connection_trouble(error: Exception) -> bool:
    """Whether the host did not answer (rather than answer too much)."""
    return not isinstance(error, DownloadCancelledError)
