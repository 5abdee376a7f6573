"""The shared local JSX of the design system, linked into the app's assets.

Other JSX imports it as `"$/public/external/saas_admin/ui/jsx/<file>"`. A module with JSX of its own has a package `jsx`
whose `__init__.py` says `FOLDER = share(__file__, __name__)`.
"""

import os
from pathlib import Path

EXTERNAL = Path("assets/external")


def share(package_file: str, package: str) -> str:
    """Link every script of the calling package; returns the path its components import from.

    What `rx.asset(…, shared=True)` does, without its look at the call stack: thirty files cost three seconds of every
    start that way.
    """
    folder = EXTERNAL / package.replace(".", "/")
    folder.mkdir(parents=True, exist_ok=True)
    for script in sorted(Path(package_file).parent.iterdir()):
        if script.suffix in {".js", ".jsx", ".css"}:
            _link(folder / script.name, script.resolve())
    return "$/public/external/" + package.replace(".", "/")


def _link(place: Path, script: Path) -> None:
    if place.is_symlink() and place.readlink() == script:
        return
    # Made aside and moved: another process of the same checkout may be doing the same.
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    fresh.symlink_to(script)
    fresh.replace(place)


JSX = share(__file__, __name__)
ASSET_FOLDER = EXTERNAL / "saas_admin/ui/jsx"
LUCIDE = "lucide-react@1.26.0"
"""The version Reflex's own icons use, so that the bundle holds one copy."""
