import gzip
from pathlib import Path

import pytest

from bench.accuracy.readers import BenchDataError, as_account, read_folder
from detection.compare import AccountName

REGISTRY = 'id\tname\thandle\tregion\nR1\t郑州发布\t\t4101\nR2\tAnn \\"A\\" Lee\tannlee\tUS\n'


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.tsv").write_bytes(text.encode())
    return folder


def test_it_reads_names_as_they_stand(tmp_path: Path) -> None:
    _write(tmp_path, registry=REGISTRY, ordinary='name\n"a\u2028b\u0085 \r\n\n,\x00\n')
    found = read_folder(tmp_path)
    assert found.officials == [
        AccountName("郑州发布", "", "410100"),
        AccountName('Ann \\"A\\" Lee', "annlee"),
    ]
    assert [one.name for one in found.ordinary or ()] == ['"a\u2028b\u0085 ', ",\x00"]


@pytest.mark.parametrize(
    ("region", "code", "division"),
    [
        ("11", "11", "110000"),
        ("4101", "4101", "410100"),
        ("410105", "410105", "410105"),
        ("410100", "4101", "410100"),
        ("US-NY", "", ""),
        ("²", "", ""),
        ("123", "", ""),
        ("", "", ""),
    ],
)
def test_a_region_is_a_code_of_any_level_or_nothing(
    tmp_path: Path, region: str, code: str, division: str
) -> None:
    _write(tmp_path, registry=f"id\tname\tregion\n1\ta\t{region}\n")
    [row] = read_folder(tmp_path).registry or ()
    assert (row.region, row.account.division) == (code, division)


def test_a_missing_file_is_none_and_an_empty_one_is_empty(tmp_path: Path) -> None:
    found = read_folder(_write(tmp_path, registry=REGISTRY, ordinary="name\n"))
    assert found.attacks is None
    assert found.ordinary == []


def test_a_compressed_file_is_read_and_the_hash_is_of_its_content(tmp_path: Path) -> None:
    _write(tmp_path, background="name\tkind\na\tb\n")
    plain = read_folder(tmp_path)
    (tmp_path / "background.tsv").unlink()
    (tmp_path / "background.tsv.gz").write_bytes(gzip.compress(b"name\tkind\na\tb\n"))
    packed = read_folder(tmp_path)
    assert packed.background == plain.background
    assert list(packed.hashes.values()) == list(plain.hashes.values())


def test_an_attack_wants_the_rows_of_its_id_and_those_with_its_string(tmp_path: Path) -> None:
    registry = "id\tname\thandle\nR1\ta\t\nR2\tb\tx\nR1\tc\t\nR3\tx\t\n"
    attacks = "target_id\ttarget\tvariant\tgenerator\ttechnique\nR1\tx\ty\tg\tswap\n"
    [attack] = read_folder(_write(tmp_path, registry=registry, attacks=attacks)).attacks or ()
    assert attack.wanted == (0, 1, 2, 3)


def test_the_names_of_a_pair_are_split(tmp_path: Path) -> None:
    text = "names\tcounterfeit\tlikeness\na|@b\tc\tyes\n"
    [pair] = read_folder(_write(tmp_path, real_pairs=text)).real_pairs or ()
    assert pair.names == ("a", "@b")
    assert pair.is_alike


def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path) -> None:
    [one] = read_folder(_write(tmp_path, ordinary="\ufeffname\na\n")).ordinary or ()
    assert one.name == "a"


def test_a_leading_at_sign_marks_a_handle() -> None:
    assert as_account("@a") == AccountName("", "a")
    assert as_account("a@") == AccountName("a@")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"registry": "id\thandle\nR1\ta\n"}, "registry.tsv, line 1: no column name"),
        ({"registry": "id\tname\nR1\ta\tb\n"}, "registry.tsv, line 2: 3 cells under 2 headings"),
        ({"registry": "id\tname\n\n\nR1\t\n"}, "registry.tsv, line 4: neither name nor handle"),
        ({"registry": "id\tname\n\ta\n"}, "registry.tsv, line 2: id is empty"),
        ({"real_pairs": "names\tcounterfeit\tlikeness\na\tb\tYes\n"}, "line 2: likeness must be yes or no"),
        ({"real_pairs": "names\tcounterfeit\tlikeness\n|\tb\tyes\n"}, "line 2: names holds no name"),
        ({"background_social": "name\tkind\tofficial\na\tb\t\n"}, "line 2: official must be yes or no"),
        ({"real_negatives": "genuine_a\tgenuine_b\na\t\n"}, "line 2: genuine_b is empty"),
        (
            {
                "registry": REGISTRY,
                "attacks": "target_id\ttarget\tvariant\tgenerator\ttechnique\nR9\tz\ty\tg\tswap\n",
            },
            "attacks.tsv, line 2: the registry has no row R9",
        ),
    ],
)
def test_bad_data_is_named_with_file_and_line(tmp_path: Path, files: dict[str, str], words: str) -> None:
    with pytest.raises(BenchDataError, match=words):
        read_folder(_write(tmp_path, **files))


def test_what_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "ordinary.tsv").write_bytes("name\n好\n".encode() + "好\n".encode("gb18030"))
    with pytest.raises(BenchDataError, match=r"ordinary\.tsv, line 3: not UTF-8"):
        read_folder(tmp_path)


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"name\na\n" * 99, mtime=0)[:-12], b""])
def test_a_damaged_archive_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "ordinary.tsv.gz").write_bytes(data)
    with pytest.raises(BenchDataError, match=r"ordinary\.tsv\.gz"):
        read_folder(tmp_path)


def test_a_folder_without_any_of_the_files_is_the_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(BenchDataError, match="none of the benchmark files"):
        read_folder(tmp_path)
    with pytest.raises(BenchDataError, match="none of the benchmark files"):
        read_folder(tmp_path / "nowhere")
