"""`zhenwei match`: compare names with a register file, without a database."""

import argparse
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from config.arguments import positive
from config.progress import Progress
from detection import match, matchlines, workers
from detection.namesfile import Candidate, names_given, names_in, names_of
from detection.registryfile import read_register
from detection.rowfiles import FORMATS, Format, MatchInputError
from detection.wholefile import written

HELP = """\
用台账文件比对名称，逐个说明像哪个官方账号、怎样像、为什么；不需要数据库。
Compare names with a register of official accounts: which of them each name imitates, how, and why.
Standard output carries JSON Lines alone, one object for each row that matches; messages go to standard error.

register: .csv, .tsv or .jsonl, perhaps with .gz, in UTF-8. Columns id and name, perhaps handle, platform and
  region (a division code, as 410100 or 4101); others are passed over. An id may repeat, once for each name of
  an account. The file that `zhenwei import registry` takes serves too (its platform_uid is the id, its
  unit_division the region).
names: .txt has one name a line, commas and tabs belong to it. .csv, .tsv and .jsonl have name, perhaps id,
  handle and platform. All may end in .gz. A name that begins with @ is a handle.
output: {"row", "name", "id", "rules", "matches": [{"id", "registered", "field", "from", "score", "kind",
  "reasons": [{"code", "zh", "en", "at"}]}]}
  row counts from 1, the header not counted; name and id are as read; registered is the string that is
  imitated, field says whether it is a name or a handle, from which of the two imitates it; at are the
  characters concerned, [from, to) of the name or handle as read. A place with an official word that no
  registered account uses is an office_claim: id, registered and field are null, place and organ are added.
  A registered account itself (the same platform, id and name) gives no output. Nothing is written before
  every row was compared.

examples:
  zhenwei match --registry examples/henan/registry.csv --table 郑洲发布 @zhengzhou_fabu_
  zhenwei match --registry registry.csv --names seen.csv.gz --out suspects.jsonl
  zhenwei match --registry registry.csv --names - --format jsonl --top 20 < seen.jsonl

exit codes: 0 compared, whatever was found; 2 a file cannot be used, nothing was written; 3 internal error or
interrupted, nothing was written"""

DONE, BAD_INPUT, INTERNAL = 0, 2, 3
MOST_TOLD = 5
STANDARD = Path("-")  # input for --names, output for --out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The register, the names, and what to tell of them."""
    parser.add_argument("--registry", type=Path, required=True, metavar="FILE", help="the official accounts")
    parser.add_argument("--names", type=Path, metavar="FILE", help="the names; - is standard input, as text")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of standard output")
    parser.add_argument(
        "--threshold",
        type=_score,
        metavar="X",
        help="tell everything from this score on, 0 to 1; default: what the product takes for an imitation",
    )
    parser.add_argument(
        "--top", type=positive, default=MOST_TOLD, metavar="N", help="ids a name, default %(default)s"
    )
    parser.add_argument(
        "--format", choices=("text", *FORMATS), help="of the names, if their file does not say"
    )
    parser.add_argument("--workers", type=positive, metavar="N", help="processes, default: one a processor")
    parser.add_argument("--table", action="store_true", help="a table for people instead of JSON Lines")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the reasons in the table")
    parser.add_argument("given", nargs="*", metavar="NAME", help="a name, instead of --names")


def needs_django(args: argparse.Namespace) -> bool:
    """Two files are all it reads."""
    return False


def run(args: argparse.Namespace) -> int:
    """Compare and write."""
    try:
        with _ended_by_signals():
            _compare(args)
    except MatchInputError as error:
        return _say(BAD_INPUT, f"{error}")
    except workers.WorkerDied as error:
        return _say(INTERNAL, f"{error}; nothing was written")
    except KeyboardInterrupt:
        return _say(INTERNAL, "interrupted; nothing was written")
    except BrokenPipeError:  # whoever reads has enough
        raise
    except OSError as error:  # a full disk, no memory for another process
        return _say(INTERNAL, str(error))
    return DONE


def _compare(args: argparse.Namespace) -> None:
    candidates = _candidates(args)
    _keep_inputs(args)
    officials = read_register(args.registry, _warn)
    rule = match.Rule(args.threshold, args.top)
    with written(None if args.out == STANDARD else args.out) as file:
        told = match.match(officials, candidates, rule, args.workers or workers.available())
        _write(_counted(told), file, args)


def _candidates(args: argparse.Namespace) -> Iterator[Candidate]:
    form: Format | None = "txt" if args.format == "text" else args.format
    if bool(args.names) == bool(args.given):
        raise MatchInputError("give either --names FILE (- for standard input) or the names themselves")
    if args.given:
        return names_given(args.given)
    if args.names == STANDARD:
        return names_in(sys.stdin.buffer, form)
    return names_of(args.names, form)


def _keep_inputs(args: argparse.Namespace) -> None:
    """Refuse to write over what is read."""
    for path in (args.registry, args.names):
        if args.out and path and path.exists() and args.out.exists() and args.out.samefile(path):
            raise MatchInputError(f"{args.out}: is read here; give --out another name")


def _write(told: Iterable[match.Told], file: BinaryIO, args: argparse.Namespace) -> None:
    if args.table:
        lines = [line for one in told for line in one.lines.splitlines()]
        file.write(matchlines.table(lines, args.language).encode() if lines else b"")
    else:
        file.writelines(one.lines for one in told)


def _counted(told: Iterable[match.Told]) -> Iterator[match.Told]:
    """The same; progress meanwhile, and a summary at the end, on standard error."""
    rows = blank = matched = 0
    told = iter(told)
    first = list(islice(told, 1))  # the processes are forked by now, before the bar starts a thread
    with Progress("zhenwei match") as progress:
        for one in chain(first, told):
            rows, blank, matched = rows + one.rows, blank + one.blank, matched + one.matched
            progress.at(rows, None)
            yield one
    _warn(f"{rows - blank:,} of {rows:,} rows compared ({blank:,} blank); {matched:,} matched")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends the work as Ctrl-C does: what was begun is cleared away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _score(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a score, a number from 0 to 1")
    return value


def _warn(text: str) -> None:
    print(f"zhenwei match: {text}", file=sys.stderr)


def _say(code: int, text: str) -> int:
    _warn(text)
    return code
