from common.images import Fingerprint
from detection.signals.avatar import avatar
from tests.detection.signals.cast import office, stranger

OFFICIAL = Fingerprint("0" * 36, "0" * 36)


def at(distance: int) -> Fingerprint:
    bits = f"{(1 << distance) - 1:036x}"
    return Fingerprint(bits, bits)


def test_the_same_picture_an_alike_one_and_another() -> None:
    codes = {d: avatar(stranger(avatar=at(d)), office(avatar=OFFICIAL)).code for d in (0, 16, 17, 28, 29, 72)}
    assert codes == {
        0: "avatar_same",
        16: "avatar_same",
        17: "avatar_alike",
        28: "avatar_alike",
        29: "avatar_other",
        72: "avatar_other",
    }


def test_an_emblem_that_many_show_weighs_half() -> None:
    signal = avatar(stranger(avatar=at(0)), office(avatar=OFFICIAL, shares_avatar=True))
    assert (signal.code, signal.points) == ("avatar_shared", 0.2)


def test_a_missing_picture_on_either_side_is_unknown() -> None:
    assert avatar(stranger(avatar=None), office(avatar=OFFICIAL)).value == "unknown"
    assert avatar(stranger(avatar=at(0)), office(avatar=None)).value == "unknown"
