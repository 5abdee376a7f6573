"""The three customers one can be on the phone page, spelled as WhatsApp does: Mexico with 521, Argentina with 549."""

from saas_admin.sandbox.world import Person, World

FEATURED = (
    Person("5213318472290", "Ximena Robles", "Guadalajara", is_featured=True),
    Person("34622718340", "Marta Soler", "Valencia", is_featured=True),
    Person("5493415872016", "Martín Ledesma", "Rosario", is_featured=True),
)


def ensure_featured(world: World) -> None:
    for person in FEATURED:
        world.people.setdefault(person.wa_id, Person(person.wa_id, person.name, person.place, is_featured=True))
