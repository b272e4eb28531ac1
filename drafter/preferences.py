"""The person's choices (engine, models) as they are kept in the settings of `drafts.db`."""

import json

from drafter.models import default_model
from drafter.shelf import DEFAULT_EMBEDDER
from drafter.types import Settings

NAMES = ("model", "engine", "embedder", "server_model", "api_key")


def settings_from_json(text: str | None) -> Settings:
    """Return the choices kept, with the default for each that was never made or cannot be read."""
    try:
        read = json.loads(text or "{}")
    except (ValueError, RecursionError):
        read = {}
    kept = read if isinstance(read, dict) else {}
    stored = {name: value for name, value in kept.items() if isinstance(value, str)}
    return Settings(
        model=stored.get("model") or default_model(),
        engine=stored.get("engine") or "auto",
        embedder=stored.get("embedder") or DEFAULT_EMBEDDER,
        server_model=stored.get("server_model") or "",
        api_key=stored.get("api_key") or "",
    )


def settings_to_json(settings: Settings) -> str:
    """Return choices as JSON."""
    return json.dumps({name: getattr(settings, name) for name in NAMES}, ensure_ascii=False)
