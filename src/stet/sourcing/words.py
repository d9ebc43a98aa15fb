"""What the stored words of `stet.sourcing.terms` are called at the desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stet.sourcing import terms
from stet.sourcing.story import Kind, Severity

SOURCE_KINDS = [
    (terms.SourceKind.PERSON, _("Person")),
    (terms.SourceKind.BODY, _("Body: ministry, company, organisation")),
    (terms.SourceKind.OUTLET, _("Outlet: agency, paper, channel")),
    (terms.SourceKind.DOCUMENT, _("Document")),
    (terms.SourceKind.DATASET, _("Dataset")),
    (terms.SourceKind.OWN, _("Our own reporting")),
    (terms.SourceKind.UNNAMED, _("Unnamed: only a description is kept")),
]
SPEECH_ACTS = [
    (terms.SpeechAct.ASSERTS, _("asserts")),
    (terms.SpeechAct.DENIES, _("denies")),
    (terms.SpeechAct.PREDICTS, _("predicts")),
    (terms.SpeechAct.DECLINES, _("declines to say")),
    (terms.SpeechAct.SEES_NO_SIGNS, _("sees no signs of it")),
]
MODALITIES = [
    (terms.Modality.FLAT, _("flat, without a hedge")),
    (terms.Modality.REPORTEDLY, _("reportedly")),
    (terms.Modality.PURPORTEDLY, _("purportedly")),
]
VERBS = [
    (terms.Verb.SAID, pgettext_lazy("who handed it on", "said")),
    (terms.Verb.TOLD, pgettext_lazy("who handed it on", "told")),
    (terms.Verb.CITED, pgettext_lazy("who handed it on", "was cited")),
    (terms.Verb.PUBLISHED, pgettext_lazy("who handed it on", "published")),
    (terms.Verb.SIGNED, pgettext_lazy("who handed it on", "signed")),
    (terms.Verb.LEAKED, pgettext_lazy("who handed it on", "leaked")),
    (terms.Verb.CONFIRMED, pgettext_lazy("who handed it on", "confirmed")),
    (terms.Verb.DENIED, pgettext_lazy("who handed it on", "denied")),
    (terms.Verb.PREDICTED, pgettext_lazy("who handed it on", "predicted")),
    (terms.Verb.DECLINED, pgettext_lazy("who handed it on", "declined")),
    (terms.Verb.OTHER, pgettext_lazy("who handed it on", "other")),
]
ADDRESSEES = [
    (terms.Addressee.PUBLIC, _("the public")),
    (terms.Addressee.US, _("us")),
    (terms.Addressee.OUTLET, _("another outlet")),
    (terms.Addressee.UNKNOWN, _("not known")),
]
VALUE_KINDS = [
    (terms.ValueKind.NONE, _("no value")),
    (terms.ValueKind.NUMBER, _("a number")),
    (terms.ValueKind.DATE, _("a date")),
    (terms.ValueKind.YES_NO, _("yes or no")),
    (terms.ValueKind.TEXT, _("words")),
]
STATUSES = [
    (terms.Status.REPORTED, pgettext_lazy("of a claim", "reported")),
    (terms.Status.PURPORTED, pgettext_lazy("of a claim", "purported")),
    (terms.Status.CORROBORATED, pgettext_lazy("of a claim", "corroborated")),
    (terms.Status.CONFIRMED, pgettext_lazy("of a claim", "officially confirmed")),
    (terms.Status.DISPUTED, pgettext_lazy("of a claim", "disputed")),
    (terms.Status.DENIED, pgettext_lazy("of a claim", "denied by a party")),
    (terms.Status.CORRECTED, pgettext_lazy("of a claim", "corrected")),
    (terms.Status.WITHDRAWN, pgettext_lazy("of a claim", "withdrawn")),
    (terms.Status.SUPERSEDED, pgettext_lazy("of a claim", "superseded")),
]
RELATIONS = [
    (terms.Relation.REPEATS, _("repeats")),
    (terms.Relation.CORROBORATES, _("corroborates")),
    (terms.Relation.CONTRADICTS, _("contradicts")),
    (terms.Relation.NARROWS, _("narrows")),
    (terms.Relation.UPDATES, _("updates")),
    (terms.Relation.ANSWERS, _("answers")),
]
VISIBILITIES = [
    (terms.Visibility.PUBLIC, _("everybody: it is printed")),
    (terms.Visibility.STAFF, _("the newsroom")),
    (terms.Visibility.SEALED, _("sealed: only whoever holds the key")),
]
AUTHENTICITIES = [
    (terms.Authenticity.SEEN, _("seen")),
    (terms.Authenticity.PURPORTED, _("purported")),
    (terms.Authenticity.VERIFIED, _("verified")),
]
VERDICTS = [
    (terms.Verdict.NONE, _("none")),
    (terms.Verdict.ACCURATE, pgettext_lazy("verdict", "accurate")),
    (terms.Verdict.PARTLY, pgettext_lazy("verdict", "partly accurate")),
    (terms.Verdict.MISLEADING, pgettext_lazy("verdict", "misleading")),
    (terms.Verdict.FALSE, pgettext_lazy("verdict", "false")),
    (terms.Verdict.UNPROVEN, pgettext_lazy("verdict", "unproven")),
]
GAPS = [
    (Kind.UNMARKED, _("attribution without a claim")),
    (Kind.CHANGED, _("words changed below a mark")),
    (Kind.GONE, _("marked words gone")),
    (Kind.UNCONFIRMED, _("called confirmed without grounds")),
    (Kind.CIRCULAR, _("circular chain")),
    (Kind.DANGLING, _("claim that is not there")),
    (Kind.UNHEDGED, _("hedge left out")),
    (Kind.OUTDATED, _("still stands, though it does not hold")),
    (Kind.ELSEWHERE, _("still stands in another story")),
]
SEVERITIES = [
    (Severity.BROKEN, pgettext_lazy("gap in sourcing", "broken")),
    (Severity.LOOK, pgettext_lazy("gap in sourcing", "to look at")),
]
