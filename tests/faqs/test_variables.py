from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from saas_admin.accounts.hours import Hours
from saas_admin.core.work import Work
from saas_admin.faqs import variables
from saas_admin.models import Company, Customer
from tests.shop import Shop

MADRID = ZoneInfo("Europe/Madrid")
WEEK = Hours(
    MADRID,
    {**{day: [(570, 840), (990, 1200)] for day in range(5)}, 5: [(600, 840)]},
    frozenset({date(2026, 12, 25)}),
)
ALWAYS = Hours(MADRID)


@pytest.mark.parametrize(
    ("answer", "name", "said"),
    [
        ("Hola, {name}. Abrimos hoy.", "Marta", "Hola, Marta. Abrimos hoy."),
        ("Hola, {name}. Abrimos hoy.", "", "Hola. Abrimos hoy."),
        ("Hola {name}: dinos.", "", "Hola: dinos."),
        ("¿Qué tal, {name}?", "", "¿Qué tal?"),
        ("{name}, te lo enviamos hoy.", "Marta", "Marta, te lo enviamos hoy."),
        ("{name}, te lo enviamos hoy.", "", "Te lo enviamos hoy."),
        ("Gracias.\n{name}, hasta pronto.", "", "Gracias.\nHasta pronto."),
        ("Gracias, {name}", "", "Gracias"),
        ("{name}", "", ""),
        ("{ name }: sí", "Marta", "Marta: sí"),
        ("{{name}} y {{", "Marta", "{name} y {"),
        ("100 % {algo} suelto }", "Marta", "100 % suelto }"),
    ],
)
def test_a_missing_value_takes_along_what_led_to_it(answer: str, name: str, said: str):
    assert variables.fill(answer, {"name": name}) == said


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Marta Soler", "Marta"),
        ("marta", "Marta"),
        ("MARTA SOLER", "Marta"),
        ("José María", "José"),
        ("McKenzie Ltd", "McKenzie"),
        ("+34 611 204 873", ""),
        ("@tienda", ""),
        ("🌸🌸", ""),
        ("", ""),
        ("   ", ""),
        ("{shop}", ""),
    ],
)
def test_a_first_name_is_a_name_or_nothing(name: str, first: str):
    assert variables.first_name(name) == first


def test_the_week_is_said_in_runs_of_days():
    assert variables.week(WEEK, "es") == (
        "de lunes a viernes, de 9:30 a 14:00 y de 16:30 a 20:00; sábado, de 10:00 a 14:00; domingo, cerrado"
    )
    assert variables.week(WEEK, "en") == (
        "Monday to Friday, 9:30 AM to 2:00 PM and 4:30 PM to 8:00 PM; Saturday, 10:00 AM to 2:00 PM; Sunday, closed"
    )
    assert variables.week(WEEK, "pt").startswith(
        "de segunda-feira a sexta-feira, das 09:30 às 14:00 e das 16:30 às 20:00;"
    )
    assert variables.week(ALWAYS, "es") == "todos los días, a cualquier hora"


def test_two_days_alike_are_named_both():
    weekdays = Hours(MADRID, {day: [(600, 840)] for day in range(5)})
    assert variables.week(weekdays, "es") == "de lunes a viernes, de 10:00 a 14:00; sábado y domingo, cerrado"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Hoy: {hours_today}.", "Hoy: de 9:00 a. m. a 6:00 p. m."),
        ("Hoy: {hours_today}…", "Hoy: de 9:00 a. m. a 6:00 p. m.…"),
        ("Hoy: {hours_today}... o no", "Hoy: de 9:00 a. m. a 6:00 p. m.... o no"),
        ("Hoy {hours_today}, mañana no.", "Hoy de 9:00 a. m. a 6:00 p. m., mañana no."),
        ("{shop}.", "Café Alborada."),
    ],
)
def test_a_clock_that_ends_in_a_stop_ends_the_sentence(answer: str, said: str):
    assert variables.fill(answer, {"hours_today": "de 9:00 a. m. a 6:00 p. m.", "shop": "Café Alborada"}) == said


@pytest.mark.parametrize(
    ("at", "today", "opening"),
    [
        (datetime(2026, 11, 26, 9, tzinfo=UTC), "de 9:30 a 14:00 y de 16:30 a 20:00", "ahora mismo"),
        (datetime(2026, 11, 26, 14, tzinfo=UTC), "de 9:30 a 14:00 y de 16:30 a 20:00", "hoy a las 16:30"),
        (datetime(2026, 11, 26, 22, 59, tzinfo=UTC), "de 9:30 a 14:00 y de 16:30 a 20:00", "mañana a las 9:30"),
        (datetime(2026, 11, 28, 15, tzinfo=UTC), "de 10:00 a 14:00", "el lunes a las 9:30"),
        (datetime(2026, 11, 29, 15, tzinfo=UTC), "cerrado", "mañana a las 9:30"),
        (datetime(2026, 12, 25, 9, tzinfo=UTC), "cerrado", "mañana a las 10:00"),
    ],
)
def test_today_and_the_next_opening_are_the_shops(at: datetime, today: str, opening: str):
    assert (variables.today(WEEK, at, "es"), variables.opening(WEEK, at, "es")) == (today, opening)


def test_midnight_has_a_name_of_its_own():
    assert (
        variables.today(Hours(MADRID, {3: [(1320, 1440)]}), datetime(2026, 11, 26, 9, tzinfo=UTC), "es")
        == "de 22:00 a 24:00"
    )
    assert variables.today(ALWAYS, datetime(2026, 11, 26, 9, tzinfo=UTC), "es") == "todo el día"


def test_a_shop_that_never_opens_promises_nothing():
    holidays = frozenset(date(2026, 1, 1).fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(900))
    assert variables.opening(Hours(MADRID, {}, holidays), datetime(2026, 11, 26, 9, tzinfo=UTC), "es") == ""


def test_only_what_the_shop_knows_may_be_named():
    assert variables.unknown_in("{shop} {precio} {{stock}} {name} {precio} {iva}") == ["precio", "iva"]


def test_an_answer_is_rendered_with_the_companys_own_data(shop: Shop):
    with Work(shop.system) as work:
        work.get(Company, shop.company_id).hours = {"sun": [["10:00", "12:00"]]}
        customer = Customer(name="Marta Soler")
        said = variables.render(work, "{name}, en {shop}: {hours}.", customer)
        unknown = variables.render(work, "{name}, en {shop} hoy.", None)
    assert said == "Marta, en Café Alborada: de lunes a sábado, cerrado; domingo, de 10:00 a 12:00."
    assert unknown == "En Café Alborada hoy."
