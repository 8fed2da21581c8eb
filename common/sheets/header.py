"""Lines of cells → a table whose rows name their columns. Pure.

The header is the first row that `is_header` knows, within the first 20; a title and blank rows may stand
above it. Cells beyond the named columns must be blank. Columns named 错误原因 or Reasons, which
`reasons.py` adds, are left out.
"""

from collections.abc import Callable, Iterator, Sequence

from common.faults import BadFile, Faults, Place, Text
from common.sheets import kinds
from common.sheets.limits import HEADER_WITHIN, MAX_COLUMNS
from common.sheets.model import Row, Table

IsHeader = Callable[[Sequence[str]], bool]
Line = tuple[int, list[str]]
"""Number and cells of a line that has content."""

REASONS = Text("错误原因", "Reasons")


def table_of(name: str, lines: Iterator[Line], is_header: IsHeader | None, faults: Faults) -> Table | None:
    """The table that `lines` hold; None if there are none. Raises BadFile if no row can name the columns."""
    first = next(lines, None)
    if first is None:
        return None
    line, header = first if is_header is None else _header([first], lines, is_header, name)
    while header and not header[-1]:
        header.pop()
    _check(name, line, header)
    columns = [column for column in header if column and column not in REASONS]
    return Table(name, columns, line, _rows(name, header, lines, faults))


def _header(above: list[Line], lines: Iterator[Line], is_header: IsHeader, name: str) -> Line:
    for line, cells in above:
        if is_header(cells):
            return line, cells
    for line, cells in lines:
        if line > HEADER_WITHIN:
            break
        if is_header(cells):
            return line, cells
    raise no_header(name, above[0])


def no_header(name: str, first: Line) -> BadFile:
    """The error for a table none of whose first rows names the columns."""
    problem = Text(
        f"前 {HEADER_WITHIN} 行中没有认得出的表头",
        f"none of the first {HEADER_WITHIN} rows names columns that are known here",
    )
    mend = Text(
        "请在数据上方加一行列名（可参照导出的文件），不含数据的工作表请删除",
        "put a row with the names of the columns above the data (an export shows them);"
        " delete a sheet that has no data",
    )
    place = Place(name, first[0], value=" ".join(cell for cell in first[1] if cell))
    return kinds.refusal(kinds.NO_HEADER, problem, mend, place)


def _check(name: str, line: int, header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        problem = Text(
            f"有 {len(header):,} 列，最多 {MAX_COLUMNS:,} 列",
            f"{len(header):,} columns, at most {MAX_COLUMNS:,} are read",
        )
        mend = Text("请删除不需要的列", "delete the columns that are not needed")
        raise kinds.refusal(kinds.COLUMNS, problem, mend, Place(name, line))
    seen: set[str] = set()
    for column in header:
        if column in seen and column not in REASONS:
            problem = Text("同名的列有多个", "several columns have this name")
            mend = Text("请只保留一列，或给另一列改名", "keep one of them, or rename the other")
            raise kinds.refusal(kinds.HEADER_TWICE, problem, mend, Place(name, line, column))
        if column:
            seen.add(column)


def _rows(name: str, header: list[str], lines: Iterator[Line], faults: Faults) -> Iterator[Row]:
    width = len(header)
    kept = [(i, column) for i, column in enumerate(header) if column and column not in REASONS]
    if len(kept) == width:
        for line, cells in lines:
            if len(cells) == width:
                yield Row(line, dict(zip(header, cells, strict=True)))
            elif _fits(name, line, cells, width, faults):
                yield Row(line, dict(zip(header, cells, strict=False)))
        return
    unnamed = [i for i, column in enumerate(header) if not column]
    for line, cells in lines:
        if _fits(name, line, cells, width, faults) and _is_blank(name, line, cells, unnamed, faults):
            yield Row(line, {column: cells[i] for i, column in kept})


def _fits(name: str, line: int, cells: list[str], width: int, faults: Faults) -> bool:
    """Whether there is one cell for each column, and nothing but blank ones beyond."""
    if len(cells) >= width and not any(cells[width:]):
        return True
    problem = Text(
        f"有 {len(cells)} 个单元格，表头有 {width} 列",
        f"{len(cells)} cells, the header names {width} columns",
    )
    few = Text(
        "请补上空单元格的分隔符，或在 Excel 中打开并另存为 .xlsx",
        "add the separators of empty cells, or open it in a spreadsheet and save it as .xlsx",
    )
    many = Text(
        "请检查多出的内容：含分隔符的内容要加英文双引号，表头缺的列名要补上",
        "put a cell that contains the separator in quotes, or name the column that has no name",
    )
    place = Place(name, line, value=" | ".join(cells[:20]))
    faults.add(kinds.CELLS, place, problem, few if len(cells) < width else many)
    return False


def _is_blank(name: str, line: int, cells: list[str], unnamed: list[int], faults: Faults) -> bool:
    """Whether the columns without a name are empty in this row."""
    wrong = next((i for i in unnamed if cells[i]), None)
    if wrong is None:
        return True
    problem = Text(f"第{wrong + 1}列没有列名，却有内容", f"column {wrong + 1} has no name but a value here")
    mend = Text("请在表头中写上列名，或删除该内容", "name the column in the header, or delete the value")
    faults.add(kinds.CELLS, Place(name, line, value=cells[wrong]), problem, mend)
    return False
