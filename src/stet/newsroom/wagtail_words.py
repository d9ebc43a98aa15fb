"""Words of Wagtail's that an editor meets every day and that its Persian catalogue lacks, or says wrong.

They are translated in the newsroom's catalogues, which Django asks before Wagtail's. A word that Wagtail says right by
now can go.
"""

from django.utils.translation import gettext_noop

LACKING = (
    gettext_noop("Skip to main content"),
    gettext_noop("Search all pages…"),
    gettext_noop("just now"),
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"),
    gettext_noop("Help"),
    gettext_noop("Choose"),
    gettext_noop("locale"),
    gettext_noop("Usage"),
    gettext_noop("Field"),
    gettext_noop("Action"),
    gettext_noop("User"),
    gettext_noop("Created"),
    gettext_noop("Date / Time"),
    gettext_noop("Last published"),
    gettext_noop("Last published by"),
    gettext_noop("Sort by"),
    gettext_noop("Newest"),
    gettext_noop("Oldest"),
    gettext_noop("File size: (low to high)"),
    gettext_noop("File size: (high to low)"),
    gettext_noop("Usage count: (low to high)"),
    gettext_noop("Usage count: (high to low)"),
    gettext_noop("Image focal point"),
    gettext_noop("Focal point"),
    gettext_noop("To define this image's most important region, drag a box over the image above."),
    gettext_noop("Table headers"),
    gettext_noop("Select a header option"),
    gettext_noop("Display the first row as a header"),
    gettext_noop("Display the first column as a header"),
    gettext_noop("Display the first row AND first column as headers"),
    gettext_noop("No headers"),
    gettext_noop("Which cells should be displayed as headers?"),
    gettext_noop("Table caption"),
    gettext_noop("A heading that identifies the overall topic of the table, and is useful for screen reader users."),
    gettext_noop("Theme preferences"),
    gettext_noop("More contrast"),
    gettext_noop("Snug"),
    gettext_noop("Keyboard shortcuts"),
)
"""What Wagtail does not say in Persian."""

WRONG = (
    gettext_noop("Add %(label)s"),
    gettext_noop("Locale"),
    gettext_noop("Pages"),
    gettext_noop("live"),
)
"""What Wagtail says wrong in Persian."""
