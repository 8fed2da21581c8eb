"""Rows of a sheet that hold nothing but plain values, counted without parsing each tag. Pure.

Nearly all rows of a large sheet are like that, and the parser, which calls back for every tag, would take
most of the time. Such a row is put to the parser as an empty one. The pattern lets through: cells of this row
only, no formula, no error, no `<` or `>` in a text. So nothing can hide in one: left out, it ends no comment
and no CDATA section, and within an attribute its `<` stays an error.
"""

import re

from common.sheets.limits import MIB

_CELL = rb'<c r="[A-Z]{1,3}\1"(?: s="[0-9]{1,9}")?(?: t="(?:s|n|b|str|inlineStr)")?'
_VALUE = rb'<v>[^<>]{0,200000}+</v>|<is><t(?: xml:space="preserve")?>[^<>]{0,200000}+</t></is>'
_ROW = re.compile(
    rb'<row r="([1-9][0-9]{0,6})"(?: [A-Za-z0-9:]{1,20}="[^<>"]{0,99}")*+>'
    rb"(?:" + _CELL + rb"(?:/>|>(?:" + _VALUE + rb")</c>))*+</row>"
)
_LETTERS = re.compile(rb'<c r="([A-Z]+)[0-9]+"(?:[^>]*[^>/])?>')
_END = b"</row>"
_LONGEST = 4 * MIB


class PlainRows:
    """Takes plain rows out of the chunks of a sheet. What was in them: the counts below."""

    def __init__(self) -> None:
        self.values = 0
        self.shared = 0
        self.bottom = 0
        self.letters: set[bytes] = set()
        self._rest = b""

    def without(self, chunk: bytes) -> bytes:
        """What the parser is to see of all chunks until now and has not seen, whole rows at a time."""
        data = self._rest + chunk
        end = data.rfind(_END) + len(_END)
        if end < len(_END):
            end = len(data) if len(data) > _LONGEST else 0
        self._rest = data[end:]
        return _ROW.sub(self._counted, data[:end])

    def rest(self) -> bytes:
        """What comes after the last row."""
        rest, self._rest = self._rest, b""
        return rest

    def _counted(self, match: "re.Match[bytes]") -> bytes:
        row, number = match[0], match[1]
        letters = _LETTERS.findall(row)
        if letters:
            self.letters.update(letters)
            self.bottom = max(self.bottom, int(number))
            self.values += len(letters)
            self.shared += row.count(b' t="s">')
        return b'<row r="' + number + b'"/>'
