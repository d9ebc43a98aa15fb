"""A paper, a place its mirror stands in, and places that misbehave on purpose."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stet.edition.verify import Report, verify_folder
from stet.mirrors.base import no_step
from stet.mirrors.places.folder import FolderPlace
from stet.mirrors.sync import Outcome, Sync
from tests.edition.builders import Paper


@dataclass
class Mirror:
    """A mirror of a paper in a folder."""

    paper: Paper
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def sync(self, **options: Any) -> Outcome:
        return Sync(
            site=self.paper.site, place=FolderPlace(self.site), folder=self.folder / "state",
            **{"on_step": no_step, **self.options, **options},
        ).run()  # fmt: skip

    def verify(self) -> Report:
        return verify_folder(self.site, root=self.paper.key, now=self.paper.now)

    def texts(self) -> dict[str, str]:
        proof = self.site / ".well-known"
        files = (file for file in self.site.rglob("*") if file.is_file() and proof not in file.parents)
        return {"/" + file.relative_to(self.site).as_posix(): file.read_text() for file in files}
