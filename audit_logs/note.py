"""Signed notes and checkpoints (C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0), read strictly.

* A note: text ending in a line feed, an empty line, signature lines `— <name> <base64(key id ‖ signature)>`.
* A verifier key: `name+hex(key id)+base64(0x01 ‖ public key)`; the id is SHA-256(name, LF, 0x01, key)[:4].
* A checkpoint: a note with three lines, origin, size, base64 root. The key's name is the origin.
* The wire format lets a reader pass over signatures of unknown keys and padding bits of base64. This reader
  does not: what it accepts is byte for byte what the writer writes, so no changed byte goes unseen.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit_logs.errors import FormatError
from audit_logs.tree import Head

ED25519 = b"\x01"
MAX_NOTE = 65_536
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public Ed25519 key with the name it signs under. `str()` gives its one-line form."""

    name: str
    public: bytes  # 32 bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key with the name it signs under. Only `secret_text` shows its seed."""

    name: str
    _private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    def secret_text(self) -> str:
        """The one-line private form that golang.org/x/mod/sumdb/note also reads."""
        seed = to_base64(ED25519 + self._private.private_bytes_raw())
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{seed}"

    def sign(self, text: str) -> bytes:
        """The signed note over `text`. Raises FormatError if the text cannot be a note's."""
        _check_text(text)
        return _note(text, self.verifier, self._private.sign(text.encode()))


def new_signing_key(name: str) -> SigningKey:
    """A fresh key. Raises FormatError if `name` is not a key name."""
    return SigningKey(_checked_name(name), Ed25519PrivateKey.generate())


def parse_verifier_key(text: str) -> VerifierKey:
    """The key in its one-line form. Raises FormatError, also when the id is not the key's."""
    name, raw = _split_key(text)
    key = VerifierKey(name, raw)
    if str(key) != text:
        raise FormatError("verifier key: its id or its encoding is not the key's own")
    return key


def parse_signing_key(text: str) -> SigningKey:
    """The private key in its one-line form. Raises FormatError that does not repeat the text."""
    if not text.startswith(_PRIVATE):
        raise FormatError("signing key: does not start as one")
    name, raw = _split_key(text.removeprefix(_PRIVATE))
    key = SigningKey(name, Ed25519PrivateKey.from_private_bytes(raw))
    if key.secret_text() != text:
        raise FormatError("signing key: its id or its encoding is not the key's own")
    return key


def open_note(note: bytes, key: VerifierKey) -> str:
    """The text of `note`, signed by `key` and by nobody else. Raises FormatError on all other bytes."""
    text, line = _split_note(note)
    signature = from_base64(line.rpartition(" ")[2])[4:]
    if note != _note(text, key, signature):
        raise FormatError(f"note: not signed by {key.name} alone, or not written as notes are")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except InvalidSignature:
        raise FormatError(f"note: the signature of {key.name} does not fit the text") from None
    return text


def sign_checkpoint(head: Head, key: SigningKey) -> bytes:
    """The checkpoint over `head`, its origin being the key's name."""
    return key.sign(_checkpoint_text(key.name, head))


def open_checkpoint(note: bytes, key: VerifierKey) -> Head:
    """The head a checkpoint promises. Raises FormatError unless it is this log's, signed by `key`."""
    text = open_note(note, key)
    origin, _, rest = text.partition("\n")
    size, _, root = rest.removesuffix("\n").partition("\n")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
        raise FormatError(f"checkpoint: {size[:40]!r} is not a size")
    head = Head(int(size), from_base64(root))
    if len(head.root) != hashlib.sha256().digest_size or text != _checkpoint_text(key.name, head):
        raise FormatError(f"checkpoint: not three lines, or not of origin {key.name} but {origin[:80]!r}")
    return head


def to_base64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes of canonical base64. Raises FormatError, also for stray padding bits."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatError(f"base64: {error}") from error
    if to_base64(raw) != text:
        raise FormatError("base64: not in canonical form")
    return raw


def _checkpoint_text(origin: str, head: Head) -> str:
    return f"{origin}\n{head.size}\n{to_base64(head.root)}\n"


def _note(text: str, key: VerifierKey, signature: bytes) -> bytes:
    return f"{text}\n— {key.name} {to_base64(key.key_id + signature)}\n".encode()


def _split_note(note: bytes) -> tuple[str, str]:
    """The text, and the signature line without its line feed."""
    if len(note) > MAX_NOTE:
        raise FormatError(f"note of {len(note)} bytes; {MAX_NOTE} is the most")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise FormatError(f"note: not UTF-8 ({error.reason})") from error
    text, blank, line = whole.rpartition("\n\n")
    if not blank or not line.endswith("\n"):
        raise FormatError("note: no empty line before the signature, or the last line is cut")
    _check_text(text + "\n")
    return text + "\n", line.removesuffix("\n")


def _check_text(text: str) -> None:
    if not text.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
        raise FormatError("note: the text must end in a line feed and hold no other control character")


def _split_key(text: str) -> tuple[str, bytes]:
    """Name and 32 key bytes of `name+id+base64`; whether the id fits is for the caller."""
    name, _, rest = text.partition("+")
    raw = from_base64(rest.partition("+")[2])
    if raw[:1] != ED25519 or len(raw) != 33:
        raise FormatError("key: not an Ed25519 key")
    return _checked_name(name), raw[1:]


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise FormatError(f"key name {name[:80]!r}: one word without spaces and without +")
    return name
