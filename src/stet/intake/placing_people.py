"""People of an archive become the newsroom's. One whom the desk has under the same address is joined."""

from wagtail.models import ReferenceIndex

from stet.intake import records, streams
from stet.intake.names import Names
from stet.intake.placing_run import Run
from stet.newsroom.models import Person


def place_person(run: Run, record: records.Person) -> None:
    """Place a person in one language."""
    kind = run.kind("person")
    is_due, row = run.judge(kind, record, record.name, Person, keys=run.people)
    if not is_due:
        return
    locale = run.locales[record.language]
    if row is None and (known := Person.objects.filter(locale=locale, slug=record.slug).first()):
        run.join(kind, record, record.name, known, keys=run.people)
        return
    names = run.names(record.language)
    person = row or Person(locale=locale, translation_key=run.translation_key("person", record.key))
    _fill(person, record, names)
    person.full_clean()
    person.save()
    ReferenceIndex.create_or_update_for_object(person)
    run.people[record.source_id] = person.pk
    run.take(kind, record, record.name, person, names.losses)


def _fill(person: Person, record: records.Person, names: Names) -> None:
    person.slug = record.slug
    person.kind = record.kind
    person.name = names.fit(record.name, 200, "a name")
    person.role = names.fit(record.role, 200, "a role")
    person.contact = names.fit(record.contact, 200, "a contact")
    person.bio = streams.rich_text(record.bio, names)
    person.photo_id = names.file(record.photo) if record.photo else None
