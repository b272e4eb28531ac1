"""What a person may ask of a program that is to stay within one machine: where it is connected to,
whether its models are the published ones, which fonts there are, what could go outward.

Part of the composer. Asks nothing of the network. Hashes of model files are kept by size and time
of change (home/hashes.json), so that a second look takes no time; a file changed since is read
again.
"""

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drafter.chat.address import is_loopback
from drafter.export.fonts import missing_fonts, named_fonts
from drafter.export.profile import STANDARD, load_profile
from drafter.models import list_models
from drafter.sockets import Socket, sockets
from drafter.types import Settings
from index.embed import default_weights
from index.home import home, models_dir
from index.weights import Weights

CHUNK = 4 << 20
# Switches that libraries read; each must stand as named for nothing to be sent or asked.
SWITCHES = {
    "GRADIO_ANALYTICS_ENABLED": ("False", "页面框架的使用统计"),
    "HF_HUB_OFFLINE": ("1", "模型网站的联网查询"),
}
PROXIES = ("http_proxy", "https_proxy", "all_proxy")

OnHash = Callable[[str, int, int], None]
"""Told (file, bytes read, bytes in all) while a model is hashed."""


@dataclass(frozen=True, slots=True)
class ModelLook:
    """A model file of the manifest. `sound` None: not read yet."""

    name: str
    file: str
    bytes: int
    sound: bool | None
    sha256: str


@dataclass(frozen=True, slots=True)
class OfflineLook:
    """All that is shown. `sockets` is None where the system does not tell; `server` is the address
    of a model server the person chose, "" for none; `switches` are (what, is it off)."""

    sockets: tuple[Socket, ...] | None
    models: tuple[ModelLook, ...]
    fonts_found: tuple[str, ...]
    fonts_missing: tuple[str, ...]
    server: str
    switches: tuple[tuple[str, bool], ...]
    proxies: tuple[str, ...]

    @property
    def outward(self) -> tuple[Socket, ...]:
        """Connections this program made to other machines."""
        return tuple(one for one in self.sockets or () if one.where == "outward")

    @property
    def incoming(self) -> tuple[Socket, ...]:
        """Connections other machines made to this program."""
        return tuple(one for one in self.sockets or () if one.where == "incoming")


def look(settings: Settings) -> OfflineLook:
    """Return how things stand now; reads no model file."""
    named = tuple(named_fonts(load_profile(STANDARD)))
    missing = tuple(font.name for font in missing_fonts(load_profile(STANDARD)))
    address = settings.model if "://" in settings.model else ""
    return OfflineLook(
        sockets(),
        tuple(_known(weights) for weights in _weights()),
        tuple(name for name in named if name not in missing),
        missing,
        address,
        _switches(os.environ),
        tuple(name for name in PROXIES if os.environ.get(name) or os.environ.get(name.upper())),
    )


def is_outward(address: str) -> bool:
    """Say whether a model server's address is another machine's."""
    return bool(address) and not is_loopback(address)


def _switches(environment: Mapping[str, str]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (what, environment.get(name, "").lower() == wanted.lower())
        for name, (wanted, what) in SWITCHES.items()
    )


def _weights() -> tuple[Weights, ...]:
    """Return the manifest's models whose files are here."""
    every = (*(info.weights for info in list_models()), default_weights())
    return tuple(one for one in every if (models_dir() / one.file).is_file())


def _cache_file() -> Path:
    return home() / "hashes.json"


def _cache() -> dict[str, str]:
    try:
        kept = json.loads(_cache_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _key(path: Path) -> str:
    stat = path.stat()
    return f"{path.name}|{stat.st_size}|{stat.st_mtime_ns}"


def _known(weights: Weights) -> ModelLook:
    path = models_dir() / weights.file
    found = _cache().get(_key(path), "")
    sound = found == weights.sha256 if found else None
    return ModelLook(weights.name, weights.file, path.stat().st_size, sound, found)


def hash_models(on_hash: OnHash, stop: threading.Event) -> None:
    """Read every model file whose hash is not known, and keep what is found. Returns early when
    `stop` is set; what is done by then stays."""
    for weights in _weights():
        path = models_dir() / weights.file
        key, kept = _key(path), _cache()
        if key in kept:
            continue
        found = _hash(path, on_hash, stop)
        if found is None:
            return
        alike = {k: v for k, v in kept.items() if not k.startswith(f"{path.name}|")}
        with contextlib.suppress(OSError):  # unkept it is read again next time
            home().mkdir(parents=True, exist_ok=True)
            _cache_file().write_text(json.dumps(alike | {key: found}), encoding="utf-8")


def _hash(path: Path, on_hash: OnHash, stop: threading.Event) -> str | None:
    digest, done, size = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if stop.is_set():
                return None
            digest.update(chunk)
            done += len(chunk)
            on_hash(path.name, done, size)
    return digest.hexdigest()
