"""`zhenwei evaluate`: recall and precision on a folder of known answers, without a database."""

import argparse
import json
import sys
from pathlib import Path

from detection import evaluate
from detection.answerfiles import EvaluateInputError

HELP = """\
Judges the accounts of DIR by name and handle and compares with DIR's answers: recall for each kind of
counterfeit, precision for each kind the rules say, who else was flagged, and what was missed; for all
platforms together and for each. DIR holds registry.csv and answers.csv, and the accounts: accounts.jsonl, or
exports of platforms named PLATFORM-export.xlsx (or .csv …), as examples/henan does.

exit codes: 0 evaluated, however well; 2 a file cannot be used"""

DONE, BAD_INPUT = 0, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder, and how to print."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with known answers")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")


def needs_django(args: argparse.Namespace) -> bool:
    """Files are all it reads."""
    return False


def run(args: argparse.Namespace) -> int:
    """Evaluate and print."""
    try:
        result = evaluate.evaluate(args.folder)
    except EvaluateInputError as error:
        print(f"zhenwei evaluate: {error}", file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(evaluate.as_json(result), ensure_ascii=False) if args.json else evaluate.as_text(result))
    return DONE
