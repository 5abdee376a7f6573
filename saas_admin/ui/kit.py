"""The pieces of the interface for Python pages: thin functions over classes of `assets/components.css`, and the local JSX."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from saas_admin.ui.i18n import t
from saas_admin.ui.jsx import JSX, LUCIDE


class LocalJsx(rx.Component):
    """A component of the shared folder. Subclasses set `library` to `shared("file.jsx")` and `tag`."""

    lib_dependencies: list[str] = [LUCIDE]


def shared(file: str) -> str:
    return f"{JSX}/{file}"


class ChannelGlyph(LocalJsx):
    library = shared("glyphs.jsx")
    tag = "ChannelGlyph"
    kind: rx.Var[str]
    variant: rx.Var[str]
    size: rx.Var[int]
    off: rx.Var[bool]
    decorative: rx.Var[bool]


class Empty(LocalJsx):
    library = shared("feedback.jsx")
    tag = "Empty"
    scene: rx.Var[str]
    title: rx.Var[str]
    text: rx.Var[str]
    level: rx.Var[int]


class Failed(LocalJsx):
    """In the place of what could not be read: why (`errors.<code>`, where it is known), what that means, and another try."""

    library = shared("feedback.jsx")
    tag = "Failed"
    code: rx.Var[str]
    level: rx.Var[int]
    on_retry: rx.EventHandler[rx.event.no_args_event_spec]


class SkeletonRows(LocalJsx):
    library = shared("feedback.jsx")
    tag = "SkeletonRows"
    n: rx.Var[int]
    avatar: rx.Var[bool]
    padding: rx.Var[str]


class Stay(LocalJsx):
    """The child at `index`; -1 is "not known (yet)": what was shown stays through a reconnect, else the last child."""

    library = shared("stay.jsx")
    tag = "Stay"
    index: rx.Var[int]


def icon(name: str, size: int = 16) -> rx.Component:
    """A lucide icon beside words: hidden from screen readers, which read the words."""
    return rx.icon(
        name,
        size=size,
        stroke_width=2 if size <= 12 else 1.75,
        class_name="shrink-0",
        custom_attrs={"aria-hidden": "true"},
    )


def page_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link inside the app: no reload."""
    return ReactRouterLink.create(*children, to=href, **props)


def link_button(
    *children: Any, to: Any, kind: str = "s", size: str = "", lead: str | None = None, **props: Any
) -> rx.Component:
    return page_link(
        icon(lead, 14) if lead else rx.fragment(),
        *children,
        href=to,
        class_name=f"btn {kind} {size} {props.pop('class_name', '')}".strip(),
        **props,
    )


def page_head(
    title: Any, line: Any, *actions: rx.Component, back: tuple[str, Any] | None = None, mark: rx.Component | None = None
) -> rx.Component:
    """Title, one sentence that says how things stand, actions on the right."""
    return rx.fragment(
        back_link(*back) if back else rx.fragment(),
        rx.el.header(
            mark or rx.fragment(),
            rx.el.div(
                rx.el.h1(title, class_name="display", tab_index=-1),
                rx.el.p(line, class_name="t3 num", style={"marginTop": "2px"}),
                class_name="grow",
            ),
            *actions,
            class_name="head",
        ),
    )


def back_link(href: str, words: Any) -> rx.Component:
    return page_link(icon("arrow-left", 14), words, href=href, class_name="back")


def card(title: Any, *children: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.header(rx.el.h2(title, class_name="title-s grow")),
        rx.el.div(*children, class_name="body"),
        class_name="card",
    )


def forbidden() -> rx.Component:
    return Empty.create(
        page_link(t("ui.forbidden.back"), href="/", class_name="btn s"),
        scene="lock",
        title=t("ui.forbidden.title"),
        text=t("ui.forbidden.text"),
        level=1,
    )
