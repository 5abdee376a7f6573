"""What live push uses of Reflex, so that an upgrade which moves it is noticed here."""

import reflex as rx
from reflex.constants import Endpoint
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from saas_admin.ui import live


def test_what_live_push_uses_of_reflex_is_still_there() -> None:
    assert live.SUFFIX == FIELD_MARKER
    assert str(Endpoint.EVENT) == live.NAMESPACE
    assert f"push{FIELD_MARKER}" in live.LiveState().dict()[live.LiveState.get_full_name()]
    assert hasattr(rx.App, "event_namespace")
    assert StateUpdate(delta={"x": {"y": 1}}).delta == {"x": {"y": 1}}
