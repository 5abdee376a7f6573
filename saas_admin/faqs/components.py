"""FAQs: the list, the editor, the import."""

from typing import Any

import reflex as rx

from saas_admin.adapters.channels import registry
from saas_admin.core.permissions import Permission
from saas_admin.faqs.categories import NAME_LENGTH
from saas_admin.faqs.content import ANSWER_LENGTH, MAX_FILES, MAX_PHRASINGS, PHRASING_LENGTH
from saas_admin.faqs.jsx import FOLDER
from saas_admin.faqs.state import FaqsState, FaqState
from saas_admin.faqs.transfer.reading import FIELDS
from saas_admin.faqs.variables import LANGUAGES, VARIABLES
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.kit import LocalJsx

_TEXT = rx.event.passthrough_event_spec(str)
_FORM = rx.event.passthrough_event_spec(dict)
_LIST = rx.event.passthrough_event_spec(list)
_NUMBER = rx.event.passthrough_event_spec(int)
_NOTHING = rx.event.no_args_event_spec


def _gives(*types: type) -> Any:
    """The event carries these values, in this order."""
    return rx.event.passthrough_event_spec(*types)


CHANNELS = [
    {
        "kind": kind,
        "limit": registry.get(kind).capabilities.text_limit,
        "counts": "bytes" if registry.get(kind).capabilities.counts_bytes else "letters",
    }
    for kind in registry.kinds()
]
LIMITS = {
    "phrasings": MAX_PHRASINGS,
    "phrasing": PHRASING_LENGTH,
    "answer": ANSWER_LENGTH,
    "files": MAX_FILES,
    "category": NAME_LENGTH,
}


class FaqBoard(LocalJsx):
    library = f"{FOLDER}/board.jsx"
    tag = "FaqBoard"
    rows: rx.Var[list[dict[str, Any]]]
    total: rx.Var[int]
    next: rx.Var[str]
    chosen: rx.Var[dict[str, Any]]
    overview: rx.Var[dict[str, Any]]
    loaded: rx.Var[bool]
    permissions: rx.Var[list[str]]
    channels: rx.Var[list[dict[str, Any]]]
    error: rx.Var[str]
    params: rx.Var[dict[str, str]]
    done: rx.Var[int]
    limits: rx.Var[dict[str, int]]
    on_narrow: rx.EventHandler[_FORM]
    on_more: rx.EventHandler[_NOTHING]
    on_refresh: rx.EventHandler[_NOTHING]
    on_publish: rx.EventHandler[_LIST]
    on_unpublish: rx.EventHandler[_LIST]
    on_remove: rx.EventHandler[_LIST]
    on_bring_back: rx.EventHandler[_LIST]
    on_move: rx.EventHandler[_gives(list, str)]
    on_add_category: rx.EventHandler[_TEXT]
    on_rename_category: rx.EventHandler[_gives(str, str)]
    on_remove_category: rx.EventHandler[_TEXT]
    on_order: rx.EventHandler[_LIST]


class FaqEditor(LocalJsx):
    library = f"{FOLDER}/editor.jsx"
    tag = "FaqEditor"
    faq: rx.Var[dict[str, Any]]
    categories: rx.Var[list[dict[str, Any]]]
    samples: rx.Var[dict[str, dict[str, str]]]
    proposals: rx.Var[list[dict[str, Any]]]
    twins: rx.Var[dict[str, Any]]
    history: rx.Var[list[dict[str, Any]]]
    history_problem: rx.Var[str]
    ready: rx.Var[bool]
    trouble: rx.Var[dict[str, str]]
    busy: rx.Var[bool]
    errors: rx.Var[dict[str, str]]
    params: rx.Var[dict[str, Any]]
    problem: rx.Var[str]
    done: rx.Var[int]
    saved: rx.Var[dict[str, Any]]
    can_manage: rx.Var[bool]
    company: rx.Var[str]
    variables: rx.Var[list[str]]
    languages: rx.Var[list[str]]
    channels: rx.Var[list[dict[str, Any]]]
    limits: rx.Var[dict[str, int]]
    on_save: rx.EventHandler[_FORM]
    on_twins: rx.EventHandler[_FORM]
    on_history: rx.EventHandler[_NOTHING]
    on_more_history: rx.EventHandler[_NOTHING]
    on_restore: rx.EventHandler[_NUMBER]
    on_unpublish: rx.EventHandler[_NOTHING]
    on_remove: rx.EventHandler[_NOTHING]
    on_add_category: rx.EventHandler[_TEXT]
    on_refresh: rx.EventHandler[_NOTHING]
    on_retry: rx.EventHandler[_NOTHING]


class FaqImport(LocalJsx):
    library = f"{FOLDER}/import.jsx"
    tag = "FaqImport"
    fields: rx.Var[list[str]]
    languages: rx.Var[list[str]]


def faq_board() -> rx.Component:
    return FaqBoard.create(
        rows=FaqsState.rows,
        total=FaqsState.total,
        next=FaqsState.next,
        chosen=FaqsState.chosen,
        overview=FaqsState.overview,
        loaded=FaqsState.is_loaded,
        permissions=SessionState.permissions,
        channels=CHANNELS,
        error=FaqsState.error,
        params=FaqsState.error_params,
        done=FaqsState.done,
        limits=LIMITS,
        on_narrow=FaqsState.narrow,
        on_more=FaqsState.more,
        on_refresh=FaqsState.refresh,
        on_publish=FaqsState.publish,
        on_unpublish=FaqsState.unpublish,
        on_remove=FaqsState.remove,
        on_bring_back=FaqsState.bring_back,
        on_move=FaqsState.move,
        on_add_category=FaqsState.add_category,
        on_rename_category=FaqsState.rename_category,
        on_remove_category=FaqsState.remove_category,
        on_order=FaqsState.order_categories,
    )


def faq_editor(load: Any) -> rx.Component:
    """`load`: the handler that opens the page, for another try."""
    return FaqEditor.create(
        faq=FaqState.faq,
        categories=FaqState.categories,
        samples=FaqState.samples,
        proposals=FaqState.proposals,
        twins=FaqState.twins,
        history=FaqState.history,
        history_problem=FaqState.history_problem,
        ready=FaqState.is_ready,
        trouble=FaqState.trouble,
        busy=FaqState.is_busy,
        errors=FaqState.errors,
        params=FaqState.params,
        problem=FaqState.problem,
        done=FaqState.done,
        saved=FaqState.saved,
        can_manage=may(Permission.FAQS_MANAGE),
        company=SessionState.company_name,
        variables=list(VARIABLES),
        languages=list(LANGUAGES),
        channels=CHANNELS,
        limits=LIMITS,
        on_save=FaqState.save,
        on_twins=FaqState.look_for_twins,
        on_history=FaqState.show_history,
        on_more_history=FaqState.show_more_history,
        on_restore=FaqState.restore,
        on_unpublish=FaqState.unpublish,
        on_remove=FaqState.remove,
        on_add_category=FaqState.add_category,
        on_refresh=FaqState.refresh,
        on_retry=load,
    )


def faq_import() -> rx.Component:
    return FaqImport.create(fields=list(FIELDS), languages=list(LANGUAGES))
