"""Commands of the domain: companies, channels, export. A thin door to services, run as the system with an Admin's rights."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn
from uuid import UUID

import typer

from saas_admin.core.config import get_settings, point_at

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where the instance keeps everything.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as one line of JSON.")]

company = typer.Typer(no_args_is_help=True, help="Companies.")
channel = typer.Typer(no_args_is_help=True, help="Channels of a company.")


@company.command("create")
def company_create(
    name: Annotated[str, typer.Option(help="Name of the shop.")],
    email: Annotated[str, typer.Option(help="E-mail of its first Admin.")],
    password: Annotated[str, typer.Option(help="Password, or @file to keep it out of the process list.")],
    person: Annotated[str | None, typer.Option(help="Name of the Admin; by default the part before the @.")] = None,
    lang: Annotated[str, typer.Option(help="es or en.")] = "es",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Create a company and its first Admin, e-mail already confirmed."""
    use_running(data_dir)
    from saas_admin.accounts import service as accounts

    def run() -> Any:
        with accounts.system_work() as work:
            return accounts.register(
                work,
                company=name,
                name=person or email.split("@")[0],
                email=email,
                password=_value(password),
                lang=lang,
                confirmed=True,
            )

    made = answer(run)
    if not made.is_new:
        fail("There is an account with this e-mail already.")
    say({"company_id": str(made.company_id), "user_id": str(made.user_id)}, as_json)


@channel.command("add")
def channel_add(
    kind: Annotated[str, typer.Argument(help="whatsapp_cloud, twilio, messenger, instagram, telegram or webchat.")],
    company_id: Annotated[UUID, typer.Option("--company", help="Id of the company.")],
    more: Annotated[list[str] | None, typer.Argument(help="Further key=value pairs after --set.")] = None,
    settings: Annotated[
        list[str], typer.Option("--set", help="key=value; key=@file reads the value from a file.")
    ] = [],  # noqa: B006 (Typer)
    name: Annotated[str | None, typer.Option(help="What the company calls it.")] = None,
    no_check: Annotated[bool, typer.Option("--no-check", help="Do not ask the provider.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Connect a channel."""
    use_running(data_dir)
    from saas_admin.channels import service as channels
    from saas_admin.core.actor import Actor
    from saas_admin.core.work import Work

    values = dict(_pair(given) for given in [*settings, *(more or [])])

    def run() -> Any:
        checked = channels.check(kind, name or values.get("title") or kind, values, ask_provider=not no_check)
        with Work(Actor.system(company_id)) as work:
            return channels.create(work, checked)

    made = answer(run)
    say({"channel_id": made.id, "public_id": made.public_id, "webhook_url": made.webhook_url}, as_json)


def export(
    what: Annotated[str, typer.Argument(help="conversations, messages, customers or events.")],
    company_id: Annotated[UUID, typer.Option("--company", help="Id of the company.")],
    data_dir: DataDir = None,
) -> None:
    """Print every row of a company as JSON lines, times in UTC."""
    use_running(data_dir)
    from saas_admin.platform import export as exports

    if what not in exports.KINDS:
        fail(f"Nothing is called {what!r} here. Export one of: {', '.join(sorted(exports.KINDS))}.")
    try:
        for row in exports.rows(what, company_id):
            typer.echo(json.dumps(row, ensure_ascii=False))
    except BrokenPipeError:
        raise typer.Exit(0) from None


def use_running(data_dir: Path | None) -> None:
    settings = point_at(SAAS_ADMIN_DATA_DIR=str(data_dir)) if data_dir else get_settings()
    if not settings.is_connected:
        fail(
            f"No instance is running on {settings.data_dir}. Start one with `saas-admin up --data-dir {settings.data_dir}`,"
            " or set DATABASE_URL, OWNER_DATABASE_URL and REDIS_URL."
        )


def _pair(given: str) -> tuple[str, str]:
    key, separator, value = given.partition("=")
    if not separator:
        fail(f"--set takes key=value, not {given!r}.")
    return key.strip(), _value(value)


def _value(text: str) -> str:
    """A value, or the content of @file: secrets given so do not show in `ps`."""
    return Path(text[1:]).read_text().strip() if text.startswith("@") else text


def answer(call: Any) -> Any:
    from sqlalchemy.exc import IntegrityError, OperationalError

    from saas_admin.core.errors import AppError
    from saas_admin.core.i18n import translate

    try:
        return call()
    except AppError as error:
        sentences = [
            f"{field}: {translate(f'errors.{code}', 'en', **error.params)}" for field, code in error.fields.items()
        ]
        fail("\n".join(sentences) or translate(f"errors.{error.code}", "en", **error.params))
    except IntegrityError:
        fail("There is no company with this id.")
    except OperationalError:
        fail("The database does not answer. Is the instance of this data directory running?")


def say(values: dict[str, Any], as_json: bool) -> None:
    typer.echo(json.dumps(values) if as_json else "\n".join(f"{key}: {value}" for key, value in values.items()))


def fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
