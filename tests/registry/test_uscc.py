import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.problems import Problem
from registry.uscc import SIGNS, check_digit, read

# The example of the standard GB 32100-2015.
SOUND = ["91350100M000100Y43"]


@pytest.mark.parametrize("code", SOUND)
def test_it_takes_the_example_of_the_standard(code: str) -> None:
    assert read(code) == code


def test_it_takes_small_letters_blanks_and_full_width() -> None:
    assert read(" 91350100-m000100y43 ") == SOUND[0]
    assert read("９１３５０１００M000100Y43") == SOUND[0]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("", "uscc_length"),
        ("91350100M000100Y4", "uscc_length"),
        ("005184603", "uscc_length"),
        ("91350100M00O100Y43", "uscc_sign"),
        ("91350100M000100Z43", "uscc_sign"),
        ("9135010AM000100Y43", "uscc_shape"),
        ("000000000000000000", "uscc_shape"),
        ("91350100M000100Y44", "uscc_check"),
        ("91350100M000100Y4一", "uscc_sign"),
    ],
)
def test_it_says_what_is_wrong(code: str, kind: str) -> None:
    found = read(code)
    assert isinstance(found, Problem) and found.kind == kind


def test_it_names_the_right_check_digit_only_where_all_else_is_sound() -> None:
    wrong = read("91350100M000100Y44")
    assert isinstance(wrong, Problem) and "末位应为 3" in str(wrong.mend)
    for other in ("91350100M000100Z44", "9135010AM000100Y44"):
        found = read(other)
        assert isinstance(found, Problem) and "应为 3" not in str(found.mend)


STEMS = st.from_regex(rf"[{SIGNS}]{{2}}[1-9][0-9]{{5}}[{SIGNS}]{{9}}", fullmatch=True)


@given(STEMS, st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_found(stem: str, at: int, sign: str) -> None:
    code = stem + check_digit(stem)
    assert read(code) == code
    broken = code[:at] + sign + code[at + 1 :]
    assert broken == code or isinstance(read(broken), Problem)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    found = read(text)
    assert isinstance(found, Problem) or len(found) == 18
