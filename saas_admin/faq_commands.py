"""`saas-admin faq …`: FAQs in and out of a company, as the system with an Admin's rights."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from saas_admin.commands import AsJson, DataDir, answer, fail, say, use_running

app = typer.Typer(no_args_is_help=True, help="FAQs of a company.")

_Company = Annotated[UUID, typer.Option("--company", help="Id of the company.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines: question phrasings and an answer.")],
    company_id: _Company,
    language: Annotated[str, typer.Option(help="es, en or pt, where a row says none; by default the company's.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Import FAQs; rows that are wrong are named and left out. A second time changes nothing."""
    use_running(data_dir)
    from saas_admin.core.actor import Actor
    from saas_admin.core.i18n import translate
    from saas_admin.core.work import Work
    from saas_admin.faqs.transfer import importing

    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}")

    def run() -> Any:
        with Work(Actor.system(company_id)) as work:
            if dry_run:
                return importing.preview(work, content, language)
            return importing.run(work, content, language, name=file.name)

    report = answer(run)
    if report.problem:
        fail(translate(f"errors.{report.problem}", "en"))
    wrong = [row for row in report.rows if row.problem]
    problems = [{"row": row.row, "problem": translate(f"errors.{row.problem}", "en", **row.params)} for row in wrong]
    if as_json:
        say({**report.counts, "dry_run": dry_run, "problems": problems}, as_json=True)
    else:
        say({"dry run": "nothing was changed", **report.counts} if dry_run else report.counts, as_json=False)
        for problem in problems:
            typer.echo(f"row {problem['row']}: {problem['problem']}", err=True)
    if problems and len(problems) == len(report.rows):
        raise typer.Exit(1)


@app.command("export")
def export(
    company_id: _Company,
    kind: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
    data_dir: DataDir = None,
) -> None:
    """Print every FAQ in a form that `faq import` takes again."""
    use_running(data_dir)
    from saas_admin.core.actor import Actor
    from saas_admin.core.work import Work
    from saas_admin.faqs.transfer import writing

    if kind not in ("csv", "jsonl"):
        fail("The format is csv or jsonl.")

    def run() -> str:
        with Work(Actor.system(company_id)) as work:
            return writing.to_csv(work, "en") if kind == "csv" else writing.to_json_lines(work)

    # Bytes as they are: a text stream would turn the line ends of the CSV into others.
    typer.get_binary_stream("stdout").write(answer(run).encode())


@app.command("reindex")
def reindex(
    company_id: Annotated[UUID | None, typer.Option("--company", help="Only this one; else every company.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make the vector store hold exactly what is published. Answers go on meanwhile."""
    use_running(data_dir)
    from saas_admin.adapters.embeddings.base import EmbeddingError
    from saas_admin.bots.library import library
    from saas_admin.bots.vectors import StoreAway
    from saas_admin.core import doors

    companies = [company_id] if company_id else doors.all_knowledge()
    texts = refused = 0
    for each in companies:
        try:
            texts += library.reindex(each, in_all_shards=True)
        except StoreAway as away:
            fail(f"The vector store does not answer ({away}): see `saas-admin doctor`.")
        except EmbeddingError as trouble:
            # Of this company's own model: the others go on.
            refused += 1
            typer.echo(f"{each}: {trouble}", err=True)
    say({"companies": len(companies) - refused, "texts": texts, "encoders": library.encoders.key}, as_json=as_json)
    if refused:
        raise typer.Exit(1)
