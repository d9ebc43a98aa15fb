"""Files are found by the end of the address they once had, and never outside their folder."""

from pathlib import Path

import pytest

from stet.intake.errors import ArchiveError
from stet.intake.media_folder import MediaFolder
from tests.intake.builders import written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("2024/03/ferry.jpg", "2023/01/ferry.jpg", "2024/03/Quay-Über.JPG", "gate-scaled.jpg"):
        written(tmp_path / "uploads", b"x", name)
    return tmp_path / "uploads"


ADDRESSES = {
    "the whole tail agrees": ("https://old.example.org/wp-content/uploads/2023/01/ferry.jpg", "2023/01/ferry.jpg"),
    "another tail": ("https://old.example.org/wp-content/uploads/2024/03/ferry.jpg", "2024/03/ferry.jpg"),
    "a smaller copy": ("https://old.example.org/uploads/2024/03/ferry-300x200.jpg", "2024/03/ferry.jpg"),
    "a query": ("https://old.example.org/2023/01/ferry.jpg?w=604", "2023/01/ferry.jpg"),
    "escaped letters and other capitals": ("/uploads/2024/03/quay-%C3%BCber.jpg", "2024/03/Quay-Über.JPG"),
    "a name that has no original": ("https://old.example.org/gate-scaled.jpg", "gate-scaled.jpg"),
    "a file that is not there": ("https://old.example.org/lost.jpg", None),
    "an address without a file": ("https://old.example.org/", None),
    "nothing": ("", None),
    "a way out of the folder": ("https://old.example.org/../../secret.txt", None),
}


@pytest.mark.parametrize("sentence", ADDRESSES)
def test_a_file_is_found_by_its_address(sentence: str, folder: Path) -> None:
    written(folder.parent, b"secret", "secret.txt")
    address, expected = ADDRESSES[sentence]
    media = MediaFolder(folder)
    found = media.find(address)
    assert (media.name(found) if found else None) == expected


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    secret = written(folder.parent, b"secret", "secret.jpg")
    (folder / "link.jpg").symlink_to(secret)
    assert MediaFolder(folder).find("https://old.example.org/link.jpg") is None


def test_without_a_folder_nothing_is_found() -> None:
    assert MediaFolder(None).find("https://old.example.org/ferry.jpg") is None


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is no folder"):
        MediaFolder(tmp_path / "none")
