"""Files that come in: how many rows a second, and how much memory, beside plain readers and writers."""

import json
import platform
from pathlib import Path
from typing import Any

from bench import imports_observations, imports_registry
from common import clock

FILE = "imports.json"


def run(results: Path) -> None:
    """Measure every kind of file; each keeps its part of the figures."""

    def keep(part: str, figures: dict[str, Any]) -> None:
        _keep(results / FILE, part, figures)

    imports_registry.run(keep)
    imports_observations.run(keep)


def _keep(path: Path, part: str, figures: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept["measured_at"] = clock.isoformat(clock.now())
    kept["machine"] = f"{platform.machine()}, Python {platform.python_version()}"
    kept[part] = figures
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2), encoding="utf-8")
