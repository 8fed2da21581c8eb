"""In which language a command speaks to whoever runs it: Chinese or English."""

import argparse
import os

from common.faults import Language, Text


def add_argument(parser: argparse.ArgumentParser) -> None:
    """--language."""
    parser.add_argument(
        "--language", choices=["zh", "en"], help="of what is printed 输出语言; default: as LANG says"
    )


def chosen(args: argparse.Namespace) -> Language:
    """What --language says; without it the language of the terminal."""
    if args.language is not None:
        return "zh" if args.language == "zh" else "en"
    return of_the_terminal()


def of_the_terminal() -> Language:
    """Chinese where the terminal is Chinese, else English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if said.startswith("zh") else "en"


def say(text: Text, language: Language) -> str:
    """The sentence in that language."""
    return text.zh if language == "zh" else text.en
