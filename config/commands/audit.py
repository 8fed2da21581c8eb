"""`zhenwei audit`: verify, sign and export the audit log, and prove entries of it."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from audit_logs import keys, tree
from audit_logs.errors import AuditLogError, LogBroken
from audit_logs.note import VerifierKey
from audit_logs.verify_directory import verify_directory

HELP = """\
The audit log is a Merkle tree of numbered events under signed checkpoints.

  zhenwei audit verify                      check the log of this installation
  zhenwei audit verify DIR --vkey FILE      check an exported log; needs no database
  zhenwei audit checkpoint                  number what waits and sign a checkpoint now
  zhenwei audit export DIR                  write the log as files (C2SP tlog-tiles), or continue a folder
  zhenwei audit prove N                     print the proof of entry N for a stranger (C2SP tlog-proof)

exit codes: 0 intact or done, 1 the log is broken, 2 it could not be checked or done
"""
OWN_KEY = (
    "note: the key came out of DIR itself and shows damage, not forgery; give --vkey a key kept elsewhere"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """verify, checkpoint, export, prove."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify|checkpoint|export|prove")
    verify = acts.add_parser("verify", help="check the log: exit 0 intact, 1 broken, 2 could not be checked")
    verify.add_argument(
        "dir", nargs="?", type=Path, metavar="DIR", help="an exported log; default: the database"
    )
    verify.add_argument("--vkey", type=Path, metavar="FILE", help="public key to check with")
    verify.add_argument("--json", action="store_true", help="one JSON object")
    acts.add_parser("checkpoint", help="number what waits and sign a checkpoint now")
    export = acts.add_parser("export", help="write the log as files")
    export.add_argument("dir", type=Path, metavar="DIR", help="a new folder, or an earlier export")
    prove = acts.add_parser("prove", help="print the proof of one entry")
    prove.add_argument("entry", type=int, metavar="N", help="number of the entry, from 0")


def needs_django(args: argparse.Namespace) -> bool:
    """Only the check of an exported folder does without."""
    return not (args.act == "verify" and args.dir)


def run(args: argparse.Namespace) -> int:
    """Exit code 0, 1 if the log is broken, 2 if it could not be checked, signed, exported or proved."""
    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "verify": _verify,
        "checkpoint": _checkpoint,
        "export": _export,
        "prove": _prove,
    }
    try:
        return acts[args.act](args)
    except LogBroken as error:
        print(f"the audit log is {error}", file=sys.stderr)
        return 1
    except (AuditLogError, OSError) as error:
        print(f"zhenwei audit {args.act}: {error}", file=sys.stderr)
        return 2


def _verify(args: argparse.Namespace) -> int:
    key = keys.verifier_key(args.vkey) if args.vkey else None
    verdict = verify_directory(args.dir, key) if args.dir else _verify_database(key)
    print(json.dumps(_fields(verdict)) if args.json else verdict)
    if args.dir and key is None:
        print(OWN_KEY, file=sys.stderr)
    return 0 if isinstance(verdict, tree.Intact) else 1


def _verify_database(key: VerifierKey | None) -> tree.Verdict:
    from audit_logs.verify_database import verify_database

    return verify_database(key)


def _fields(verdict: tree.Verdict) -> dict[str, object]:
    if isinstance(verdict, tree.Broken):
        return {"verdict": "broken", "entry": verdict.entry, "reason": verdict.reason}
    return {
        "verdict": "intact",
        "size": verdict.edge.size,
        "root": verdict.edge.root().hex(),
        "signed": verdict.signed,
        "waiting": verdict.waiting,
    }


def _checkpoint(args: argparse.Namespace) -> int:
    from audit_logs.sequence import Busy, sequence

    done = sequence(force=True)
    if isinstance(done, Busy):
        print("another sequencer is at work; try again in a moment", file=sys.stderr)
        return 2
    size = done.signed.size if done.signed else 0
    print(f"numbered {done.numbered}, checkpoint covers {size} entries")
    return 0


def _export(args: argparse.Namespace) -> int:
    from audit_logs.export import export

    head = export(args.dir)
    print(f"{args.dir}: {head.size} entries. Keep it, or its checkpoint file, on another machine.")
    return 0


def _prove(args: argparse.Namespace) -> int:
    from audit_logs.prove import prove

    print(prove(args.entry).decode(), end="")
    return 0
