"""The door of every event handler: who may pass, what a refusal does, and how quickly a change is felt."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx
from sqlalchemy.exc import OperationalError

from saas_admin.accounts import queries
from saas_admin.accounts.queries import SessionView
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.clock import now
from saas_admin.core.errors import Forbidden, Invalid
from saas_admin.core.permissions import Permission, Role
from saas_admin.ui import base_state, identity
from saas_admin.ui.base_state import GuardedState, SessionState, handler
from saas_admin.ui.live import LiveState
from tests.shop import session_of

# States register when their module is imported.
for _module in ("accounts", "channels", "conversations"):
    import_module(f"saas_admin.{_module}.pages")

# Reflex's own, and the mailbox the hub writes past the server.
FRAMEWORK = ("reflex.", "reflex_base.", "reflex_components")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def session(role: Role = Role.ADMIN, *, confirmed: bool = True) -> SessionView:
    return session_of(Actor(ActorKind.AGENT, uuid4(), uuid4(), role, "Nuria"), confirmed=confirmed)


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, SessionView]]:
    known: dict[str, SessionView] = {}
    monkeypatch.setattr(queries, "find_session", lambda token: known.get(token))
    identity._kept.clear()
    yield known
    identity._kept.clear()


class Caller:
    """What a State is to its guard: a router with a cookie and a path."""

    def __init__(self, cookie: str = "", path: str = "/channels") -> None:
        self.router = SimpleNamespace(headers=SimpleNamespace(cookie=cookie), url=SimpleNamespace(path=path))
        self.done: list[str] = []


class Doors:
    @handler(Permission.CHANNELS_MANAGE)
    async def manage(self: Any, name: str) -> str:
        self.done.append(name)
        return "managed"

    @handler(Permission.CHANNELS_READ, opens_page=True)
    async def open(self: Any) -> None:
        self.done.append("opened")

    @handler(None)
    async def belong(self: Any) -> None:
        self.done.append("belonged")

    @handler(Permission.CHANNELS_READ)
    async def stream(self: Any) -> Any:
        self.done.append("first")
        yield "first"
        self.done.append("second")


def target(event: Any) -> str:
    return str({str(name): str(value) for name, value in event.args}["path"]).strip('"')


@pytest.mark.anyio
async def test_without_a_session_the_handler_does_not_run_and_the_way_back_is_kept(
    sessions: dict[str, SessionView],
) -> None:
    caller = Caller()

    answer = await Doors.manage(caller, "x")

    assert target(answer) == "/login?next=/channels"
    assert caller.done == []


@pytest.mark.anyio
async def test_an_unconfirmed_person_is_sent_to_confirm(sessions: dict[str, SessionView]) -> None:
    sessions["t"] = session(confirmed=False)
    caller = Caller("sid=t")

    assert target(await Doors.manage(caller, "x")) == "/confirm-email"
    assert caller.done == []


@pytest.mark.anyio
@pytest.mark.parametrize(("days", "goes_on"), [(-1, False), (1, True)])
async def test_when_the_grace_is_over_nothing_but_the_second_factor_is_reachable(
    sessions: dict[str, SessionView], days: int, goes_on: bool
) -> None:
    due = now() + timedelta(days=days)
    sessions["t"] = session_of(Actor(ActorKind.AGENT, uuid4(), uuid4(), Role.ADMIN, "Nuria"), two_factor_due=due)
    caller = Caller("sid=t")

    answer = await Doors.manage(caller, "x")

    assert (answer if goes_on else target(answer), caller.done) == (
        ("managed", ["x"]) if goes_on else ("/set-up-two-step", [])
    )


@pytest.mark.anyio
async def test_a_role_without_the_permission_is_told_and_nothing_happens(sessions: dict[str, SessionView]) -> None:
    sessions["t"] = session(Role.SUPPORT)
    caller = Caller("sid=t")

    answer = await Doors.manage(caller, "x")

    assert answer is SessionState.say_forbidden
    assert caller.done == []


@pytest.mark.anyio
async def test_who_may_passes_with_arguments_and_result(sessions: dict[str, SessionView]) -> None:
    sessions["t"] = session()
    caller = Caller("other=1; sid=t")

    assert await Doors.manage(caller, "x") == "managed"
    await Doors.belong(caller)
    assert caller.done == ["x", "belonged"]


@pytest.mark.anyio
async def test_a_page_says_that_not_even_its_guard_could_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(token: str | None) -> SessionView | None:
        raise OperationalError("select", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(queries, "find_session", away)
    caller = Caller("sid=t")

    async def fail(code: str) -> None:
        caller.done.append(code)

    monkeypatch.setattr(caller, "_fail", fail, raising=False)
    assert await Doors.open(caller) is None
    assert caller.done == ["unavailable"]
    with pytest.raises(OperationalError):
        await Doors.belong(caller)
    assert caller.done == ["unavailable"]


@pytest.mark.anyio
async def test_a_stream_is_guarded_before_its_first_step(sessions: dict[str, SessionView]) -> None:
    stranger, member = Caller(), Caller("sid=t")
    sessions["t"] = session()

    refused = [event async for event in Doors.stream(stranger)]
    passed = [event async for event in Doors.stream(member)]

    assert [target(event) for event in refused] == ["/login?next=/channels"]
    assert stranger.done == []
    assert passed == ["first"]
    assert member.done == ["first", "second"]


def test_a_sync_generator_cannot_be_guarded() -> None:
    def steps(self: Any) -> Any:
        yield

    with pytest.raises(TypeError):
        handler(None)(steps)


@pytest.mark.anyio
async def test_a_revoked_session_is_felt_within_five_seconds(
    sessions: dict[str, SessionView], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(identity, "time", SimpleNamespace(monotonic=lambda: clock.now))
    sessions["t"] = session()
    assert await identity.find_identity("sid=t")

    sessions.clear()
    clock.now += 5.0

    assert await identity.find_identity("sid=t") is None


@pytest.mark.parametrize(
    ("cookie", "token"),
    [
        ("sid=abc", "abc"),
        ("a=1; sid=abc; b=2", "abc"),
        ("__Host-sid=s; sid=abc", "s"),
        ("", ""),
        ("xsid=abc", ""),
        ("sid", ""),
    ],
)
def test_the_session_is_read_from_the_cookie(cookie: str, token: str) -> None:
    assert identity.session_token(cookie) == token


@pytest.mark.anyio
async def test_an_error_of_a_verb_becomes_one_notice_in_words(
    sessions: dict[str, SessionView], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, Any]]] = []

    class Fake(Caller):
        _ask = GuardedState._ask
        _do = GuardedState._do

        def _actor(self) -> Any:
            return None

        async def _notify(self, key: str, **params: Any) -> None:
            said.append((key, params))

    class NoWork:
        def __init__(self, actor: Any) -> None: ...
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *error: object) -> None: ...

    def verb(work: Any) -> None:
        raise Forbidden(permission="x")

    monkeypatch.setattr(base_state, "Work", NoWork)
    caller: Any = Fake()

    assert await caller._do(verb) is None
    assert said == [("errors.forbidden", {"kind": "error", "permission": "x"})]
    _, error = await caller._ask(lambda work: (_ for _ in ()).throw(Invalid(fields={"name": "name_length"})))
    assert error.fields == {"name": "name_length"}


def all_states() -> list[type[rx.State]]:
    found: list[type[rx.State]] = []
    todo: list[Any] = [rx.State]
    while todo:
        state = todo.pop()
        todo += state.get_substates()
        if not state.__module__.startswith(FRAMEWORK) and not state.__module__.startswith("tests."):
            found.append(state)
    return sorted(found, key=lambda state: state.__name__)


def test_there_are_states_to_look_at() -> None:
    assert {SessionState, LiveState} <= set(all_states())


@pytest.mark.parametrize("state", all_states(), ids=lambda state: state.__name__)
def test_every_handler_of_every_state_has_a_door(state: type[rx.State]) -> None:
    """Any public method of a State can be called by any client, decorated or not."""
    inherited = set(rx.State.event_handlers)
    open_ones = [
        name
        for name, event in state.event_handlers.items()
        if name not in inherited | {"setvar"} and not getattr(event.fn, "__door__", None)
    ]

    assert open_ones == []


def test_public_handlers_are_few_and_known() -> None:
    """Each of these checks by itself; a new one is a decision."""
    public = {
        f"{state.__name__}.{name}"
        for state in all_states()
        for name, event in state.event_handlers.items()
        if getattr(event.fn, "__door__", "") == "public"
    }

    assert public == {
        "SessionState.load",
        "SessionState.welcome",
        "SessionState.await_confirmation",
        "SessionState.await_two_factor",
        "SessionState.note_demo",
        "SessionState.say_forbidden",
        "SessionState.say_unexpected",
    }
