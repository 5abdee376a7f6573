import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from saas_admin.conversations import media
from saas_admin.core.db import app_engine
from saas_admin.core.errors import Conflict, Forbidden, Invalid
from saas_admin.core.work import Work
from saas_admin.faqs import categories, history, knowledge, queries, service
from saas_admin.faqs import content as contents
from saas_admin.faqs.transfer import importing, reading, writing
from saas_admin.faqs.transfer.importing import Report
from saas_admin.faqs.views import FaqFilter
from saas_admin.models import Faq, FaqPhrasing, FaqRevision
from tests.faqs.conftest import content, write_faq
from tests.shop import Shop, open_shop

CSV = """question;question_2;answer;category;sensitive
¿Hacéis envíos?;¿Enviáis a casa?;Sí, a toda España.;Envíos;no
¿Aceptáis Bizum?;;Sí.;Pagos;sí
"""


def _run(shop: Shop, file: bytes | str, **options: Any) -> Report:
    with Work(shop.support) as work:
        return importing.run(work, file.encode() if isinstance(file, str) else file, **options)


def _preview(shop: Shop, file: bytes | str, **options: Any) -> Report:
    with Work(shop.support) as work:
        return importing.preview(work, file.encode() if isinstance(file, str) else file, **options)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile; many rows of one statement are one."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        sent.append(statement.split("(")[0])

    event.listen(app_engine(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(app_engine(), "before_cursor_execute", note)


def _rows(shop: Shop) -> list[tuple[Any, ...]]:
    with Work(shop.support) as work:
        found = queries.list_faqs(work, FaqFilter(), limit=5000).rows
        views = [queries.find_faq(work, UUID(row.id)) for row in reversed(found)]
        names = {row.id: row.category for row in found}
        return sorted(
            (
                tuple(p.text for p in v.phrasings),
                v.answer,
                names[v.id],
                v.language,
                v.status,
                v.is_sensitive,
                tuple(v.channel_kinds),
            )
            for v in views
        )


def _outcomes(report: Report) -> list[tuple[int, str, int]]:
    return [(row.row, row.outcome, row.adds) for row in report.rows]


@pytest.mark.parametrize(
    "file",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.encode("cp1252"),
        CSV.replace(";", "\t").encode(),
        CSV.replace("\n", "\r\n").encode(),
        ("sep=;\r\n" + CSV).encode(),
        CSV.replace(";", ",").replace("Sí, a", '"Sí, a').replace("España.", 'España."').encode(),
        b"Pregunta;Respuesta;Categor\xeda;Delicada\n\xbfHac\xe9is env\xedos?|\xbfEnvi\xe1is a casa?;S\xed, a toda Espa\xf1a.;Env\xedos;no\n"
        b"\xbfAcept\xe1is Bizum?;S\xed.;Pagos;x\n",
        b'[{"phrasings": ["\xc2\xbfHac\xc3\xa9is env\xc3\xados?", "\xc2\xbfEnvi\xc3\xa1is a casa?"], "answer": "S\xc3\xad, a toda Espa\xc3\xb1a.",'
        b' "category": "Env\xc3\xados"}, {"question": "\xc2\xbfAcept\xc3\xa1is Bizum?", "answer": "S\xc3\xad.", "category": "Pagos", "sensitive": true}]',
    ],
    ids=["utf8", "mark", "utf16", "windows", "tab", "crlf", "sep", "comma", "spanish-one-cell", "json"],
)
def test_a_file_is_read_however_it_was_saved(shop: Shop, file: bytes):
    report = _run(shop, file)

    assert report.counts == {"new": 2, "adds": 0, "changed": 0, "unchanged": 0, "error": 0}
    assert _rows(shop) == [
        (("¿Aceptáis Bizum?",), "Sí.", "Pagos", "es", "published", True, ()),
        (("¿Hacéis envíos?", "¿Enviáis a casa?"), "Sí, a toda España.", "Envíos", "es", "published", False, ()),
    ]


def test_the_dry_run_says_the_same_and_changes_nothing(shop: Shop):
    before = _preview(shop, CSV)
    assert _rows(shop) == []
    after = _run(shop, CSV)
    assert _outcomes(before) == _outcomes(after) == [(2, "new", 2), (3, "new", 1)]
    assert [(c.name, c.field, c.sample) for c in before.columns] == [
        ("question", "question", "¿Hacéis envíos?"),
        ("question_2", "question", "¿Enviáis a casa?"),
        ("answer", "answer", "Sí, a toda España."),
        ("category", "category", "Envíos"),
        ("sensitive", "sensitive", "no"),
    ]


def test_a_second_time_changes_nothing(shop: Shop):
    _run(shop, CSV)
    with Work(shop.system) as work:
        version, revisions = (
            knowledge.version_of(work),
            work.session.scalar(select(func.count()).select_from(FaqRevision)),
        )
    report = _run(shop, CSV)

    assert report.counts["unchanged"] == 2
    with Work(shop.system) as work:
        assert knowledge.version_of(work) == version == 1
        assert work.session.scalar(select(func.count()).select_from(FaqRevision)) == revisions == 2


def test_known_questions_get_more_phrasings_or_another_answer(shop: Shop):
    known = write_faq(shop, "¿Hacéis envíos?", "¿Enviáis a casa?", answer="Sí.")
    same = write_faq(shop, "¿Tenéis wifi?", answer="Sí.")
    lines = [
        {"phrasings": ["ENVIAIS a casa", "¿Mandáis?", "mandais", "¿Me lo traéis?"], "answer": "Sí."},
        {"question": "¿Tenéis wifi?", "answer": "Sí, gratis.", "status": "draft"},
        {"question": "¿Y los domingos?"},
    ]
    report = _run(shop, "\n".join(json.dumps(line) for line in lines), name="faqs.jsonl")

    assert [(r.outcome, r.adds, r.changes, r.faq_title, r.is_draft) for r in report.rows] == [
        ("adds", 2, [], "¿Hacéis envíos?", False),
        ("changed", 0, ["answer", "status"], "¿Tenéis wifi?", True),
        ("new", 1, [], "", True),
    ]
    with Work(shop.support) as work:
        assert [(p.text, p.source) for p in queries.find_faq(work, known).phrasings] == [
            ("¿Hacéis envíos?", "typed"),
            ("¿Enviáis a casa?", "typed"),
            ("¿Mandáis?", "imported"),
            ("¿Me lo traéis?", "imported"),
        ]
        assert [(v.version, v.change) for v in history.list_history(work, known)] == [(2, "imported"), (1, "created")]
        assert service.restore_version(work, same, 1, 2).version == 3


def test_each_wrong_row_says_why_and_the_good_ones_come_in(shop: Shop):
    file = "\n".join(
        [
            "question;answer;language;status;sensitive;channels",
            "¿Uno?;Sí;;;;",
            ";sin pregunta;;;;",
            f"{'a' * 301};Sí;;;;",
            "¿Dos?;Cuesta {precio};;;;",
            "¿Tres?;Sí;fr;;;",
            "¿Cuatro?;Sí;;quizá;;",
            "¿Cinco?;Sí;;;tal vez;",
            "¿Seis?;Sí;;;;fax",
            "¿Siete?;;;publicada;;",
            "¿UNO?;No;;;;",
            "¿uno?;Sí;;;;",
            "¿Ocho?;Sí;en-GB;;;WhatsApp, Chat web",
        ]
    )
    report = _run(shop, file)

    assert [(r.row, r.problem, r.params) for r in report.rows if r.problem] == [
        (3, "faq_phrasing_missing", {}),
        (4, "faq_phrasing_long", {"longest": 300}),
        (5, "faq_variable", {"variable": "{precio}"}),
        (6, "faq_language", {}),
        (7, "faq_import_status", {}),
        (8, "faq_import_sensitive", {}),
        (9, "faq_channels", {}),
        (10, "faq_answer_missing", {}),
        (11, "faq_import_repeated", {"row": 2}),
    ]
    assert report.counts == {"new": 2, "adds": 0, "changed": 0, "unchanged": 1, "error": 9}
    assert [(row[0], row[3], row[6]) for row in _rows(shop)] == [
        (("¿Ocho?",), "en", ("whatsapp_cloud", "webchat")),
        (("¿Uno?",), "es", ()),
    ]


def test_all_or_nothing_is_nothing_when_one_row_is_wrong(shop: Shop):
    with pytest.raises(Invalid) as caught:
        _run(shop, "question;answer\na;b\n;c\n", only_good=False)
    assert (caught.value.code, caught.value.params) == ("faq_import_has_errors", {"n": 1})
    assert _rows(shop) == []


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "faq_import_empty"),
        (b"  \n\n", "faq_import_empty"),
        (b"question;answer\n", "faq_import_empty"),
        (b"PK\x03\x04xlsx", "faq_import_excel"),
        (b"[{", "faq_import_broken"),
        (b"[" * 100_000, "faq_import_broken"),
        (b"a" * (5 * 1024 * 1024 + 1), "faq_import_large"),
        (b"question\n" + b"x\n" * 2001, "faq_import_rows"),
        (b"uno;dos\na;b\n", "faq_import_no_question"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_file_of_faqs_says_so(shop: Shop, file: bytes, code: str):
    with pytest.raises(Invalid, match=code):
        _run(shop, file)
    assert _rows(shop) == []


def test_the_reader_says_which_column_is_which(shop: Shop):
    file = "uno;dos;tres\n¿Hacéis envíos?;Sí;interno\n"
    seen = _preview(shop, file)
    assert (seen.problem, seen.rows, [c.name for c in seen.columns]) == (
        "faq_import_no_question",
        [],
        ["uno", "dos", "tres"],
    )
    _run(shop, file, mapping={0: "question", 1: "answer"})
    assert [row[:2] for row in _rows(shop)] == [(("¿Hacéis envíos?",), "Sí")]
    report = _preview(shop, "question;answer\na;b\n", mapping={1: ""})
    assert [c.field for c in report.columns] == ["question", ""]


def test_a_broken_line_of_json_is_one_wrong_row(shop: Shop):
    report = _run(shop, '{"question": "a", "answer": "b"}\n{"question": \n7\n\n{"q": "c", "a": "d\u2028e"}\n')
    assert [(r.row, r.outcome, r.problem) for r in report.rows] == [
        (1, "new", ""),
        (2, "error", "faq_import_json"),
        (3, "error", "faq_import_json"),
        (5, "new", ""),
    ]
    assert _rows(shop)[1][:2] == (("c",), "d\u2028e")


def test_the_dry_run_points_out_what_seems_to_be_there_already(shop: Shop):
    write_faq(shop, "¿Cuánto cuesta el envío?")
    write_faq(shop, "¿Aceptáis Bizum?", "¿Puedo pagar con Bizum?")
    lines = [
        {"phrasings": ["¿Qué vale mandarlo?", "cuanto cuesta el envio"], "answer": "5 €"},
        {"phrasings": ["¿Cuánto cuesta un envío?"], "answer": "5 €"},
        {"phrasings": ["¿Tenéis aparcamiento?"], "answer": "No."},
    ]
    report = _preview(shop, "\n".join(json.dumps(line) for line in lines))
    assert [(r.outcome, r.twin, r.is_certain) for r in report.rows] == [
        ("new", "¿Cuánto cuesta el envío?", True),
        ("new", "¿Cuánto cuesta el envío?", False),
        ("new", "", False),
    ]


HARD = [
    content(
        "=SUMA(A1)", "'+34 611", "'=x", "-uno", "@dos", "con | barra", "con \\| raya", answer="=1+1\nsegunda; línea"
    ),
    content('dice "hola", y; sigue', answer='"comillas"', channel_kinds=("telegram", "webchat"), is_sensitive=True),
    content("What time?", answer="At {next_opening}, {{really}}", language="en"),
]


@pytest.mark.parametrize("kind", ["es", "en", "jsonl"])
def test_what_is_exported_comes_back_without_loss(shop: Shop, kind: str):
    with Work(shop.support) as work:
        for each in HARD:
            service.create(work, each, is_published=True)
        service.create(work, content("borrador", answer=""))
        text = writing.to_json_lines(work) if kind == "jsonl" else writing.to_csv(work, kind)
    other = open_shop("Otra tienda", number_id="104857600445566")
    report = _run(other, text)

    assert report.counts["new"] == 4
    assert _rows(other) == _rows(shop)
    assert _run(shop, text).counts == {"new": 0, "adds": 0, "changed": 0, "unchanged": 4, "error": 0}


_LINES = (
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40).map(contents.one_line).filter(bool)
)
_ANSWERS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=80).map(
    lambda text: text.replace("\r\n", "\n").strip()
)
_WRITTEN = st.builds(
    writing.Written,
    phrasings=st.lists(_LINES, min_size=1, max_size=6),
    answer=_ANSWERS,
    category=_LINES | st.just(""),
    language=st.sampled_from(["es", "en", "pt"]),
    status=st.sampled_from(["draft", "published"]),
    is_sensitive=st.booleans(),
    channel_kinds=st.lists(st.sampled_from(["telegram", "webchat", "whatsapp_cloud"]), unique=True),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WRITTEN, min_size=1, max_size=5))
def test_whatever_is_written_is_read_as_it_was(written: list[writing.Written]):
    for text in (writing.as_csv(written, "es"), writing.as_csv(written, "en"), writing.as_json_lines(written)):
        rows = reading.read(text.encode()).rows
        back = [
            writing.Written(
                [contents.one_line(each) for each in row.phrasings],
                (row.answer or "").replace("\r\n", "\n").strip(),
                row.category or "",
                row.language or "",
                row.status or "",
                row.is_sensitive or False,
                list(row.channel_kinds or ()),
            )
            for row in rows
        ]
        assert back == written


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(content: bytes):
    for start in (b"", b"question;answer\n", b'{"question": '):
        try:
            file = reading.read(start + content)
        except Invalid:
            continue
        assert all(row.number >= 1 for row in file.rows)


def test_no_cell_of_an_export_is_run_by_a_spreadsheet(shop: Shop):
    with Work(shop.support) as work:
        service.create(work, HARD[0])
        text = writing.to_csv(work, "en")
    assert text.startswith("\ufeffquestion;question_2;")
    line = text.split("\r\n")[1]
    assert line.startswith("'=SUMA(A1);''+34 611;''=x;'-uno;'@dos;con \\| barra;con \\\\| raya;\"'=1+1\n")


def test_two_thousand_rows_are_stored_in_a_few_statements(shop: Shop):
    lines = [
        {
            "phrasings": [
                f"pregunta número {n} sobre el tema {n * 7 % 1000} {word}" for word in ("hoy", "mañana", "ya")
            ],
            "answer": f"Respuesta {n}",
            "category": f"Tema {n % 20}",
        }
        for n in range(2000)
    ]
    file = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    with _statements() as statements:
        report = _run(shop, file)
    assert report.counts["new"] == 2000
    assert len(statements) == 14, statements
    with Work(shop.system) as work:
        assert work.session.scalar(select(func.count()).select_from(Faq)) == 2000
        assert work.session.scalar(select(func.count()).select_from(FaqPhrasing)) == 6000
    again = _run(shop, file)
    assert again.counts["unchanged"] == 2000
    more = _run(shop, '{"question": "una más", "answer": "x"}')
    assert [r.problem for r in more.rows] == ["faqs_many"]


def test_marketing_may_take_them_out_and_not_in(shop: Shop):
    with Work(shop.marketing) as work:
        assert writing.to_json_lines(work) == ""
    with pytest.raises(Forbidden), Work(shop.marketing) as work:
        importing.preview(work, CSV.encode())


def test_windows_bytes_that_mean_nothing_are_kept_apart():
    assert reading.decode(b"a\x81\x92b") == "a\x81’b"
    assert reading.split_phrasings("uno|dos\n tres \n\ncua\\|tro") == ["uno", "dos", " tres ", "cua|tro"]


def test_the_command_line_imports_and_exports(shop: Shop, tmp_path: Path):
    from typer.testing import CliRunner

    from saas_admin.cli import app

    file = tmp_path / "faqs.csv"
    file.write_text(CSV + ";;sin pregunta;;\n")
    runner = CliRunner()
    dry = runner.invoke(app, ["faq", "import", str(file), "--company", str(shop.company_id), "--dry-run", "--json"])
    assert json.loads(dry.stdout) == {
        "new": 2,
        "adds": 0,
        "changed": 0,
        "unchanged": 0,
        "error": 1,
        "dry_run": True,
        "problems": [{"row": 4, "problem": "Write at least one way of asking it."}],
    }
    assert _rows(shop) == []
    done = runner.invoke(app, ["faq", "import", str(file), "--company", str(shop.company_id)])
    assert done.exit_code == 0
    assert done.stdout == "new: 2\nadds: 0\nchanged: 0\nunchanged: 0\nerror: 1\n"
    assert done.stderr == "row 4: Write at least one way of asking it.\n"
    assert len(_rows(shop)) == 2
    out = runner.invoke(app, ["faq", "export", "--company", str(shop.company_id), "--format", "jsonl"])
    assert [json.loads(line)["phrasings"][0] for line in out.stdout.splitlines()] == [
        "¿Hacéis envíos?",
        "¿Aceptáis Bizum?",
    ]
    nobody = runner.invoke(app, ["faq", "import", str(file), "--company", "00000000-0000-0000-0000-000000000001"])
    assert (nobody.exit_code, "Traceback" in nobody.stderr) == (1, False)
    missing = runner.invoke(app, ["faq", "import", str(tmp_path / "none.csv"), "--company", str(shop.company_id)])
    assert missing.exit_code == 1


ROWS = [(("¿Hacéis envíos?",), "Sí"), (("¿Tenéis wifi?",), "No")]


@pytest.mark.parametrize(
    ("file", "header", "rows"),
    [
        ("¿Hacéis envíos?;Sí\n¿Tenéis wifi?;No\n", (0, False, False), [1, 2]),
        ("¿Hacéis envíos?,Sí\n¿Tenéis wifi?,No\n", (0, False, False), [1, 2]),
        ("\n\npregunta;respuesta\n¿Hacéis envíos?;Sí\n¿Tenéis wifi?;No\n", (3, True, False), [4, 5]),
        ("Preguntas;\n;\npregunta;respuesta\n¿Hacéis envíos?;Sí\n\n¿Tenéis wifi?;No\n", (3, True, True), [4, 6]),
        ("sep=;\nLa tienda\npregunta;respuesta\n¿Hacéis envíos?;Sí\n¿Tenéis wifi?;No\n", (3, True, True), [4, 5]),
    ],
    ids=["none", "none-comma", "blank-above", "title-above", "sep-title"],
)
def test_no_question_is_lost_and_no_title_comes_in_whatever_stands_above(
    shop: Shop, file: str, header: tuple[int, bool, bool], rows: list[int]
):
    report = _run(shop, file)

    assert (report.header_row, report.is_header_sure, report.is_below_others) == header
    assert [(r.row, r.outcome) for r in report.rows] == [(number, "new") for number in rows]
    assert [row[:2] for row in _rows(shop)] == ROWS


def test_the_reader_says_what_a_first_row_is_that_names_no_column(shop: Shop):
    file = "envíos;Sí\nwifi;No\n"
    seen = _preview(shop, file)
    assert (seen.problem, seen.header_row, seen.is_header_sure) == ("faq_import_no_question", 1, False)
    assert _preview(shop, file, mapping={0: "question", 1: "answer"}).counts["new"] == 1

    said = _preview(shop, file, has_header=False)
    assert [(c.name, c.field, c.sample) for c in said.columns] == [("", "question", "envíos"), ("", "answer", "Sí")]
    assert [(r.row, r.title) for r in said.rows] == [(1, "envíos"), (2, "wifi")]
    turned = _preview(shop, "¿Hay?;Sí\n¿Y?;No\n", has_header=True)
    assert (turned.problem, turned.header_row, turned.columns[0].name) == ("faq_import_no_question", 1, "¿Hay?")
    assert _preview(shop, "question;answer\n¿Hay?;Sí\n", has_header=False).header_row == 1


def test_what_json_escapes_is_clean_before_it_is_planned(shop: Shop):
    file = '{"question": "¿Hac\\u0000éis \\ud83denvíos?", "answer": "S\\u0000í \\ud800", "category": "En\\u0000víos"}'
    before, after = _preview(shop, file), _run(shop, file)

    assert json.dumps(before.json(), ensure_ascii=False).encode()
    assert _outcomes(before) == _outcomes(after) == [(1, "new", 1)]
    assert [row[:3] for row in _rows(shop)] == [(("¿Hacéis ?envíos?",), "Sí ?", "Envíos")]
    assert _run(shop, f"[{file}]").counts["unchanged"] == 1


def test_a_colleague_who_saves_during_an_import_is_named_and_nothing_comes_in(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    faq_id = write_faq(shop, "¿Hacéis envíos?", answer="Sí.")
    store = importing._store

    def late(work: Work, targets: Any) -> None:
        with Work(shop.admin) as other:
            service.change(other, faq_id, content("¿Hacéis envíos?", answer="De la colega."), 1)
        store(work, targets)

    monkeypatch.setattr(importing, "_store", late)
    with pytest.raises(Conflict, match="faq_import_conflict"):
        _run(shop, "pregunta;respuesta\n¿Hacéis envíos?;Del archivo.\n¿Tenéis wifi?;No.\n")
    assert [row[:2] for row in _rows(shop)] == [(("¿Hacéis envíos?",), "De la colega.")]


def test_an_import_counts_faqs_beside_rows(shop: Shop):
    write_faq(shop, "¿Hacéis envíos?", answer="Sí.")
    write_faq(shop, "¿Tenéis wifi?", answer="No.")
    report = _run(
        shop,
        "pregunta;pregunta 2;respuesta;delicada\n¿Hacéis envíos?;mandais;;\n¿Hacéis envíos?;;;sí\n"
        "¿Tenéis wifi?;;;\n¿Tenéis wifi?;;No.;\n¿Abrís hoy?;;Sí.;\n¿Abrís hoy?;abris;;\n",
    )

    assert report.counts == {"new": 1, "adds": 2, "changed": 1, "unchanged": 2, "error": 0}
    assert report.faqs == {"new": 1, "adds": 0, "changed": 1, "unchanged": 1}


def test_the_dry_run_says_what_was_there_and_what_will_be(shop: Shop):
    write_faq(shop, "¿Hacéis envíos?", answer="Sí.", channel_kinds=("telegram",))
    line = {"question": "¿Hacéis envíos?", "answer": "a" * 700, "category": "Envíos", "channels": [], "sensitive": True}
    (row,) = _preview(shop, json.dumps(line)).rows

    assert row.changes == ["answer", "sensitive", "category", "channels"]
    assert [(d.what, d.before, d.after, d.added, d.removed) for d in row.differences] == [
        ("answer", "Sí.", "a" * 599 + "…", [], []),
        ("is_sensitive", "", "yes", [], []),
        ("category", "", "Envíos", [], []),
        ("channels", "", "all", [], ["telegram"]),
    ]


def test_an_import_may_not_send_a_file_where_it_does_not_fit(shop: Shop):
    with Work(shop.support) as work:
        upload = UUID(media.upload(work, io.BytesIO(b"talla;precio"), "tarifas.csv").id)
    write_faq(shop, "¿Qué vale?", files=(upload,))
    (row,) = _preview(shop, '{"question": "¿Qué vale?", "channels": ["instagram"]}').rows

    assert (row.outcome, row.problem) == ("error", "faq_file_channel")
    assert row.params == {"channel": "Instagram", "file": "tarifas.csv"}


def test_an_export_speaks_the_readers_language_and_names_what_stays_behind(shop: Shop):
    with Work(shop.support) as work:
        upload = UUID(media.upload(work, io.BytesIO(b"%PDF-1.4 tarifas"), "tarifas.pdf").id)
    write_faq(shop, "¿Qué vale?", "precios", answer="Esto.", files=(upload,), channel_kinds=("webchat",))
    write_faq(shop, "¿Y mañana?", is_published=False, answer="", is_sensitive=True)
    with Work(shop.support) as work:
        spanish, english, lines = (
            writing.to_csv(work, "es"),
            writing.to_csv(work, "en"),
            writing.to_json_lines(work),
        )

    assert spanish.removeprefix("\ufeff").split("\r\n") == [
        "pregunta;pregunta_2;respuesta;categoría;idioma;estado;delicada;canales;archivos",
        "¿Qué vale?;precios;Esto.;;es;Publicada;No;web;tarifas.pdf",
        "¿Y mañana?;;;;es;Borrador;Sí;Todos;",
        "",
    ]
    assert (
        english.split("\r\n")[0] == "\ufeffquestion;question_2;answer;category;language;status;sensitive;channels;files"
    )
    assert english.split("\r\n")[2] == "¿Y mañana?;;;;es;Draft;Yes;All;"
    assert json.loads(lines.splitlines()[0])["files"] == ["tarifas.pdf"]
    assert _run(shop, spanish).counts == {"new": 0, "adds": 0, "changed": 0, "unchanged": 2, "error": 0}


WRONG = [
    ("Delicada;pregunta;respuesta\nquizá;a;b\n", "faq_import_sensitive", ("sensitive", "Delicada", "quizá")),
    ("pregunta;estado\na;medio\n", "faq_import_status", ("status", "estado", "medio")),
    ("pregunta;Idioma\na;francés\n", "faq_language", ("language", "Idioma", "francés")),
    ("pregunta;canales\na;fax|web\n", "faq_channels", ("channels", "canales", "fax|web")),
    ("pregunta;respuesta\n;Sí.\n", "faq_phrasing_missing", ("question", "pregunta", "")),
    ("pregunta;respuesta\na;Cuesta {precio}.\n", "faq_variable", ("answer", "respuesta", "Cuesta {precio}.")),
    (
        f"pregunta;pregunta 2\na;{'b' * 301}\n",
        "faq_phrasing_long",
        ("question", "pregunta 2", "b" * 79 + "…"),
    ),
    (f"pregunta;tema\na;{'c' * 61}\n", "faq_category_name", ("category", "tema", "c" * 61)),
    ('{"question": "a", "status": "medio"}', "faq_import_status", ("status", "status", "medio")),
    ("¿Hay?;Cuesta {precio}.\n¿Y?;No\n", "faq_variable", ("answer", "", "Cuesta {precio}.")),
]


@pytest.mark.parametrize(("file", "code", "cell"), WRONG, ids=[f"{each[1]}{n}" for n, each in enumerate(WRONG)])
def test_a_row_that_is_wrong_says_in_which_column_and_what_stands_there(
    shop: Shop, file: str, code: str, cell: tuple[str, str, str]
):
    row = _preview(shop, file).rows[0]

    assert (row.outcome, row.problem) == ("error", code)
    assert row.wrong is not None
    assert (row.wrong.field, row.wrong.column, row.wrong.value) == cell


def test_a_line_that_is_no_json_names_no_column(shop: Shop):
    assert _preview(shop, '{"question": "a"}\nnada').rows[1].wrong is None


def test_a_file_calls_a_category_without_its_accents(shop: Shop):
    with Work(shop.support) as work:
        categories.create_category(work, "Envíos")
    _run(shop, "pregunta;respuesta;categoría\na;b;envios\nc;d;ENVÍOS\ne;f;Regalos\ng;h;régalos\n")

    with Work(shop.support) as work:
        assert [(c.name, c.faqs) for c in queries.list_categories(work)] == [("Envíos", 2), ("Regalos", 2)]
