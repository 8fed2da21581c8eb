"""What can be wrong with a table file before its words are looked at: a closed list of kinds.

A kind is the `kind` of a `Fault`; `KINDS` has a heading for each, for summaries. No other is noted by this
package.
"""

from collections.abc import Mapping
from typing import Final

from common.faults import BadFile, Faults, Place, Text

EMPTY: Final = "file_empty"
ENDING: Final = "wrong_ending"
FOREIGN: Final = "format_not_read"
OLD_WORKBOOK: Final = "old_workbook"
PASSWORD: Final = "password"  # noqa: S105 -- the name of a fault
MACROS: Final = "macros"
LINKS: Final = "external_links"
DAMAGED: Final = "damaged"
ARCHIVE: Final = "archive_contents"
TOO_LARGE: Final = "too_large"
ENCODING: Final = "encoding"
LINE_ENDS: Final = "line_ends"
NUL: Final = "nul_character"
LONG_LINE: Final = "line_too_long"
LONG_CELL: Final = "cell_too_long"
QUOTE: Final = "quotation_mark"
CELLS: Final = "number_of_cells"
COLUMNS: Final = "too_many_columns"
NO_HEADER: Final = "no_header"
HEADER_TWICE: Final = "column_twice"
NO_ROWS: Final = "no_rows"
ERROR_VALUE: Final = "error_value"
FORMULA: Final = "formula_without_value"
ROUNDED: Final = "number_rounded"
JSON: Final = "not_json"
NOT_OBJECT: Final = "not_an_object"
KEY_TWICE: Final = "key_twice"
DEEP: Final = "nested_too_deep"
NUMBER: Final = "impossible_number"
CHARACTER: Final = "impossible_character"
NO_LIST: Final = "no_list"

KINDS: Mapping[str, Text] = {
    EMPTY: Text("文件是空的", "the file is empty"),
    ENDING: Text("扩展名与内容不符", "the ending of the name does not fit the content"),
    FOREIGN: Text("不支持的文件格式", "a format that is not read"),
    OLD_WORKBOOK: Text("旧版 Excel 格式（.xls）", "an old workbook (.xls)"),
    PASSWORD: Text("文件有密码", "protected by a password"),
    MACROS: Text("工作簿含有宏", "a workbook with macros"),
    LINKS: Text("工作簿引用了其他文件", "a workbook that refers to other files"),
    DAMAGED: Text("文件损坏", "damaged"),
    ARCHIVE: Text("压缩包内容不符合要求", "an archive with other contents"),
    TOO_LARGE: Text("文件过大", "too large"),
    ENCODING: Text("文字编码错误", "wrong text encoding"),
    LINE_ENDS: Text("换行符错误", "wrong line ends"),
    NUL: Text("含有空字符（NUL）", "a NUL character"),
    LONG_LINE: Text("行过长", "a line is too long"),
    LONG_CELL: Text("单元格内容过长", "a cell is too long"),
    QUOTE: Text("引号不配对", "quotation marks do not pair"),
    CELLS: Text("单元格数与列数不符", "more or fewer cells than columns"),
    COLUMNS: Text("列过多", "too many columns"),
    NO_HEADER: Text("找不到表头", "no row names the columns"),
    HEADER_TWICE: Text("列名重复", "a column stands there twice"),
    NO_ROWS: Text("只有表头，没有数据", "no rows"),
    ERROR_VALUE: Text("单元格显示错误值", "a cell shows an error"),
    FORMULA: Text("公式没有结果", "a formula without a result"),
    ROUNDED: Text("长数字被 Excel 改动", "a long number was rounded"),
    JSON: Text("不是有效的 JSON", "not JSON"),
    NOT_OBJECT: Text("不是 JSON 对象", "not a JSON object"),
    KEY_TWICE: Text("JSON 键重复", "a JSON key stands there twice"),
    DEEP: Text("JSON 嵌套过深", "JSON nested too deep"),
    NUMBER: Text("JSON 数字无效", "an impossible JSON number"),
    CHARACTER: Text("含有无效字符", "an impossible character"),
    NO_LIST: Text("JSON 中找不到数据列表", "no list at its place in the JSON"),
}


def refusal(kind: str, problem: Text, mend: Text, place: Place = Place()) -> BadFile:  # noqa: B008 -- a tuple
    """The error for a file of which nothing can be read."""
    faults = Faults()
    faults.add(kind, place, problem, mend)
    return BadFile(faults)
