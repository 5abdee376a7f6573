"""The shared local JSX of the design system, linked into the app's assets.

Other JSX imports it as `"$/public/external/saas_admin/ui/jsx/<file>"`. A module with JSX of its own has a package `jsx`
whose `__init__.py` says `FOLDER = share(__file__, __name__)`.
"""

from pathlib import Path

import reflex as rx


def share(package_file: str, package: str) -> str:
    """Link every script of the calling package; returns the path its components import from."""
    for script in sorted(Path(package_file).parent.iterdir()):
        if script.suffix in {".js", ".jsx", ".css"}:
            rx.asset(script.name, shared=True, _stack_level=2)
    return "$/public/external/" + package.replace(".", "/")


JSX = share(__file__, __name__)
ASSET_FOLDER = Path("assets/external/saas_admin/ui/jsx")
LUCIDE = "lucide-react@1.26.0"
"""The version Reflex's own icons use, so that the bundle holds one copy."""
