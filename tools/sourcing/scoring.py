"""The measure of CofeNet (COLING 2022): exact spans, and overlap of spans by Jaccard, for source, cue and content.

Exact: precision, recall and F1 over all rows together; a span counts where its first and last token are both right.
Jaccard, as CofeNet prints it: the mean over all labelled spans of the best overlap with a found one, and a 0 for each
found span that touches no labelled one. Beside it, which CofeNet does not print: precision (the mean over found spans
of their best overlap), recall (the mean over labelled spans) and their F1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ELEMENTS = ("source", "cue", "content")
Tokens = tuple[int, int]


def elements(labels: Sequence[str]) -> dict[str, list[Tokens]]:
    """The spans that labels name; an I that continues nothing names none.

    >>> elements(["B-cue", "I-cue", "O", "I-source"])["cue"]
    [(0, 2)]
    """
    found: dict[str, list[Tokens]] = {name: [] for name in ELEMENTS}
    name, first = "", 0
    for i, label in enumerate((*labels, "O")):
        if name and label == f"I-{name}":
            continue
        if name:
            found[name].append((first, i))
        name, first = (label[2:], i) if label.startswith("B-") else ("", 0)
    return found


def overlap(one: Tokens, other: Tokens) -> float:
    """The tokens of both, over the tokens from the first of either to the last."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


@dataclass(slots=True)
class Score:
    """Counts of one element over all rows."""

    labelled: int = 0
    found: int = 0
    right: int = 0
    overlaps_of_labelled: list[float] = field(default_factory=list)
    overlaps_of_found: list[float] = field(default_factory=list)

    def add(self, labelled: Sequence[Tokens], found: Sequence[Tokens]) -> None:
        """Count one row."""
        self.labelled += len(labelled)
        self.found += len(found)
        self.right += sum(span in found for span in labelled)
        self.overlaps_of_labelled += [max((overlap(one, other) for other in found), default=0) for one in labelled]
        self.overlaps_of_found += [max((overlap(one, other) for other in labelled), default=0) for one in found]

    def figures(self) -> dict[str, float]:
        """In percent, but for the counts."""
        precision, recall = ratio(self.right, self.found), ratio(self.right, self.labelled)
        near, far = mean(self.overlaps_of_found), mean(self.overlaps_of_labelled)
        missed = sum(one == 0 for one in self.overlaps_of_found)
        return {
            "labelled": self.labelled, "found": self.found,
            "exact_precision": percent(precision), "exact_recall": percent(recall),
            "exact_f1": percent(f1(precision, recall)),
            "jaccard": percent(ratio(sum(self.overlaps_of_labelled), self.labelled + missed)),
            "jaccard_precision": percent(near), "jaccard_recall": percent(far), "jaccard_f1": percent(f1(near, far)),
        }  # fmt: skip


def scores(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, dict[str, float]]:
    """Figures for each element; a pair is the labels of a row, and those found."""
    counts = {name: Score() for name in ELEMENTS}
    for labelled, found in pairs:
        wanted, got = elements(labelled), elements(found)
        for name in ELEMENTS:
            counts[name].add(wanted[name], got[name])
    return {name: counts[name].figures() for name in ELEMENTS}


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def mean(numbers: Sequence[float]) -> float:
    return ratio(sum(numbers), len(numbers))


def f1(precision: float, recall: float) -> float:
    return ratio(2 * precision * recall, precision + recall)


def percent(share: float) -> float:
    return round(100 * share, 1)
