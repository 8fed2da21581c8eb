"""Sealed secrets: opened by their key alone, whole or not at all, and shown by nothing."""

import pickle
from string import ascii_letters

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from common.secrets import Sealer, SecretError

OLD, NEW, OTHER = (Fernet.generate_key().decode("ascii") for _ in range(3))
LETTERS = ascii_letters.encode()


@given(st.text())
def test_what_was_sealed_is_opened_again(secret: str) -> None:
    assert Sealer([NEW]).open(Sealer([NEW]).seal(secret)) == secret


def test_a_seal_does_not_show_the_secret_nor_that_two_are_the_same() -> None:
    first, second = Sealer([NEW]).seal("whsec_abc"), Sealer([NEW]).seal("whsec_abc")
    assert first != second
    assert b"whsec_abc" not in first


def test_an_older_key_opens_and_the_newest_seals() -> None:
    sealed = Sealer([OLD]).seal("郑州")
    both = Sealer([NEW, OLD])
    assert both.open(sealed) == "郑州"
    assert Sealer([NEW]).open(both.seal("郑州")) == "郑州"


def test_rotating_brings_a_seal_under_the_newest_key() -> None:
    rotated = Sealer([NEW, OLD]).rotate(Sealer([OLD]).seal("郑州"))
    assert Sealer([NEW]).open(rotated) == "郑州"
    with pytest.raises(SecretError):
        Sealer([OLD]).open(rotated)


@given(place=st.integers(0, 130), shift=st.integers(1, 51))
def test_a_changed_seal_opens_nothing(place: int, shift: int) -> None:
    sealed = bytearray(Sealer([NEW]).seal("whsec_abc and as much again as fills two blocks"))
    # Into letters: the decoder takes + for - and skips what is no base64, which would change nothing.
    sealed[place] = LETTERS[(LETTERS.find(sealed[place]) + shift) % len(LETTERS)]
    for act in (Sealer([NEW]).open, Sealer([NEW]).rotate):
        with pytest.raises(SecretError):
            act(bytes(sealed))


@given(st.binary(max_size=200))
def test_whatever_bytes_are_given_it_opens_or_refuses(junk: bytes) -> None:
    with pytest.raises(SecretError):
        Sealer([NEW]).open(junk)


def test_no_error_holds_a_key_or_a_secret() -> None:
    sealed = Sealer([OLD]).seal("whsec_abc")
    with pytest.raises(SecretError) as caught:
        Sealer([NEW]).open(sealed)
    assert caught.value.__cause__ is None
    with pytest.raises(SecretError) as refused:
        Sealer(["not-a-key-at-all"])
    for said in (str(caught.value), repr(caught.value), str(refused.value)):
        assert not any(word in said for word in ("whsec", NEW, OLD, "not-a-key"))


@pytest.mark.parametrize("keys", [[], [""], ["short"], [NEW, "short"]])
def test_it_refuses_to_work_without_a_proper_key(keys: list[str]) -> None:
    with pytest.raises(SecretError):
        Sealer(keys)


def test_the_keys_are_shown_and_copied_nowhere() -> None:
    assert repr(Sealer([NEW])) == "Sealer(…)"
    with pytest.raises(TypeError):
        pickle.dumps(Sealer([NEW]))
