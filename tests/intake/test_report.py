"""A loss report adds up, or says that it does not."""

import msgspec
import pytest

from stet.intake.errors import ReportError
from stet.intake.records import Loss
from stet.intake.report import LossReport, Outcome


def a_report() -> LossReport:
    report = LossReport("export.xml")
    report.read("post", 2)
    report.settle("post", "1", "First", Outcome.TAKEN)
    report.settle("post", "2", "Second", Outcome.CHANGED, (Loss(reason="shortcode removed", detail="[poll]"),))
    report.leave_out("comment", "3", "Well said", "readers' comments are not taken")
    return report


def test_what_was_read_is_what_was_taken_changed_and_left_out() -> None:
    report = a_report().check()
    for kind in report.kinds:
        assert report.count(kind) == sum(report.count(kind, outcome) for outcome in Outcome)
    assert (report.count("post"), report.count("post", Outcome.CHANGED), report.count("comment", Outcome.LEFT_OUT)) == (
        2,
        1,
        1,
    )


def test_something_read_and_not_settled_is_broken() -> None:
    report = a_report()
    report.read("page")
    with pytest.raises(ReportError, match=r"page: 1 read, 0 accounted for"):
        report.check()


def test_something_settled_and_not_read_is_broken() -> None:
    report = a_report()
    report.settle("page", "4", "Third", Outcome.TAKEN)
    with pytest.raises(ReportError, match=r"page: 0 read, 1 accounted for"):
        report.check()


def test_a_loss_without_a_reason_is_broken() -> None:
    report = LossReport("export.xml")
    report.read("post")
    report.settle("post", "1", "First", Outcome.LEFT_OUT)
    with pytest.raises(ReportError, match="no reason for post 1"):
        report.check()


def test_the_printed_report_counts_and_says_why() -> None:
    text = a_report().as_text(width=100)
    for words in ("export.xml", "post", "left out", "shortcode removed", "[poll]", "readers' comments are not taken"):
        assert words in text


def test_many_examples_are_cut_and_counted() -> None:
    report = LossReport("export.xml")
    for number in range(9):
        report.leave_out("comment", str(number), f"Number {number}", "not taken")
    assert "and 6 more" in report.as_text(width=200)


def test_names_are_no_markup_of_the_terminal() -> None:
    report = LossReport("[bold]x[/bold].xml")
    report.leave_out("[red]post[/red]", "1", "[blink]First[/blink]", "[b]reason[/b]")
    text = report.as_text(width=200)
    assert "[blink]First[/blink]" in text
    assert "[b]reason[/b]" in text
    assert "[red]post[/red]" in text


def test_the_report_for_machines_holds_every_row() -> None:
    values = msgspec.json.decode(msgspec.json.encode(a_report().as_json()))
    assert values["kinds"]["post"] == {"read": 2, "taken": 1, "changed": 1, "already here": 0, "left out": 0}
    assert values["rows"][1]["losses"] == [{"reason": "shortcode removed", "detail": "[poll]"}]
