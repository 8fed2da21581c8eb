"""The templates and style sheets keep what the policy and the readers need."""

import re
from pathlib import Path

import pytest

import console

CONSOLE = Path(next(iter(console.__path__)))
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.html"))
STYLES = (CONSOLE / "static" / "console" / "console.css").read_text(encoding="utf-8")
COLOUR = r"--([\w-]+): (#[0-9a-f]{3,6})"
# Text on the ground it stands on; WCAG AA wants 4.5 to 1.
PAIRS = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "soft"),
    ("muted", "paper"),
    ("muted", "card"),
    ("muted", "soft"),
    ("link", "paper"),
    ("link", "card"),
    ("s1-ink", "s1"),
    ("s2-ink", "s2"),
    ("s3-ink", "s3"),
    ("s4-ink", "s4"),
    ("good", "good-soft"),
    ("good", "card"),
    ("bad", "bad-soft"),
    ("bad", "card"),
    ("warn", "warn-soft"),
    ("mark-ink", "mark"),
    ("mark-ink", "card"),
    ("genuine-ink", "genuine"),
    ("genuine-ink", "card"),
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_styles_or_scripts_inline_or_reaches_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|<script(?![^>]*\bsrc=)|javascript:", text, re.I)
    assert not re.search(r'(src|href|action)="(https?:)?//', text)
    assert not re.search(r"\|\s*safe\b|autoescape off|safeseq", text)


def test_the_style_sheets_load_nothing() -> None:
    for path in (CONSOLE / "static" / "console").glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_colour_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_paper_is_a4_and_shows_no_menu() -> None:
    text = (CONSOLE / "static" / "console" / "print.css").read_text(encoding="utf-8")
    assert "size: A4" in text
    assert re.search(r"\.top[^{]*\{ display: none", text)


def palette(scheme: str) -> dict[str, str]:
    """The colours of a scheme; dark falls back on light."""
    light, _, dark = STYLES.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", light.partition("}")[0]))
    return (
        found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", dark.partition("}")[0]))
        if scheme == "dark"
        else found
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
