"""Old addresses of an archive lead to the pages that were made of it."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from stet.intake import records
from stet.intake.placing_run import Run
from stet.intake.report import Outcome

_KIND = "old address"
_LONGEST_PATH = 255


def place_redirect(run: Run, record: records.Redirect) -> None:
    """Let an old address lead on; where the page has it still, there is nothing to do."""
    run.report.read(_KIND)
    path = Redirect.normalise_path(record.old_path)
    target = run.pages.get(record.target)
    if target is None:
        run.leave_out(_KIND, record, path, "what it led to was not taken", path[:80])
        return
    if len(path) > _LONGEST_PATH:
        run.leave_out(_KIND, record, path, f"longer than {_LONGEST_PATH} characters", path[:80])
        return
    page = Page.objects.get(pk=target)
    if path == Redirect.normalise_path(page.specific.printed_path() or ""):
        is_new = record.target not in run.already
    else:
        is_new = Redirect.objects.get_or_create(old_path=path, site=None, defaults={"redirect_page": page})[1]
    run.settle(_KIND, record, path, Outcome.TAKEN if is_new else Outcome.ALREADY)
