"""What happens to a story's revision before it goes live, whatever button, workflow, schedule or program asks for it.

Most ways lead through `ArticlePage.publish`; the forms of the desk publish past it and say so by a hook beforehand.
What is done here twice is done once.
"""

from typing import Any

from django.utils import timezone

from stet.kit.clock import SystemClock
from stet.newsroom.embargo.rules import hold, moment_in
from stet.newsroom.killing.returning import tell_of_return


def make_ready(article: Any, revision: Any, *, user: Any) -> None:
    """Raise EmbargoedError, or let the revision go: without the embargo that is over, and with a word if it was killed.

    One that is only scheduled is left as it is: it comes by here again at its hour.
    """
    now = SystemClock().now()
    hold(article, revision, now=now)
    goes_live = moment_in(revision, "go_live_at")
    if goes_live is not None and goes_live > now:
        return
    if revision.content.get("embargoed_until"):
        revision.content = {**revision.content, "embargoed_until": None}
        revision.save(update_fields=["content"])
    tell_of_return(article, revision, user=user, today=timezone.localdate())
