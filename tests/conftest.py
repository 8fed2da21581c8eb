"""Every test run has a data folder of its own, marked as a test's; nothing is written elsewhere."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="zhenwei-test-"))
(_FOLDER / "MODE").write_text("test\n", encoding="ascii")
os.environ["ZHENWEI_VAR"] = str(_FOLDER)

from tests.audit_logs.flush import emptied_past_the_walls  # noqa: E402, F401  (the data folder comes first)
