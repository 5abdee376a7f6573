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


class Avatar(LocalJsx):
    library = shared("glyphs.jsx")
    tag = "Avatar"
    name: rx.Var[str]
    tint: rx.Var[int]
    url: rx.Var[str]
    size: rx.Var[int]
    channel: rx.Var[str]
    presence: rx.Var[str]
    decorative: rx.Var[bool]


class ProductMark(LocalJsx):
    library = shared("glyphs.jsx")
    tag = "ProductMark"
    size: rx.Var[int]


class Empty(LocalJsx):
    library = shared("feedback.jsx")
    tag = "Empty"
    scene: rx.Var[str]
    title: rx.Var[str]
    text: rx.Var[str]
    level: rx.Var[int]


class SkeletonRows(LocalJsx):
    library = shared("feedback.jsx")
    tag = "SkeletonRows"
    n: rx.Var[int]
    avatar: rx.Var[bool]
    padding: rx.Var[str]


class Ago(LocalJsx):
    library = shared("feedback.jsx")
    tag = "Ago"
    at: rx.Var[str]
    empty: rx.Var[str]


class Stay(LocalJsx):
    """The child at `index`; -1 is "not known (yet)": what was shown stays through a reconnect, else the last child."""

    library = shared("stay.jsx")
    tag = "Stay"
    index: rx.Var[int]


class CopyLine(LocalJsx):
    library = shared("forms.jsx")
    tag = "CopyLine"
    text: rx.Var[str]
    label: rx.Var[str]
    many: rx.Var[bool]


class ConfirmDialog(LocalJsx):
    library = shared("overlays.jsx")
    tag = "ConfirmDialog"
    open: rx.Var[bool]
    title: rx.Var[str]
    text: rx.Var[str]
    verb: rx.Var[str]
    busy: rx.Var[bool]
    danger: rx.Var[bool]
    on_confirm: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


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


def button(
    *children: Any, kind: str = "s", size: str = "", busy: Any = False, lead: str | None = None, **props: Any
) -> rx.Component:
    """`kind` p(rimary) s(econdary) t(onal) g(host) d(anger). While busy a spinner takes the icon's place and the label stays."""
    mark = icon(lead, 14) if lead else rx.fragment()
    props.setdefault("type", "button")
    return rx.el.button(
        mark if busy is False else rx.cond(busy, rx.el.span(class_name="spin", aria_hidden="true"), mark),
        *children,
        class_name=f"btn {kind} {size} {props.pop('class_name', '')}".strip(),
        disabled=props.pop("disabled", busy),
        custom_attrs={"aria-busy": busy},
        **props,
    )


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


def chip(*children: Any, tone: str = "", dot: bool = False) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name="d") if dot else rx.fragment(), *children, class_name=f"chip {tone}".strip()
    )


def live_dot(tone: str = "") -> rx.Component:
    """Always followed by a sentence: colour is never the only sign."""
    return rx.el.span(class_name=f"live {tone}".strip())


def card(title: Any, *children: rx.Component, aside: rx.Component | None = None, pad: bool = True) -> rx.Component:
    return rx.el.section(
        rx.el.header(rx.el.h2(title, class_name="title-s grow"), aside or rx.fragment()),
        rx.el.div(*children, style={"padding": "16px 20px 20px"}) if pad else rx.fragment(*children),
        class_name="card",
    )


def banner(
    *children: Any, tone: str = "", lead: str = "triangle-alert", action: rx.Component | None = None
) -> rx.Component:
    return rx.el.div(
        rx.el.span(icon(lead, 20), class_name="lead"),
        rx.el.div(*children, class_name="grow"),
        action or rx.fragment(),
        role="status",
        class_name=f"banner {tone}".strip(),
    )


def forbidden() -> rx.Component:
    return Empty.create(
        page_link(t("ui.forbidden.back"), href="/", class_name="btn s"),
        scene="lock",
        title=t("ui.forbidden.title"),
        text=t("ui.forbidden.text"),
        level=1,
    )
