"""FAQs in a real browser: written, published, found, repeated, imported, brought back from an earlier version and from the bin."""

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from saas_admin.core.engines import Layout, Postgres
from saas_admin.core.engines.postgres import SUPERUSER
from tests.instance import Running
from tests.ui.conftest import PASSWORD, Shop, Visit
from tests.ui.looking import does_not_scroll_sideways, flaws, shoot

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

SHEET = """pregunta;pregunta 2;respuesta;categoría
¿Hacéis envíos?;mandais a casa;Sí, a toda España.;Envíos
¿Tenéis novela negra?;algo de detectives;Sí, una pared entera.;Libros
;;Sin pregunta;Libros
¿Hacéis descuento?;;Cuesta {precio}.;Libros
"""

# A FAQ, and two questions of customers that nobody had an answer for.
FURNISH = """
import sys
from pathlib import Path
from uuid import UUID, uuid4
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.channels import service as channels
from saas_admin.conversations import receive
from saas_admin.core.actor import Actor
from saas_admin.core.clock import now
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content, Phrase
from saas_admin.models import BotAnswer, Channel
from saas_admin.models.bot import Review, Route
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    said = channels.check("webchat", "Chat web", {"title": "Chat web"}, ask_provider=False)
    channel = channels.create(work, said)
    content = Content((Phrase("¿Hacéis envíos?"),), "Sí, a toda España.", "es")
    Path(sys.argv[2]).write_text(faqs.create(work, content, is_published=True).id)
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    channel_id = UUID(str(getattr(channel, "id", channel)))
    for question in ("teneis aparcamiento??", "¿Envolvéis para regalo? (50 % más, ¿no?)"):
        asked = InboundMessage(uuid4().hex, Sender(uuid4().hex, name="Iker"), now(), MessageKind.TEXT, question)
        thread = receive.receive(work, work.get(Channel, channel_id), asked).conversation_id
        receipt = {"question": question, "folded": fold(question), "route": Route.PERSON, "review": Review.OPEN}
        work.add(BotAnswer(conversation_id=thread, channel_id=channel_id, **receipt))
"""

# What a network does: it drops the socket, or keeps what is sent to itself for a while.
NETWORK = """
const Real = window.WebSocket;
window.sockets = []; window.held = []; window.holds = false;
window.WebSocket = class extends Real {
  constructor(...how) {
    super(...how);
    window.sockets.push(this);
    this.heard = "";
    this.addEventListener("message", (event) => { this.heard += event.data; });
  }
  send(data) { if (window.holds) window.held.push(() => super.send(data)); else super.send(data); }
};
window.letGo = () => { window.holds = false; window.held.splice(0).forEach((go) => go()); };
"""


def ready(page: Page) -> None:
    expect(page.locator("h1:not(.sr)").locator("visible=true")).to_be_visible()


def test_faqs_are_written_found_imported_and_brought_back(agent: Visit, tmp_path: Path) -> None:
    page = agent.page
    page.goto("/bots/faqs")
    expect(page.get_by_text("Aún no hay preguntas")).to_be_visible()
    shoot(page, "empty")
    write_the_first(page)
    find_it(page)
    be_warned(page)
    come_back_to_a_version(page)
    import_a_sheet(page, tmp_path)
    choose_several(page)
    delete_and_bring_back(page)
    look_on_a_phone(page)


def write_the_first(page: Page) -> None:
    """Three ways of asking, two of them pasted at once; a mistake is marked where it is, nothing is lost on the way."""
    page.get_by_role("link", name="Escribir la primera").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Nueva pregunta")
    page.get_by_label("La pregunta", exact=True).fill("¿Hacéis envíos?")
    page.get_by_label("La pregunta", exact=True).press("Enter")
    expect(page.get_by_label("Forma 2 de preguntarlo")).to_be_focused()
    page.keyboard.insert_text("enviais a casa")
    page.get_by_label("Forma 2 de preguntarlo").press("Enter")
    page.keyboard.insert_text("HACEIS envios!!")
    expect(page.get_by_role("alert")).to_have_text("Esta forma ya está más arriba.")
    page.get_by_label("Forma 3 de preguntarlo").fill("me lo podeis mandar?")
    expect(page.get_by_text("3 formas", exact=True)).to_be_visible()

    page.get_by_role("button", name="Publicar").click()
    expect(page.get_by_text("Escribe la respuesta para poder publicarla.", exact=False)).to_be_visible()
    expect(page.get_by_label("Qué contesta el bot")).to_be_focused()
    page.get_by_label("Qué contesta el bot").fill("{name}, en {shop} enviamos a toda España desde {precio}.")
    expect(page.get_by_text("No conocemos {precio}. Elige un dato en «Insertar dato»", exact=False)).to_be_visible()
    page.get_by_label("Qué contesta el bot").fill("{name}, en {shop} enviamos a toda España.")
    expect(page.locator(".fb.out")).to_contain_text("Marta, en Librería del Mar enviamos a toda España.")
    page.get_by_role("radio", name="A alguien sin nombre").click()
    expect(page.locator(".fb.out")).to_contain_text("En Librería del Mar enviamos a toda España.")
    page.get_by_role("button", name="Nueva categoría").click()
    page.get_by_label("Nombre de la categoría").fill("Envíos")
    page.get_by_role("button", name="Crear").click()
    expect(page.get_by_label("Categoría", exact=False).locator("option:checked")).to_have_text("Envíos")

    page.get_by_role("link", name="Canales").first.click()
    leaving = page.get_by_role("dialog", name="¿Salir sin guardar?")
    leaving.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_label("La pregunta", exact=True)).to_have_value("¿Hacéis envíos?")
    shoot(page, "editor")
    page.get_by_role("button", name="Publicar").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    expect(page.get_by_text("Publicada", exact=True)).to_be_visible()
    assert flaws(page) == []


def find_it(page: Page) -> None:
    """By a word of its second phrasing, without accents; by keyboard alone."""
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ENVIAIS")
    expect(page.locator(".frow mark")).to_have_text(["enviais"])
    page.get_by_role("searchbox").fill("unicornio")
    expect(page.get_by_text("Ninguna pregunta encaja")).to_be_visible()
    page.get_by_role("button", name="Quitar filtros").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1:not(.sr)")).to_have_text("¿Hacéis envíos?")
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("n")
    expect(page.locator("h1:not(.sr)")).to_have_text("Nueva pregunta")


def be_warned(page: Page) -> None:
    """The same question in a second FAQ is told while it is typed, and in the list afterwards."""
    page.get_by_label("La pregunta", exact=True).fill("¿Enviáis a casa?")
    expect(page.get_by_text("Otra pregunta tiene esta misma forma.", exact=False)).to_be_visible()
    expect(page.get_by_role("link", name="Abrir «¿Hacéis envíos?»")).to_be_visible()
    page.get_by_role("button", name="Guardar borrador").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(page.get_by_text("Repetida")).to_have_count(2)
    page.get_by_role("button", name="Parecidas").click()
    expect(page.locator(".frow")).to_have_count(2)
    page.get_by_role("button", name="Borradores").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.get_by_role("button", name="Borradores").click()
    page.get_by_role("button", name="Parecidas").click()


def come_back_to_a_version(page: Page) -> None:
    page.get_by_role("link", name="¿Hacéis envíos?").click()
    answer = page.get_by_label("Qué contesta el bot")
    expect(answer).to_have_value("{name}, en {shop} enviamos a toda España.")
    answer.fill("Ya no enviamos.")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Cambios sin guardar", exact=False)).to_be_hidden()
    page.get_by_role("button", name="Historial").click()
    drawer = page.get_by_role("dialog", name="Historial")
    expect(drawer.locator("del")).to_have_text(["{name}, en {shop} enviamos a toda España."])
    first = drawer.locator(".frev").last
    expect(first.locator("dd")).to_have_text(
        ["¿Hacéis envíos?", "enviais a casa", "me lo podeis mandar?", "{name}, en {shop} enviamos a toda España."]
    )
    shoot(page, "history")
    drawer.get_by_role("button", name="Volver a esta versión").last.click()
    drawer.get_by_role("button", name="Volver a esta", exact=True).click()
    expect(drawer).to_be_hidden()
    expect(answer).to_have_value("{name}, en {shop} enviamos a toda España.")
    expect(page.locator(".toast").last).to_have_text("Recuperada la versión 1")


def import_a_sheet(page: Page, folder: Path) -> None:
    """The dry run says what each row would do; the wrong ones are named and stay out; a second time nothing changes."""
    sheet = folder / "preguntas.csv"
    sheet.write_bytes(SHEET.encode("cp1252"))
    for turn in ("first", "again"):
        page.goto("/bots/faqs/import")
        drop_is_for_a_mouse(page)
        page.locator("input[type=file]").set_input_files(sheet)
        rows = page.locator(".frows li")
        expect(rows).to_have_count(4)
        if turn == "again":
            break
        expect(rows.nth(0)).to_contain_text("Añade una forma")
        expect(rows.nth(0).locator("del")).to_have_text("{name}, en {shop} enviamos")
        expect(rows.nth(0).locator("ins")).to_have_text("Sí,")
        expect(rows.nth(1)).to_contain_text("Pregunta nueva, con 2 formas")
        expect(page.locator("details.fmap > summary svg")).to_be_visible()
        expect(rows.nth(2)).to_contain_text("Columna «pregunta», vacía. Escribe al menos una forma de preguntarlo.")
        expect(rows.nth(3)).to_contain_text("Columna «respuesta», «Cuesta {precio}.». No conocemos {precio}.")
        page.get_by_role("button", name="Con errores").click()
        expect(rows).to_have_count(2)
        page.get_by_role("button", name="Con errores").click()
        page.get_by_text("Solo si todas las filas están bien").click()
        expect(page.get_by_role("button", name="Importar 1 nueva y cambiar 1")).to_be_disabled()
        page.get_by_text("Solo si todas las filas están bien").click()
        shoot(page, "import")
        assert flaws(page) == []
        page.get_by_role("button", name="Importar 1 nueva y cambiar 1").click()
        expect(page.get_by_text("Importación terminada")).to_be_visible()
        expect(page.locator(".fdone li")).to_have_text(
            ["Una pregunta nueva", "Una pregunta cambió", "2 filas no entraron"]
        )
    expect(page.get_by_role("button", name="Sin cambios")).to_contain_text("2")
    expect(page.get_by_text("No hay nada que importar.")).to_be_visible()
    page.get_by_role("button", name="Otro archivo").click()
    page.get_by_role("button", name="Pegar texto").click()
    page.get_by_label("Pega las filas, con su cabecera").fill("¿Tenéis aparcamiento?;No\n¿Abrís hoy?;Sí\n")
    page.get_by_role("button", name="Ver qué pasará").click()
    expect(rows).to_have_count(2)
    expect(page.get_by_role("checkbox", name="La primera fila ya es una pregunta")).to_be_checked()
    shoot(page, "headless")
    page.get_by_text("La primera fila ya es una pregunta").click()
    expect(page.get_by_role("alert")).to_contain_text("Ninguna columna parece tener preguntas.")
    page.route("**/faq-import*", lambda route: route.fulfill(status=500, body="Internal Server Error"))
    page.get_by_text("La primera fila ya es una pregunta").click()
    expect(page.get_by_text("Algo falló de nuestro lado.", exact=False)).to_be_visible()
    page.unroute("**/faq-import*")
    page.route("**/faq-import*", lambda route: route.abort())
    page.get_by_text("La primera fila ya es una pregunta").click()
    expect(page.get_by_text("No llegamos al servidor.", exact=False)).to_be_visible()
    page.unroute("**/faq-import*")


def drop_is_for_a_mouse(page: Page) -> None:
    dropped, taken = page.get_by_text("Suelta aquí el archivo"), page.get_by_text("Elige el archivo o pega el texto")
    expect(dropped).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(taken).to_be_visible()
    expect(dropped).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})


def choose_several(page: Page) -> None:
    page.goto("/bots/faqs")
    expect(page.locator(".frow")).to_have_count(3)
    expect(page.get_by_text("2 preguntas publicadas tienen menos de 5 formas de preguntarlas.")).to_be_visible()
    page.get_by_role("button", name="Libros 1").hover()
    expect(page.get_by_role("button", name="Libros 1").locator(".num")).to_have_css("opacity", "1")
    shoot(page, "list")
    assert flaws(page) == []
    page.get_by_role("checkbox", name="Elegir todas las que se ven").check()
    expect(page.get_by_text("3 elegidas")).to_be_visible()
    page.get_by_role("checkbox", name="Elegir «¿Enviáis a casa?»").uncheck()
    expect(page.get_by_text("2 elegidas")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Elegir todas las que se ven")).to_have_js_property("indeterminate", True)
    shoot(page, "chosen")
    page.get_by_role("button", name="Pasar a borrador").click()
    expect(page.locator(".toast").last).to_contain_text("2 preguntas pasadas a borrador")
    expect(page.locator(".frow").get_by_text("Borrador", exact=True)).to_have_count(3)
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator(".frow").get_by_text("Publicada", exact=True)).to_have_count(2)
    for verb, said in (
        ("Publicar", "Nada que publicar: les falta la respuesta o ya lo estaban."),
        ("Pasar a borrador", "2 preguntas pasadas a borrador"),
        ("Publicar", "2 preguntas publicadas. Sin respuesta, siguen en borrador: 1."),
    ):
        page.get_by_role("checkbox", name="Elegir todas las que se ven").check()
        page.locator(".fbulk").get_by_role("button", name=verb).click()
        expect(page.locator(".toast", has_text=said)).to_be_visible()
    expect(page.locator(".frow").get_by_text("Publicada", exact=True)).to_have_count(2)
    page.reload()
    expect(page.locator(".frow")).to_have_count(3)


def delete_and_bring_back(page: Page) -> None:
    page.get_by_role("link", name="¿Enviáis a casa?").click()
    page.get_by_role("button", name="Más", exact=True).click()
    page.get_by_role("menuitem", name="Borrar").click()
    page.get_by_role("dialog", name="¿Borrar «¿Enviáis a casa?»?").get_by_role("button", name="Borrar").click()
    page.wait_for_url(re.compile(r"/bots/faqs/?$"))
    expect(page.locator(".frow")).to_have_count(2)
    shoot(page, "deleted")
    page.get_by_role("button", name="Borradas 1").click()
    expect(page.locator(".frow", has_text="Borrada")).to_have_count(1)
    expect(page.locator(".frow")).to_have_count(1)
    shoot(page, "bin")
    assert flaws(page) == []
    page.get_by_role("button", name="Recuperar «¿Enviáis a casa?»").click()
    expect(page.locator(".toast").last).to_contain_text("Pregunta recuperada")
    page.get_by_role("button", name="Quitar filtros").click()
    expect(page.locator(".frow")).to_have_count(3)


def look_on_a_phone(page: Page) -> None:
    """Categories are renamed there too, and everything can be taken out."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Envíos 1").click()
    page.get_by_role("button", name="Qué hacer con la categoría Envíos").click()
    page.get_by_role("menuitem", name="Cambiar nombre").click()
    page.get_by_label("Nombre de la categoría").fill("Envíos y entregas")
    page.get_by_role("dialog").get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("button", name="Envíos y entregas 1")).to_be_visible()
    page.get_by_role("button", name="Más acciones").click()
    expect(page.get_by_role("menuitem", name="Hoja de cálculo (CSV)")).to_contain_text("3 preguntas")
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="Hoja de cálculo (CSV)").click()
    assert taken.value.path().read_text("utf-8-sig").startswith("pregunta;pregunta_2;")
    assert does_not_scroll_sideways(page)


def ask_again(page: Page, read: Locator) -> None:
    """By hand, unless the page has noticed before that the database is back."""
    button = page.get_by_role("button", name="Reintentar")
    expect(button.or_(read)).to_be_visible()
    if button.is_visible():
        with suppress(PlaywrightTimeout):
            button.click(timeout=3_000)
    expect(read).to_be_visible()


def test_what_could_not_be_read_says_so_and_is_asked_again(two: tuple[Page, Page], instance: Running) -> None:
    page = two[0]
    page.goto("/bots")
    expect(page.get_by_role("link", name="Preguntas", exact=True)).to_be_visible()
    with database_away(instance):
        page.get_by_role("link", name="Preguntas", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("No pudimos leer esto")
        shoot(page, "away")
    expect(page.get_by_text("Aún no hay preguntas")).to_have_count(0)
    row = page.locator(".frow").get_by_role("link", name="¿Hacéis envíos?")
    ask_again(page, row)

    with database_away(instance):
        row.click()
        expect(page.get_by_role("alert")).to_contain_text("No pudimos leer esto")
    ask_again(page, answer_of(page))
    with database_away(instance):
        page.get_by_role("button", name="Historial").click()
        expect(page.get_by_role("dialog", name="Historial")).to_be_visible()
    page.get_by_role("dialog", name="Historial").get_by_role("button", name="Cerrar").click()
    page.get_by_role("button", name="Historial").click()
    expect(page.get_by_role("dialog", name="Historial").locator(".frev").last).to_contain_text("versión 1")


def test_the_pages_speak_english_too(agent: Visit) -> None:
    page = agent.page
    page.goto("/account")
    ready(page)
    page.get_by_role("radio", name="English").click()
    for path, title in (
        ("/bots/faqs", "FAQs"),
        ("/bots/faqs/new", "New FAQ"),
        ("/bots/faqs/import", "Import FAQs"),
        ("/bots/faqs/nothing-here", "This FAQ is not here"),
    ):
        page.goto(path)
        expect(page.locator("h1:not(.sr)").locator("visible=true")).to_have_text(title)
    page.goto("/account")
    ready(page)
    page.get_by_role("radio", name="Español").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Tu cuenta")


@pytest.fixture(scope="module")
def desk(instance: Running, tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, str]:
    """A shop for the stories of lost words, and the id of its FAQ."""
    email, told = f"nuria-{uuid4().hex[:8]}@alborada.example", tmp_path_factory.mktemp("faq") / "id"
    names = ("--name", "Café Alborada", "--email", email, "--password", PASSWORD, "--json")
    company_id = json.loads(instance.cli("company", "create", *names).stdout)["company_id"]
    instance.run(FURNISH, company_id, str(told))
    return Shop(company_id, email), told.read_text()


@contextmanager
def database_away(instance: Running) -> Generator[None]:
    """No new connection and none that was there."""
    with psycopg.connect(Postgres(Layout.at(instance.data_dir)).dsn(SUPERUSER), autocommit=True) as connection:
        connection.execute("ALTER ROLE app CONNECTION LIMIT 0")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'")
        try:
            yield
        finally:
            connection.execute("ALTER ROLE app CONNECTION LIMIT -1")


@pytest.fixture
def two(browser: Browser, instance: Running, desk: tuple[Shop, str]) -> Iterator[tuple[Page, Page]]:
    """Two tabs, as two people have them: each with a State of its own."""
    context = browser.new_context(base_url=instance.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(40_000)
    context.add_init_script(NETWORK)
    asked = {"email": desk[0].email, "password": desk[0].password, "keep": True, "lang": "es"}
    assert context.request.post("/auth/sign-in", data=asked, headers={"origin": instance.url}).ok
    errors: list[str] = []
    pages = context.new_page(), context.new_page()
    for page in pages:
        page.on("pageerror", lambda error: errors.append(str(error)))
    yield pages
    context.close()
    assert errors == []


def answer_of(page: Page) -> Locator:
    return page.get_by_label("Qué contesta el bot")


def drop_socket(page: Page, *, until: str) -> None:
    """What a network does at times; back again when the new socket has told `until`."""
    count = page.evaluate("window.sockets.at(-1).close(), window.sockets.length")
    told = "([count, words]) => window.sockets.length > count && window.sockets.at(-1).heard.includes(words)"
    page.wait_for_function(told, arg=[count, until])


def is_stored(page: Page) -> None:
    expect(page.get_by_text("Cambios sin guardar", exact=False)).to_be_hidden()


def test_two_people_at_one_faq_lose_no_words(two: tuple[Page, Page], desk: tuple[Shop, str]) -> None:
    """A socket that drops reads the page again: the form still answers for the version whose words it shows."""
    one, other = two
    for page in two:
        page.goto(f"/bots/faqs/{desk[1]}")
        expect(answer_of(page)).to_be_visible()
    answer_of(one).fill("Sí, en 48 horas.")
    answer_of(other).fill("Sí, y a Portugal.")
    other.keyboard.press("Control+s")
    is_stored(other)

    drop_socket(one, until="y a Portugal")
    expect(answer_of(one)).to_have_value("Sí, en 48 horas.")
    one.keyboard.press("Control+s")

    expect(one.get_by_role("alert")).to_contain_text("Otra persona cambió esta pregunta mientras escribías.")
    expect(answer_of(one)).to_have_value("Sí, en 48 horas.")
    other.reload()
    expect(answer_of(other)).to_have_value("Sí, y a Portugal.")
    shoot(one, "conflict")
    one.get_by_role("button", name="Descartar").click()
    expect(answer_of(one)).to_have_value("Sí, y a Portugal.")
    expect(one.get_by_role("alert")).to_have_count(0)
    answer_of(one).fill("Sí, y a Portugal en 72 horas.")
    one.keyboard.press("Control+s")
    is_stored(one)


def test_a_faq_that_is_unpublished_keeps_what_is_being_written(two: tuple[Page, Page], desk: tuple[Shop, str]) -> None:
    page = two[0]
    page.goto(f"/bots/faqs/{desk[1]}")
    answer_of(page).fill("Sí, pero en agosto no.")
    page.get_by_role("button", name="Más", exact=True).click()
    page.get_by_role("menuitem", name="Pasar a borrador").click()
    expect(page.locator(".head .chip")).to_have_text("Borrador")
    expect(answer_of(page)).to_have_value("Sí, pero en agosto no.")
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator(".head .chip")).to_have_text("Publicada")
    expect(answer_of(page)).to_have_value("Sí, pero en agosto no.")
    page.keyboard.press("Control+s")
    is_stored(page)
    page.reload()
    expect(answer_of(page)).to_have_value("Sí, pero en agosto no.")


def test_what_is_typed_while_it_is_saved_stays(two: tuple[Page, Page], desk: tuple[Shop, str]) -> None:
    page = two[0]
    page.goto(f"/bots/faqs/{desk[1]}")
    answer_of(page).fill("Abrimos")
    page.evaluate("window.holds = true")
    page.keyboard.press("Control+s")
    page.keyboard.press("End")
    page.keyboard.type(" los domingos")
    page.evaluate("window.letGo()")
    expect(page.locator(".toast").last).to_have_text("Los cambios ya están en el bot.")
    expect(answer_of(page)).to_have_value("Abrimos los domingos")
    page.keyboard.press("Control+s")
    is_stored(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.reload()
    expect(answer_of(page)).to_have_value("Abrimos los domingos")


def test_what_is_typed_while_a_new_one_is_saved_goes_along(two: tuple[Page, Page]) -> None:
    """The first save moves to another address; the words follow."""
    page = two[0]
    page.goto("/bots/faqs/new")
    page.get_by_label("La pregunta", exact=True).fill("¿Tenéis terraza?")
    answer_of(page).fill("Sí")
    page.evaluate("window.holds = true")
    page.get_by_role("button", name="Guardar borrador").click()
    answer_of(page).press("End")
    page.keyboard.type(", cubierta.")
    page.evaluate("window.letGo()")
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    expect(answer_of(page)).to_have_value("Sí, cubierta.")
    expect(page.get_by_text("Cambios sin guardar", exact=False)).to_be_visible()
    page.get_by_role("button", name="Guardar borrador").click()
    is_stored(page)
    page.reload()
    expect(answer_of(page)).to_have_value("Sí, cubierta.")


def test_each_unanswered_question_opens_a_form_of_its_own(two: tuple[Page, Page]) -> None:
    page = two[0]
    page.goto("/bots/unanswered")
    question = page.get_by_label("La pregunta", exact=True)
    page.locator(".bquestion", has_text="aparcamiento").get_by_role("link", name="Escribir respuesta").click()
    expect(question).to_have_value("teneis aparcamiento??")
    page.get_by_role("link", name="Sin respuesta").click()
    page.get_by_role("dialog", name="¿Salir sin guardar?").get_by_role("button", name="Salir sin guardar").click()

    page.locator(".bquestion", has_text="regalo").get_by_role("link", name="Escribir respuesta").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("¿Envolvéis para regalo? (50 % más, ¿no?)")
    answer_of(page).fill("Sí, gratis.")
    drop_socket(page, until="regalo")
    expect(answer_of(page)).to_have_value("Sí, gratis.")
    page.get_by_role("button", name="Publicar").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    expect(question).to_have_value("¿Envolvéis para regalo? (50 % más, ¿no?)")
    expect(page.locator(".fphrase .chip")).to_have_text("De un cliente")

    page.get_by_role("link", name="Sin respuesta").click()
    expect(page.locator(".bquestion")).to_have_count(1)
    expect(page.locator(".bquestion")).to_contain_text("aparcamiento")
    page.goto("/bots/faqs/new")
    expect(question).to_have_value("")


def test_the_channels_of_a_faq_are_what_the_control_says(two: tuple[Page, Page], desk: tuple[Shop, str]) -> None:
    one, other = two
    for page in two:
        page.goto(f"/bots/faqs/{desk[1]}")
    other.get_by_role("radio", name="Solo algunos").click()
    other.get_by_role("checkbox", name="Telegram").check(force=True)
    other.keyboard.press("Control+s")
    is_stored(other)
    one.evaluate("window.sockets.at(-1).close()")
    expect(one.get_by_role("radio", name="Solo algunos")).to_be_checked()
    expect(one.get_by_role("checkbox", name="Telegram")).to_be_checked()
    other.get_by_role("radio", name="Todos").click()
    other.get_by_role("button", name="Descartar").click()
    expect(other.get_by_role("radio", name="Solo algunos")).to_be_checked()


def length_of(box: Locator) -> int:
    return len(box.input_value())


def test_what_is_pasted_stays_whole_and_says_how_much_is_too_much(two: tuple[Page, Page]) -> None:
    page = two[0]
    page.goto("/bots/faqs/new")
    question = page.get_by_label("La pregunta", exact=True)
    expect(question).to_be_focused()
    page.keyboard.insert_text("q" * 310)
    expect(page.get_by_role("alert")).to_have_text("Sobran 10 letras: caben 300.")
    answer_of(page).focus()
    page.keyboard.insert_text("a" * 3999)
    expect(page.locator(".fnote .num")).to_have_text("3.999/4.000")
    page.keyboard.insert_text("bcde")
    expect(page.locator(".fnote .toolong")).to_have_text("4.003/4.000")
    expect(page.get_by_role("alert")).to_have_text(["Sobran 10 letras: caben 300.", "Sobran 3 letras: caben 4.000."])
    assert (length_of(question), length_of(answer_of(page))) == (310, 4003)
    shoot(page, "long")

    page.get_by_role("button", name="Publicar").click()
    expect(question).to_be_focused()
    page.keyboard.press("End")
    for _ in range(10):
        page.keyboard.press("Backspace")
    page.get_by_role("button", name="Publicar").click()
    expect(answer_of(page)).to_be_focused()
    page.keyboard.press("Control+End")
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.get_by_role("button", name="Guardar borrador").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    page.reload()
    expect(question).to_have_value("q" * 300)
    assert length_of(answer_of(page)) == 4000


PASTE = """(box) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text", ["uno", "d".repeat(305), "tres"].join("\\n"));
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_lines_that_are_pasted_are_whole_too(two: tuple[Page, Page]) -> None:
    page = two[0]
    page.goto("/bots/faqs/new")
    page.get_by_label("La pregunta", exact=True).evaluate(PASTE)
    expect(page.get_by_label("Forma 2 de preguntarlo")).to_have_value("d" * 305)
    expect(page.get_by_label("Forma 3 de preguntarlo")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("Sobran 5 letras: caben 300.")


def test_a_refusal_looks_at_the_first_field_that_was_refused(two: tuple[Page, Page]) -> None:
    page = two[0]
    page.goto("/bots/faqs/new")
    question, publish = page.get_by_label("La pregunta", exact=True), page.get_by_role("button", name="Publicar")
    expect(question).to_be_focused()
    expect(page.get_by_role("button", name="Quitar la forma 1")).to_have_count(0)
    publish.click()
    expect(page.get_by_role("alert").first).to_have_text("Escribe al menos una forma de preguntarlo.")
    expect(question).to_be_focused()
    page.keyboard.type("¿Tenéis jardín?")
    publish.click()
    expect(answer_of(page)).to_be_focused()
    page.goto("/bots/faqs/new?question=teneis+parque")
    expect(answer_of(page)).to_be_focused()


def test_phrasings_are_put_in_order_by_a_finger(two: tuple[Page, Page]) -> None:
    page = two[0]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/bots/faqs/new")
    page.get_by_label("La pregunta", exact=True).evaluate(PASTE)
    page.get_by_label("Forma 2 de preguntarlo").fill("dos")
    page.locator("h1:not(.sr)").focus()
    up = page.get_by_role("button", name="Subir la forma 3")
    expect(up).to_be_hidden()
    page.get_by_role("button", name="Ordenar").click()
    up.click()
    expect(page.get_by_role("button", name="Subir la forma 2")).to_be_focused()
    page.get_by_role("button", name="Subir la forma 2").click()
    expect(page.get_by_role("button", name="Bajar la forma 1")).to_be_focused()
    texts = [each.input_value() for each in page.locator("[data-phrasing]").all()]
    assert texts == ["tres", "uno", "dos"]
    shoot(page, "ordering")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Listo").click()
    expect(page.get_by_role("button", name="Quitar la forma 2")).to_be_visible()


def test_a_category_is_created_once_however_it_is_written(two: tuple[Page, Page], desk: tuple[Shop, str]) -> None:
    page = two[0]
    page.goto(f"/bots/faqs/{desk[1]}")
    chosen = page.get_by_label("Categoría", exact=False).locator("option:checked")
    page.get_by_role("button", name="Nueva categoría").click()
    page.get_by_role("button", name="Crear categoría").click()
    expect(page.get_by_role("alert")).to_have_text("Escribe un nombre de hasta 60 letras.")
    expect(page.get_by_label("Nombre de la categoría")).to_be_focused()
    page.keyboard.type("Envíos")
    page.get_by_role("button", name="Crear categoría").click()
    expect(chosen).to_have_text("Envíos")
    page.get_by_role("button", name="Descartar").click()
    expect(chosen).to_have_text("Sin categoría")
    page.get_by_role("button", name="Nueva categoría").click()
    page.get_by_label("Nombre de la categoría").fill("ENVIOS")
    expect(page.get_by_text("Ya existe «Envíos»: se usará esa.")).to_be_visible()
    shoot(page, "category")
    page.get_by_role("button", name="Usar esa categoría").click()
    expect(chosen).to_have_text("Envíos")
    page.get_by_role("button", name="Descartar").click()

    page.goto("/bots/faqs")
    page.get_by_role("button", name="Nueva categoría").click()
    page.get_by_label("Nombre de la categoría").fill("envios")
    page.get_by_role("dialog").get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("alert")).to_have_text("Ya hay una categoría «Envíos».")


def test_what_the_list_is_narrowed_to_stands_in_its_address(two: tuple[Page, Page]) -> None:
    page, other = two
    page.goto("/bots/faqs/new")
    page.get_by_label("La pregunta", exact=True).fill("¿Hay columpios?")
    page.get_by_role("button", name="Guardar borrador").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    page.get_by_role("link", name="Preguntas frecuentes").click()
    row, search = page.locator(".frow"), page.get_by_role("searchbox")
    page.get_by_role("button", name="Borradores").click()
    search.fill("COLUMPIOS")
    expect(row).to_have_count(1)
    assert page.url.endswith("/bots/faqs?q=COLUMPIOS&status=draft")
    page.reload()
    expect(row).to_have_count(1)
    expect(search).to_have_value("COLUMPIOS")
    expect(page.get_by_role("button", name="Borradores")).to_have_attribute("aria-pressed", "true")
    other.goto(page.url)
    expect(other.locator(".frow")).to_have_count(1)
    drop_socket(other, until="columpios")
    expect(other.locator(".frow")).to_have_count(1)

    row.get_by_role("link").click()
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(row).to_have_count(1)
    expect(search).to_have_value("COLUMPIOS")
    row.get_by_role("link").click()
    expect(page.locator(".feditor")).to_be_visible()
    page.go_back()
    expect(search).to_have_value("COLUMPIOS")
    expect(row).to_have_count(1)
    shoot(page, "narrowed")

    page.get_by_role("button", name="Borrar la búsqueda").click()
    expect(search).to_be_focused()
    assert page.url.endswith("/bots/faqs?status=draft")
    page.get_by_role("button", name="Publicadas").click()
    expect(page.locator(".frow").get_by_text("Borrador", exact=True)).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("button", name="Borradores")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".frow").get_by_text("Publicada", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Preguntas", exact=True).click()
    expect(page.get_by_role("button", name="Borradores")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".frow").get_by_text("Publicada", exact=True).first).to_be_visible()


def test_the_head_of_a_faq_fits_a_phone(two: tuple[Page, Page], desk: tuple[Shop, str]) -> None:
    page = two[0]
    page.goto(f"/bots/faqs/{desk[1]}")
    answer_of(page).fill("Sí, a toda España y a Portugal en 24 h.")
    page.keyboard.press("Control+s")
    is_stored(page)
    page.get_by_label("La pregunta", exact=True).fill("¿Hacéis envíos a las islas Canarias, a Ceuta y a Melilla?")
    assert does_not_scroll_sideways(page)
    for select in page.locator(".feditor select").all():
        expect(select).to_have_css("appearance", "none")
    shoot(page, "head")
    page.set_viewport_size({"width": 390, "height": 844})
    title = page.locator(".feditor h1").bounding_box()
    for name in ("Historial", "Más"):
        button = page.locator(".feditor .head").get_by_role("button", name=name, exact=True).bounding_box()
        assert title
        assert button
        assert button["y"] < title["y"] + 20
        assert button["x"] + button["width"] <= 390 - 16
        assert min(button["width"], button["height"]) >= 40
    page.get_by_role("button", name="Historial").click()
    drawer = page.get_by_role("dialog", name="Historial")
    expect(drawer.locator(".frev").first.locator("ins").first).to_be_visible()
    shoot(page, "words")
