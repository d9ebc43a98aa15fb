"""What `make bench-sourcing` reports rests on these."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tools.sourcing.labelled import articles, labels_of, plain, rows
from tools.sourcing.measuring import PARTS, labelled_and_found
from tools.sourcing.scoring import elements, overlap, scores

from stet.sourcing.assistant import suggest

ROOT = Path(__file__).parents[2]


def test_a_span_begins_with_b_and_goes_on_with_i_of_the_same_name():
    labels = ["B-source", "I-source", "B-cue", "I-content", "B-content", "I-content", "O", "I-cue", "B-cue"]
    assert elements(labels) == {"source": [(0, 2)], "cue": [(2, 3), (8, 9)], "content": [(4, 6)]}


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [((0, 4), (0, 4), 1), ((0, 4), (2, 6), 2 / 6), ((0, 2), (2, 4), 0), ((0, 9), (3, 6), 3 / 9)],
)
def test_overlap_is_what_both_hold_over_what_either_holds(one, other, shared):
    assert overlap(one, other) == pytest.approx(shared) == overlap(other, one)


def test_figures_are_those_of_the_definition():
    labelled = ["B-cue", "I-cue", "O", "B-cue", "O", "B-cue", "O"]  # (0, 2) right, (3, 4) half, (5, 6) missed
    found = ["B-cue", "I-cue", "O", "B-cue", "I-cue", "O", "B-cue"]  # and (6, 7) beside everything
    figures = scores([(labelled, found)])["cue"]
    assert (figures["labelled"], figures["found"]) == (3, 3)
    assert figures["exact_precision"] == figures["exact_recall"] == figures["exact_f1"] == 33.3
    assert figures["jaccard"] == 37.5  # (1 + 1/2 + 0) / (3 labelled + 1 that touches none)
    assert figures["jaccard_recall"] == figures["jaccard_precision"] == 50.0


def test_nothing_labelled_and_nothing_found_are_no_figures_of_their_own():
    assert scores([(["O"], ["O"])])["source"]["exact_f1"] == 0


def test_both_layouts_are_read_alike(tmp_path):
    lines, objects = tmp_path / "lines.txt", tmp_path / "objects.txt"
    lines.write_text("Reed\tB-source\nsaid\tB-cue\n.\tO\n\nRain\tO\n\n\nSnow O\n", encoding="utf-8")
    objects.write_text(
        "\n".join(
            json.dumps({"tokens": tokens, "labels": labels, "id": article})
            for tokens, labels, article in (
                (["Reed", "said", "."], ["B-source", "B-cue", "O"], "0"),
                (["Rain"], ["O"], "0"),
                (["Snow"], ["O"], "1"),
            )
        ),
        encoding="utf-8",
    )  # fmt: skip
    assert rows(lines) == rows(objects)
    assert [len(article) for article in articles(rows(lines))] == [2, 1]


@pytest.mark.parametrize("path", sorted(PARTS.glob("??-*.txt")), ids=lambda path: path.name)
def test_text_made_of_tokens_holds_each_of_them_in_its_place(path):
    for row in rows(path):
        text, spans = plain(row)
        printed = [text[span.start : span.end] for span in spans]
        assert printed == [token.replace("'", "’") if token == "'" else token for token in row.tokens]
        assert " ," not in text


def test_marks_of_treebanks_become_those_of_a_paper(tmp_path):
    path = tmp_path / "row.txt"
    tokens = ["``", "We", "wo", "n't", ",", "''", "Reed", "(", "R-Halt", ")", "said", "."]
    path.write_text("\n".join(f"{token}\tO" for token in tokens), encoding="utf-8")
    assert plain(rows(path)[0])[0] == '"We won\'t," Reed (R-Halt) said.'


def test_labels_of_a_suggestion_follow_the_conventions(tmp_path):
    path = tmp_path / "row.txt"
    tokens = ["The", "port", ",", "Quist", ",", "the", "mayor", ",", "said", ",", "is", "shut", "."]
    path.write_text("\n".join(f"{token}\tO" for token in tokens), encoding="utf-8")
    [row] = rows(path)
    text, spans = plain(row)
    labels = labels_of(list(suggest(text, language="en")), spans, row.tokens)
    assert elements(labels) == {"content": [(0, 2), (10, 12)], "source": [(3, 8)], "cue": [(8, 9)]}


def test_the_shipped_set_is_large_and_in_two_languages():
    counts = {path.name: len(rows(path)) for path in PARTS.glob("??-*.txt")}
    assert sum(counts.values()) >= 300
    assert counts.keys() == {"en-open.txt", "en-held.txt", "ru-open.txt", "ru-held.txt"}


@pytest.mark.parametrize("path", sorted(PARTS.glob("??-*.txt")), ids=lambda path: path.name)
def test_on_the_shipped_set_most_is_found_exactly(path):
    figures = scores(labelled_and_found(rows(path), language=path.name[:2], attitudes=True))
    assert {name: found["exact_f1"] > 80 for name, found in figures.items()} == dict.fromkeys(figures, True)


def test_the_chains_of_the_shipped_set_are_found_whole():
    for line in (PARTS / "chains.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text = case["text"]
        found = [
            {
                "content": text[one.content.start : one.content.end],
                "links": [[link.verb, link.source and text[link.source.start : link.source.end]] for link in one.links],
                "act": one.speech_act, "modality": one.modality,
            }
            for one in suggest(text, language=case["language"])
        ]  # fmt: skip
        assert [claim for claim in case["claims"] if claim not in found] == [], text
        assert bool(found) == bool(case["claims"]), text


def test_the_command_prints_one_json_object(tmp_path):
    path = tmp_path / "labelled.txt"
    path.write_text("Reed\tB-source\nsaid\tB-cue\nit\tB-content\nrained\tI-content\n.\tO\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "bench_sourcing.py", path], check=True, capture_output=True, text=True
    )
    [measured] = json.loads(done.stdout)["sourcing"]
    assert [measured[name]["exact_f1"] for name in ("source", "cue", "content")] == [100, 100, 100]
    assert measured["time"].keys() == {"best_ms_per_900_words", "median_ms_per_900_words", "load"}
