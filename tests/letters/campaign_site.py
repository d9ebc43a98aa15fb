"""A Django project with wagtail-newsletter among its apps: its settings, and what an editor does there.

wagtail-newsletter defines models, so it can't be imported where it is not an app. Run by `test_campaigns.py` in a
process of its own, with a database that has all tables but the package's; it prints what came of each step as JSON.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

if __name__ != "__main__":
    from stet.project.test_settings import *  # noqa: F403

    INSTALLED_APPS = [*INSTALLED_APPS, "wagtail_newsletter"]  # noqa: F405
    WAGTAIL_NEWSLETTER_CAMPAIGN_BACKEND = "stet.letters.campaigns.StetCampaignBackend"
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}}

HTML = """<html><head><style>p{color:red}</style><title>no</title></head><body><table><tr><td>
<h1>The dam</h1><p>It <strong>rose</strong>. <a href="https://example.org/" onclick="x()">Read</a></p>
<a href="https://example.org/box"><div>A box</div></a><img src="https://tracker.example.org/p.gif"><ul><li>One</li></ul><script>alert(1)</script>
</td></tr></table></body></html>"""
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def steps() -> dict[str, Any]:
    """A campaign from its first save to its end."""
    from django.core import mail
    from wagtail_newsletter.campaign_backends import CampaignBackendError, get_backend
    from wagtail_newsletter.models import NewsletterRecipients

    from stet.kit.clock import FixedClock
    from stet.letters import proofs
    from stet.letters.campaigns import StetCampaignBackend
    from stet.letters.models import LetterPage
    from tests.letters.builders import a_list
    from tests.press.builders import a_paper

    proofs.MAIL = "tests.letters.simulated_press.preview_mail"
    paper = a_paper()
    week = a_list(paper, "The Week")
    other = a_list(paper, "Daily")
    clock = FixedClock(NOW)
    backend = StetCampaignBackend(clock)
    said: dict[str, Any] = {"backend": type(get_backend()).__name__}
    said["audiences"] = [(one.id, one.name) for one in backend.get_audiences()]
    said["segments"] = backend.get_audience_segments("en.the-week")

    def refused(act: Any, *arguments: Any, **values: Any) -> str:
        try:
            act(*arguments, **values)
        except CampaignBackendError as error:
            return str(error.message)
        return "not refused"

    to = NewsletterRecipients(name="Week", audience=week.key)
    letter = {"html": HTML, "from_name": "x", "reply_to": "x@example.org"}
    said["without recipients"] = refused(backend.save_campaign, recipients=None, subject="A", **letter)
    said["a header"] = refused(backend.save_campaign, recipients=to, subject="A\nBcc: b@example.org", **letter)
    said["letters after refusals"] = LetterPage.objects.count()
    number = backend.save_campaign(recipients=to, subject="A flood", **letter)
    again = backend.save_campaign(campaign_id=number, recipients=to, subject="A flood again", **letter)
    campaign = backend.get_campaign(number)
    assert campaign is not None
    said["saved twice"] = (again == number, LetterPage.objects.count(), campaign.letter.title, campaign.status)
    said["blocks"] = [(block["type"], block["value"]) for block in campaign.letter.body.get_prep_value()]
    backend.send_test_email(campaign_id=number, email="lida@example.com")
    said["test"] = [message.to for message in mail.outbox]
    said["bad test"] = refused(backend.send_test_email, campaign_id=number, email="lida")
    said["a past moment"] = refused(backend.schedule_campaign, number, NOW - timedelta(hours=1))
    said["seconds"] = refused(backend.validate_schedule_time, NOW + timedelta(seconds=1))
    backend.schedule_campaign(number, NOW + timedelta(hours=5))
    campaign = backend.get_campaign(number)
    assert campaign is not None
    said["scheduled"] = (campaign.is_scheduled, campaign.is_sent, str(campaign.letter.due), campaign.letter.is_local)
    said["changed while scheduled"] = refused(
        backend.save_campaign, campaign_id=number, recipients=to, subject="B", **letter
    )
    backend.unschedule_campaign(number)
    said["unscheduled"] = LetterPage.objects.get().live
    said["moved"] = backend.save_campaign(
        campaign_id=number, recipients=NewsletterRecipients(name="Daily", audience=other.key), subject="B", **letter
    )
    said["moved to"] = [page.list_page.key for page in LetterPage.objects.all()]
    backend.send_campaign(said.pop("moved"))
    clock.advance(timedelta(minutes=5))
    sent = backend.get_campaign(str(LetterPage.objects.get().letter_id))
    assert sent is not None
    said["sent"] = (sent.is_sent, sent.is_scheduled, sent.get_report())
    said["too late"] = refused(backend.unschedule_campaign, str(sent.letter.letter_id))
    said["nobody's"] = [backend.get_campaign(word) for word in ("", "x", str(paper.about.translation_key))]
    said["deleted"] = refused(backend.send_campaign, "x")
    return said


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.letters.campaign_site"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps(steps()))
