"""Nothing is reachable without a declared door: service verbs, queries, event handlers, routes, jobs."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

import pytest
import reflex as rx
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

import saas_admin
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import ROLE_PERMISSIONS, Permission, Role
from saas_admin.core.work import Work
from saas_admin.web.api import DOORS, ROUTES
from tests.shop import open_shop

DOMAIN = ("accounts", "bots", "channels", "conversations", "customers", "faqs", "settings")

# Take a Work that another verb opened; they are parts of it, not doors.
PARTS = {
    "saas_admin.accounts.admins.list_admins",
    "saas_admin.accounts.audit.record",
    "saas_admin.accounts.credentials.own_words",
    "saas_admin.accounts.devices.remember",
    "saas_admin.accounts.devices.when_words",
    "saas_admin.accounts.links.enter",
    "saas_admin.accounts.links.issue",
    "saas_admin.accounts.links.retire",
    "saas_admin.accounts.mails.queue",
    "saas_admin.accounts.mails.queue_of_company",
    "saas_admin.accounts.proofs.me",
    "saas_admin.accounts.sessions.end_all",
    "saas_admin.accounts.sign_in.open_session",
    "saas_admin.accounts.two_factor.count_left",
    "saas_admin.accounts.two_factor.prove",
    "saas_admin.accounts.two_factor.spend",
    "saas_admin.bots.episodes.count",
    "saas_admin.bots.episodes.note",
    "saas_admin.bots.episodes.note_return",
    "saas_admin.bots.episodes.question",
    "saas_admin.bots.hand_over.hand_over",
    "saas_admin.bots.hand_over.promise",
    "saas_admin.bots.history.heard_of",
    "saas_admin.bots.receipts.keep",
    "saas_admin.bots.reply.words",
    "saas_admin.bots.service.ensure",
    "saas_admin.bots.service.settle",
    "saas_admin.bots.setup.of_channel",
    "saas_admin.bots.setup.team",
    "saas_admin.bots.spend.forget_warnings",
    "saas_admin.bots.spend.month_of",
    "saas_admin.bots.spend.provider_of",
    "saas_admin.bots.spend.tell_admins",
    "saas_admin.bots.spend.used",
    "saas_admin.bots.standing.here_by_channel",
    "saas_admin.bots.standing.knowledge",
    "saas_admin.bots.standing.all_channels",
    "saas_admin.bots.standing.live_channels",
    "saas_admin.bots.thresholds.read",
    "saas_admin.channels.exchanges.note",
    "saas_admin.channels.exchanges.note_call",
    "saas_admin.channels.templates.store",
    "saas_admin.channels.templates.sync_soon",
    "saas_admin.channels.templates.take_over",
    "saas_admin.conversations.answers.draft",
    "saas_admin.conversations.answers.ensure_no_other_thread",
    "saas_admin.conversations.answers.of_draft",
    "saas_admin.conversations.answers.open_for_answer",
    "saas_admin.conversations.answers.send",
    "saas_admin.conversations.gate.ensure_consent",
    "saas_admin.conversations.gate.ensure_ours",
    "saas_admin.conversations.gate.ensure_reachable",
    "saas_admin.conversations.gate.is_late",
    "saas_admin.conversations.gate.is_reachable",
    "saas_admin.conversations.gate.may_advertise",
    "saas_admin.conversations.hands.acknowledge",
    "saas_admin.conversations.hands.give",
    "saas_admin.conversations.hands.has_unseen",
    "saas_admin.conversations.hands.see",
    "saas_admin.conversations.hands.theirs",
    "saas_admin.conversations.live.tell_activity",
    "saas_admin.conversations.live.tell_conversation",
    "saas_admin.conversations.live.tell_message",
    "saas_admin.conversations.media.store_upload",
    "saas_admin.conversations.messages.activity_views",
    "saas_admin.conversations.messages.view_of",
    "saas_admin.conversations.messages.views_of",
    "saas_admin.conversations.queries.inbox_rooms",
    "saas_admin.conversations.release.give_back",
    "saas_admin.conversations.rows.read_rows",
    "saas_admin.conversations.rows.row_of",
    "saas_admin.conversations.rows.rows_of",
    "saas_admin.conversations.rows.select_rows",
    "saas_admin.conversations.trail.note_activity",
    "saas_admin.conversations.trail.touch",
    "saas_admin.conversations.trail.wait_again",
    "saas_admin.conversations.voice.change_hand_over",
    "saas_admin.conversations.voice.close",
    "saas_admin.conversations.voice.hear",
    "saas_admin.conversations.voice.of_a_person",
    "saas_admin.conversations.voice.of_the_bot",
    "saas_admin.conversations.voice.owe",
    "saas_admin.conversations.voice.reopen",
    "saas_admin.conversations.voice.reopen_by_hand",
    "saas_admin.faqs.files.take",
    "saas_admin.faqs.knowledge.touch",
    "saas_admin.faqs.knowledge.version_of",
    "saas_admin.faqs.rows.ensure_category",
    "saas_admin.faqs.rows.ensure_room",
    "saas_admin.faqs.rows.find",
    "saas_admin.faqs.rows.known_category",
    "saas_admin.faqs.rows.note",
    "saas_admin.faqs.rows.phrasings_of",
    "saas_admin.faqs.rows.put_in",
    "saas_admin.faqs.rows.put_phrasings",
    "saas_admin.faqs.rows.tell",
    "saas_admin.faqs.rows.turn",
    "saas_admin.faqs.twins.doubled",
    "saas_admin.faqs.twins.read",
    "saas_admin.faqs.variables.render",
    "saas_admin.faqs.variables.values_for",
}


def _modules() -> list[ModuleType]:
    names = [
        m.name for m in pkgutil.walk_packages(saas_admin.__path__, "saas_admin.") if m.name.split(".")[1] in DOMAIN
    ]
    skip = (".state", ".components", ".pages", ".jsx")
    return [importlib.import_module(name) for name in names if not name.endswith(skip)]


def _verbs() -> list[tuple[str, Any]]:
    """Public functions whose first parameter is the Work."""
    found: list[tuple[str, Any]] = []
    for module in _modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            parameters = list(inspect.signature(function).parameters.values())
            if parameters and parameters[0].annotation in (Work, "Work"):
                found.append((f"{module.__name__}.{name}", function))
    return found


def test_every_verb_declares_its_door():
    verbs = _verbs()
    assert len(verbs) > 30
    assert [name for name, function in verbs if name not in PARTS and not hasattr(function, "__door__")] == []


def test_the_list_of_parts_has_no_dead_names():
    assert PARTS - {name for name, _ in _verbs()} == set()


@pytest.fixture(scope="module")
def states() -> list[type[rx.State]]:
    return list_states()


def list_states() -> list[type[rx.State]]:
    """Every State of ours."""
    importlib.import_module("saas_admin.saas_admin")
    found: list[type[rx.State]] = []
    pending = list(rx.State.__subclasses__())
    while pending:
        state = pending.pop()
        pending.extend(state.__subclasses__())
        if state.__module__.startswith("saas_admin.") and not state.__name__.startswith("GuardedState"):
            found.append(state)
    return found


def test_every_event_handler_declares_its_door(states: list[type[rx.State]]):
    open_ones = [
        f"{state.__name__}.{name}"
        for state in states
        for name, handler in state.event_handlers.items()
        if name != "setvar" and not hasattr(handler.fn, "__door__") and name in vars(state)
    ]
    assert len(states) >= 4
    assert open_ones == []


def test_no_state_names_a_handler_that_a_client_could_set_identity_with(states: list[type[rx.State]]):
    assert [
        f"{s.__name__}.{n}" for s in states for n in s.event_handlers if n.startswith("set_") and n in vars(s)
    ] == []


def test_no_state_var_holds_a_table(states: list[type[rx.State]]):
    bad = [
        f"{s.__name__}.{n}"
        for s in states
        for n, kind in inspect.get_annotations(s).items()
        if "saas_admin.models" in str(kind)
    ]
    assert bad == []


def test_every_route_declares_its_door():
    endpoints = [r for r in ROUTES if isinstance(r, Route | WebSocketRoute)]
    assert len(endpoints) == len(ROUTES) > 20
    assert {r.path for r in endpoints} == set(DOORS)


@pytest.mark.parametrize("path", sorted(path for path, door in DOORS.items() if door not in ("public", "local")))
def test_a_closed_route_refuses_a_stranger(db: object, valkey: object, path: str):
    del db, valkey
    shop = open_shop()
    known = {
        "kind": "whatsapp_cloud",
        "public_id": shop.whatsapp_public_id if "webhooks" in path else shop.webchat_public_id,
    }
    url = path.format(**known, attachment_id=shop.webchat_id, file_id=shop.webchat_id, token="x" * 40, filename="a.pdf")
    route = next(r for r in ROUTES if isinstance(r, Route | WebSocketRoute) and r.path == path)
    with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080") as client:
        if isinstance(route, WebSocketRoute):
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(url) as socket:
                socket.receive_json()
            return
        for method in sorted((route.methods or set()) - {"HEAD"}):
            assert client.request(method, url, json={}).status_code in (401, 403, 404), method


def test_every_job_has_a_task_and_every_task_a_job():
    from workers.app import celery_app

    celery_app.loader.import_default_modules()
    ours = {name for name in celery_app.tasks if not name.startswith("celery.")}
    assert ours == {job.value for job in Job}


def test_the_roles_are_what_the_table_says():
    assert ROLE_PERMISSIONS[Role.ADMIN] == frozenset(Permission)
    assert Permission.CONVERSATIONS_READ not in ROLE_PERMISSIONS[Role.MARKETING]
    assert Permission.CHANNELS_MANAGE not in ROLE_PERMISSIONS[Role.SUPPORT]


def test_importing_a_service_never_loads_reflex():
    import subprocess
    import sys

    code = "import sys, workers.app, workers.inbound, workers.outbound, workers.sweeps, saas_admin.web.api; sys.exit('reflex' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
