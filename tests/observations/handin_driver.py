"""A process that takes one export, to be killed at the points named here.

    python -m tests.observations.handin_driver FILE

The data folder is that of ZHENWEI_VAR, with its database.
"""

import sys
from pathlib import Path

from config import boot

POINTS = ("handin.after_capture", "handin.before_commit", "handin.after_commit")


def main(path: str) -> None:
    boot.django()
    from common import clock  # Django first, as everywhere
    from observations.handin import HandinOptions, import_observations

    options = HandinOptions("weibo", covers="all")
    import_observations(Path(path), "微博.csv", "system:import", clock.now(), options)


if __name__ == "__main__":
    main(sys.argv[1])
