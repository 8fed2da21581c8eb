"""Secrets kept as rows: sealed by a master key that lies apart from the database. Pure.

A copy of the database alone opens nothing. Several master keys may be given, the newest first: the first one
seals, every one opens, and `rotate` brings a row under the first. Whoever has none of them has lost what was
sealed; the secret is then agreed upon anew.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretError(Exception):
    """A secret cannot be sealed or opened; the text never holds a key or a secret."""


class Sealer:
    """Seals and opens text. Its keys show in no repr, no error and no pickle."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are Fernet keys as base64 text, the newest first. Raises SecretError."""
        if not keys:
            raise SecretError("there is no master key")
        try:
            self._keys = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SecretError(
                "a master key is not 32 bytes of base64; restore it from where it is kept"
            ) from None

    def seal(self, secret: str) -> bytes:
        """`secret` under the newest key; twice the same secret gives two different seals."""
        return self._keys.encrypt(secret.encode("utf-8"))

    def open(self, sealed: bytes) -> str:
        """What was sealed. Raises SecretError if none of the keys opens it, or if it was changed."""
        try:
            return self._keys.decrypt(bytes(sealed)).decode("utf-8")
        except (InvalidToken, UnicodeDecodeError):
            raise SecretError(_UNOPENED) from None

    def rotate(self, sealed: bytes) -> bytes:
        """The same secret under the newest key. Raises SecretError as `open` does."""
        try:
            return self._keys.rotate(bytes(sealed))
        except InvalidToken:
            raise SecretError(_UNOPENED) from None

    def __repr__(self) -> str:
        return "Sealer(…)"

    def __reduce__(self) -> str:
        raise TypeError("master keys are not pickled")


_UNOPENED = "sealed under another master key, or damaged; restore the key, or agree upon a new secret"
