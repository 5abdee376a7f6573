"""`saas-admin …`: a thin door. Each area brings its own commands as a Typer app; nothing heavy is imported here."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from saas_admin import commands, faq_commands
from saas_admin.core.config import Settings, get_settings, point_at

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Run and operate saas-admin.")

app.add_typer(commands.company, name="company")
app.add_typer(commands.channel, name="channel")
app.add_typer(faq_commands.app, name="faq")
app.command("export")(commands.export)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where the instance keeps everything.")]


def use(data_dir: Path | None) -> Settings:
    """Every command's first line: whose data directory is meant."""
    return point_at(SAAS_ADMIN_DATA_DIR=str(data_dir)) if data_dir else get_settings()


def use_running(data_dir: Path | None) -> Settings:
    """The same, for commands that need the engines of a running instance."""
    settings = use(data_dir)
    if not settings.is_connected:
        fail(
            f"No instance is running on {settings.data_dir}. Start one with `saas-admin up --data-dir {settings.data_dir}`,"
            " or set DATABASE_URL, OWNER_DATABASE_URL and REDIS_URL."
        )
    return settings


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@app.command()
def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    data_dir: DataDir = None,
    demo: Annotated[bool, typer.Option("--demo", help="With a demo company; this machine only.")] = False,
) -> None:
    """Run everything: engines, migrations, workers, web."""
    from saas_admin.platform.instance import Instance, Refused

    given = {"host": host, "port": port, "data_dir": data_dir, "demo": demo or None}
    settings = Settings.from_environment(**{name: value for name, value in given.items() if value is not None})
    try:
        code = Instance(settings, typer.echo).run()
    except Refused as refusal:
        fail(str(refusal))
    raise typer.Exit(code)


@app.command()
def build(data_dir: DataDir = None) -> None:
    """Compile the dashboard and the widget now, so that the next `up` starts at once."""
    from saas_admin.core.engines.process import EngineError
    from saas_admin.platform import frontend
    from saas_admin.web import widget_assets

    try:
        widget_assets.build()
        frontend.build(use(data_dir))
    except EngineError as failure:
        fail(str(failure))


@app.command()
def doctor(data_dir: DataDir = None) -> None:
    """Say what is wrong with this install; non-zero when something is."""
    from saas_admin.platform.doctor import examine

    settings = use(data_dir)
    checks = examine(settings)
    for check in checks:
        typer.echo(f"{'ok   ' if check.ok else 'WRONG'} {check.name}: {check.sentence}")
        if check.detail:
            typer.echo(f"      {check.detail}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="ingest, live, inbox, widget, pacing, answers or faq.")],
    folder: Annotated[Path | None, typer.Argument(help="faq: a folder of a FAQ set, or of several.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller, in less than a minute; not of faq.")] = False,
    k: Annotated[int, typer.Option("--k", min=1, help="faq: phrasings of each FAQ that the bot knows.")] = 5,
    lang: Annotated[str | None, typer.Option(help="faq: questions in this language, by the file's name.")] = None,
    noisy: Annotated[
        bool, typer.Option("--noisy", help="faq: rewrite questions by the noise.py in or above it.")
    ] = False,
    noise: Annotated[Path | None, typer.Option(help="faq: a Python file whose noisy(text) rewrites questions.")] = None,
    threshold: Annotated[
        float | None, typer.Option(help="faq: confidence from which the bot answers by itself.")
    ] = None,
    faqs: Annotated[Path | None, typer.Option(help="faq: this file instead of the folder's faqs.jsonl.")] = None,
    queries: Annotated[Path | None, typer.Option(help="faq: this file instead of the folder's queries.")] = None,
) -> None:
    """Measure this version on this machine, on a data directory of its own; non-zero when a budget is missed."""
    from saas_admin.core.engines.process import EngineError
    from saas_admin.platform.bench import registry

    if name not in registry.NAMES:
        fail(f"Nothing is measured as {name!r}. Choose one of: {', '.join(registry.NAMES)}.")
    given = {
        "lang": lang,
        "noisy": noisy or None,
        "noise": noise,
        "threshold": threshold,
        "faqs": faqs,
        "queries": queries,
    }
    options = {option: value for option, value in given.items() if value is not None}
    try:
        report = registry.run_faq(folder, k, options) if name == "faq" else registry.run(name, quick)
    except (EngineError, registry.Unusable) as failure:
        fail(str(failure))
    typer.echo(json.dumps(report.json(), ensure_ascii=False) if as_json else "\n".join(report.lines()))
    if not report.ok:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
