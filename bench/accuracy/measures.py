"""What is measured on a benchmark folder, in the order of the report, and which files each measure needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.accuracy import attacks, crowds, pairs, recall, siblings
from bench.accuracy.desk import Desk
from bench.accuracy.figures import Figure, Section
from bench.accuracy.readers import Folder


@dataclass(frozen=True)
class Measure:
    """A measure by name: its figures, the files without which it is not taken, and how it is taken."""

    name: str
    figures: Sequence[Figure]
    needs: Sequence[str]
    take: Callable[[Desk, Folder], Section]


@dataclass(frozen=True)
class Taken:
    """A measure with what it brought, or with why it was not taken."""

    measure: Measure
    section: Section
    why_not: str = ""


def take(measure: Measure, desk: Desk, folder: Folder) -> Taken:
    """Take `measure` if `folder` has the files for it."""
    missing = [name for name in measure.needs if getattr(folder, name) is None]
    if missing:
        return Taken(measure, Section({}), f"not in the folder: {', '.join(map(file_of, missing))}")
    return Taken(measure, measure.take(desk, folder), "nothing to count in the files")


def file_of(name: str) -> str:
    """The file that a field of Folder is read from."""
    return "background_social.tsv" if name == "social" else f"{name}.tsv"


MEASURES = (
    Measure(
        "attacks",
        attacks.FIGURES,
        ("registry", "attacks"),
        lambda desk, folder: attacks.measure(desk, folder.attacks or ()),
    ),
    Measure(
        "real",
        pairs.FIGURES,
        ("registry", "real_pairs"),
        lambda desk, folder: pairs.measure(desk, folder.officials, folder.real_pairs or ()),
    ),
    Measure(
        "genuine",
        pairs.GENUINE_FIGURES,
        ("real_negatives",),
        lambda desk, folder: pairs.measure_genuine(desk, folder.real_negatives or ()),
    ),
    Measure(
        "social",
        crowds.SOCIAL.figures,
        ("registry", "social"),
        lambda desk, folder: crowds.measure(desk, crowds.SOCIAL, folder.social or ()),
    ),
    Measure(
        "background",
        crowds.BACKGROUND.figures,
        ("registry", "background"),
        lambda desk, folder: crowds.measure(desk, crowds.BACKGROUND, folder.background or ()),
    ),
    Measure(
        "ordinary",
        crowds.ORDINARY.figures,
        ("registry", "ordinary"),
        lambda desk, folder: crowds.measure(desk, crowds.ORDINARY, folder.ordinary or ()),
    ),
    Measure(
        "left_out",
        siblings.FIGURES,
        ("registry",),
        lambda desk, folder: siblings.measure(desk, folder.registry or ()),
    ),
    Measure(
        "siblings",
        siblings.LISTED_FIGURES,
        ("registry", "siblings"),
        lambda desk, folder: siblings.measure_listed(desk, folder.registry or (), folder.siblings or ()),
    ),
    Measure(
        "search",
        recall.FIGURES,
        ("registry", "attacks"),
        lambda desk, folder: recall.measure(desk, folder.attacks or (), folder.social or ()),
    ),
)
