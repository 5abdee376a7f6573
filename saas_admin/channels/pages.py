from saas_admin.core.permissions import Permission
from saas_admin.ui.page import admin_page
import reflex as rx
@admin_page("/channels", Permission.CHANNELS_READ, title="ui.nav.channels")
def channels_page():
    return rx.el.div(rx.el.h1("Canales", class_name="display"), class_name="wrap")
