"""Messages read back for people: whatever the bytes are, a bounded letter comes out."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console import letters

HOME = "https://zhenwei.example"
LINK = f"{HOME}/acknowledge/12.1xVnVI.s-M_2/"


def mail(text: str = "正文", **headers: str) -> bytes:
    """A mail as the service writes them."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def test_a_mail_is_read_with_its_chinese_headers() -> None:
    letter = letters.read(
        mail("第一行\n第二行\n", Subject="预警：郑州", From="甄伪 <a@b.example>", To="c@d.example")
    )
    assert letter == letters.Letter(
        "甄伪 <a@b.example>", "c@d.example", "预警：郑州", "", "第一行\n第二行\n", cut=False
    )


def test_the_first_plain_part_is_the_text() -> None:
    message = EmailMessage()
    message.set_content("plain")
    message.add_alternative("<b>rich</b>", subtype="html")
    assert letters.read(message.as_bytes()).text == "plain\n"


def test_a_long_text_is_cut_and_said_to_be() -> None:
    letter = letters.read(mail("长" * (letters.TEXT_CHARS + 1)))
    assert (len(letter.text), letter.cut) == (letters.TEXT_CHARS, True)


def test_a_header_is_one_line_and_bounded() -> None:
    letter = letters.read(b"Subject: a\r\n b\r\nTo: " + b"x" * 5000 + b"\r\n\r\n")
    assert letter.subject == "a b"
    assert len(letter.to) == letters.HEADER_CHARS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?nonsense?B?!!!!?=\n\nx",
        b"Subject: =?utf-8?B?gg==?=\n\nx",
        b"Content-Type: text/plain; charset=no-such-set\n\n\xe9",
        b'Content-Type: text/plain; charset="\\udcff"\n\n\xe9',
        b"Content-Transfer-Encoding: base64\n\n\xff%%%",
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 300,
        b"Subject: \xe9\xff\n\nx",
    ],
)
def test_what_is_no_mail_is_read_all_the_same(raw: bytes) -> None:
    assert isinstance(letters.read(raw), letters.Letter)
    assert isinstance(letters.read_json(raw), letters.Letter)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [
                    b"Subject: ",
                    b"Content-Type: ",
                    b"multipart/mixed; boundary=a",
                    b"\n--a\n",
                    b"\n\n",
                    b"charset=",
                    b"text/plain; charset*=utf-8''%ff",
                    b"=?utf-8?Q?",
                    b"?=",
                    b"Content-Transfer-Encoding: uuencode\n\n",
                    b"begin 6",
                ]
            ),
        ),
        max_size=12,
    ).map(b"".join)
)
def test_no_bytes_break_it(raw: bytes) -> None:
    letter = letters.read(raw)
    assert len(letter.text) <= letters.TEXT_CHARS
    assert all("\n" not in head for head in (letter.sender, letter.to, letter.subject, letter.date))


def test_a_webhook_body_is_laid_out_and_what_is_no_json_shown_as_it_is() -> None:
    assert letters.read_json('{"type":"预警"}'.encode()).text == '{\n  "type": "预警"\n}'
    assert letters.read_json(b"[" * 100_000).text == "[" * letters.TEXT_CHARS
    assert letters.read_json(b"<html>").text == "<html>"


def test_tokens_are_taken_out_everywhere() -> None:
    text = letters.without_tokens(f"a {LINK} b {LINK}{LINK} /acknowledge/x/")
    assert "1xVnVI" not in text
    assert text.count("/acknowledge/…/") == 4


def test_only_links_home_become_links() -> None:
    text = f"see {LINK} and https://evil.example/acknowledge/12.a/ {HOME}/acknowledge/../x/ {HOME}/cases/"
    cut = list(letters.pieces(text, HOME))
    assert "".join(piece.text for piece in cut) == text
    assert [piece.token for piece in cut if piece.token] == ["12.1xVnVI.s-M_2"]


def test_without_a_home_there_are_no_links() -> None:
    assert list(letters.pieces(f"/acknowledge/a/ {LINK}", "")) == [letters.Piece(f"/acknowledge/a/ {LINK}")]


@given(st.text(max_size=60), st.text(max_size=20))
def test_cutting_loses_nothing(before: str, after: str) -> None:
    text = f"{before}{LINK}{after}"
    assert "".join(piece.text for piece in letters.pieces(text, HOME)) == text
