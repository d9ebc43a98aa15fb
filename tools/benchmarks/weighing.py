"""What article pages weigh, as files and compressed."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import brotli
from tools.benchmarks.figures import percentile

SAMPLE = 300
BUDGET_BYTES = 9_000


def every_article(site: Path) -> list[str]:
    """Addresses of all article pages of the main language, parts of long ones included."""
    files = (file for year in sorted(site.glob("20[0-9][0-9]")) for file in sorted(year.rglob("index.html")))
    folders = (file.parent.relative_to(site) for file in files)
    return [f"/{folder.as_posix()}/" for folder in folders if len(folder.parts) > 3]


def measure_weight(site: Path, paths: Sequence[str], *, most: int = SAMPLE) -> dict[str, object]:
    """The weight of a sample of article pages."""
    bodies = [(site / path.strip("/") / "index.html").read_bytes() for path in paths[:most]]
    packed = [len(brotli.compress(body, quality=11)) for body in bodies]
    return {
        "pages": len(bodies),
        "raw_bytes": _spread([len(body) for body in bodies]),
        "gzip_bytes": _spread([len(gzip.compress(body, 9, mtime=0)) for body in bodies]),
        "brotli_bytes": _spread(packed),
        "budget_bytes": BUDGET_BYTES,
        "within_budget": round(sum(size <= BUDGET_BYTES for size in packed) / len(packed), 4),
    }


def measure_tree(site: Path) -> dict[str, int]:
    """Files and bytes of a printed tree, compressed copies left aside."""
    files = [file for file in site.rglob("*") if file.suffix not in (".br", ".gz") and file.is_file()]
    return {"files": len(files), "bytes": sum(file.stat().st_size for file in files)}


def _spread(values: Sequence[int]) -> dict[str, int]:
    return {"median": int(percentile(values, 50)), "p95": int(percentile(values, 95)), "max": max(values)}
