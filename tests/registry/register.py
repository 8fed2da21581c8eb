"""Register files for the tests: one sound row, changed where a test needs it."""

from pathlib import Path

SOUND = {
    "platform": "weibo",
    "instance": "",
    "platform_uid": "1903424",
    "handle": "zhengzhou",
    "name": "郑州发布",
    "certified_subject": "郑州市人民政府办公厅",
    "home_url": "https://weibo.com/u/1903424",
    "opened_on": "2019-08-01",
    "state": "in_service",
    "unit": "郑州市人民政府办公厅",
    "unit_division": "410100",
    "unit_kind": "government_office",
}


def row(**changes: str) -> str:
    """One line, with `changes` to the sound one."""
    return ",".join({**SOUND, **changes}[column] for column in SOUND)


def register(*rows: str) -> bytes:
    """A file of these rows below the header."""
    return "\n".join([",".join(SOUND), *rows, ""]).encode()


def table(*rows: dict[str, str]) -> bytes:
    """A file with the columns that the rows name, all of them the same."""
    return "\n".join([",".join(rows[0]), *(",".join(one.values()) for one in rows), ""]).encode()


def written(folder: Path, data: bytes, name: str = "register.csv") -> Path:
    """A file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path
