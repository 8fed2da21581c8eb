"""How much of a file is read at most. Wider than anything an office sends, narrow enough for one machine."""

MIB = 1 << 20

MAX_CELL = 32_767
"""Characters of a cell: what a spreadsheet can hold."""
MAX_COLUMNS = 1_000
MAX_LINE = MIB
"""Bytes of one line of a text file."""
MAX_TEXT = 2 * 1024 * MIB
"""Bytes of a text file, unpacked."""
MAX_LINES = 5_000_000
"""Lines of a text file, empty ones too."""
MAX_DOCUMENT = 128 * MIB
"""Bytes of a JSON document, which is held whole; JSON Lines are not."""
MAX_DEPTH = 32
"""How deep a JSON value may nest."""
HEADER_WITHIN = 20
"""Rows that may come down to the one that names the columns."""

MAX_RATIO = 300
"""Unpacked bytes for each packed one: text of an office has up to 50, a bomb a thousand."""
RATIO_FROM = 64 * MIB
"""Below so many bytes nothing is a bomb, whatever its ratio."""
MAX_ENTRIES = 10_000
"""Files in an archive or parts of a workbook."""
MAX_DIRECTORY = 4 * MIB
"""Bytes of an archive's list of files."""

MAX_WORKBOOK = 128 * MIB
"""Bytes of a workbook, packed."""
MAX_PARTS = 512 * MIB
"""Bytes of all parts of a workbook, unpacked. 200,000 rows of 12 columns with links have 100 MiB."""
MAX_TOKEN = MIB
"""Bytes between two tags of a workbook's XML, or of a tag: the longest cell takes a third of it."""
MAX_CELLS = 5_000_000
"""Cells of the rectangle around everything in a sheet, which the reader holds whole."""
MAX_CELL_TEXT = 256 * MIB
"""Bytes of all texts of a sheet, counted as often as a cell repeats them."""
