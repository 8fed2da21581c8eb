"""Signed notes and checkpoints: foreign vectors verify, and no changed byte does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_logs import note
from audit_logs.errors import FormatError
from audit_logs.tree import Head

# From golang.org/x/mod/sumdb/note: another implementation's key and signature.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
TEXT = "This is an example message.\n"
SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
VECTOR = f"{TEXT}\n— example.com/foo {SIGNATURE}\n".encode()

KEY = note.new_signing_key("audit.test/log1")
HEAD = Head(70_000, bytes(range(32)))


def test_a_note_signed_elsewhere_opens() -> None:
    assert note.open_note(VECTOR, note.parse_verifier_key(VKEY)) == TEXT


def test_every_flipped_bit_of_a_note_is_refused() -> None:
    key = note.parse_verifier_key(VKEY)
    for at in range(len(VECTOR)):
        for bit in range(8):
            changed = bytearray(VECTOR)
            changed[at] ^= 1 << bit
            with pytest.raises(FormatError):
                note.open_note(bytes(changed), key)


@pytest.mark.parametrize(
    "changed",
    [
        VECTOR[:-1],
        VECTOR + b"\n",
        VECTOR.replace(b"\n", b"\r\n"),
        VECTOR + b"\xe2\x80\x94 example.com/bar AAAAAAAA\n",
        VECTOR + VECTOR.splitlines(keepends=True)[-1],
        VECTOR.replace(b"\n\n", b"\n"),
        b"\n" + VECTOR,
        VECTOR.replace(b"foo ", b"foo  "),
        b"",
        b"x" * 70_000,
    ],
    ids=[
        "cut",
        "lengthened",
        "CRLF",
        "second signer",
        "signed twice",
        "no blank",
        "led",
        "spaced",
        "empty",
        "huge",
    ],
)
def test_a_note_written_otherwise_is_refused(changed: bytes) -> None:
    with pytest.raises(FormatError):
        note.open_note(changed, note.parse_verifier_key(VKEY))


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_in_one_family_of_errors(data: bytes) -> None:
    with pytest.raises(FormatError):
        note.open_note(data, KEY.verifier)


@given(st.text(max_size=120))
def test_arbitrary_text_is_no_key(text: str) -> None:
    with pytest.raises(FormatError):
        note.parse_verifier_key(text)
    with pytest.raises(FormatError):
        note.parse_signing_key(text)


def test_another_key_of_the_same_name_does_not_open_it() -> None:
    with pytest.raises(FormatError):
        note.open_note(KEY.sign("text\n"), note.new_signing_key(KEY.name).verifier)


def test_keys_read_back_from_their_lines() -> None:
    assert note.parse_verifier_key(str(KEY.verifier)) == KEY.verifier
    assert note.parse_signing_key(KEY.secret_text()).verifier == KEY.verifier


def test_every_flipped_bit_of_a_key_is_refused() -> None:
    for at in range(len(VKEY)):
        for bit in range(7):
            changed = VKEY[:at] + chr(ord(VKEY[at]) ^ 1 << bit) + VKEY[at + 1 :]
            with pytest.raises(FormatError):
                note.parse_verifier_key(changed)


def test_a_signing_key_shows_its_seed_nowhere() -> None:
    seed = KEY.secret_text().split("+", 4)[4]  # its base64 may hold a plus of its own
    assert seed not in repr(KEY)
    with pytest.raises(FormatError) as refused:
        note.parse_signing_key(KEY.secret_text() + "x")
    assert seed not in str(refused.value)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nfeed", "ideographic\u3000space", "bell\a"])
def test_a_name_that_would_break_the_line_is_refused(name: str) -> None:
    with pytest.raises(FormatError):
        note.new_signing_key(name)


@pytest.mark.parametrize("text", ["no line feed", "", "tab\there\n", "return\r\n", "\x7f\n"])
def test_a_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(FormatError):
        KEY.sign(text)


def test_a_checkpoint_reads_back() -> None:
    signed = note.sign_checkpoint(HEAD, KEY)
    assert signed.decode().splitlines()[:3] == [
        "audit.test/log1",
        "70000",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]
    assert note.open_checkpoint(signed, KEY.verifier) == HEAD


@pytest.mark.parametrize(
    "text",
    [
        "audit.test/log1\n070000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "audit.test/log1\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "audit.test/log1\n70000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nextension\n",
        "audit.test/log2\n70000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "audit.test/log1\n70000\nAAEC\n",
        "audit.test/log1\n70000\n",
        "audit.test/log1\n",
    ],
    ids=["leading zero", "negative", "extension", "other origin", "short root", "no root", "no size"],
)
def test_a_signed_text_that_is_no_checkpoint_of_ours_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        note.open_checkpoint(KEY.sign(text), KEY.verifier)


@pytest.mark.parametrize("text", ["AB==", "AA=", "AA", "AA==\n", "A A==", "A-==", "é"])
def test_base64_written_otherwise_is_refused(text: str) -> None:
    assert note.from_base64("AA==") == b"\x00"
    with pytest.raises(FormatError):
        note.from_base64(text)
