"""A model server's address: made complete, and told apart from one on this machine. Pure."""

import ipaddress
from urllib.parse import urlsplit

from drafter.errors import EngineError


def is_address(spec: str) -> bool:
    """Tell whether what somebody typed for a model is a server's address, not a file or a name."""
    return spec.strip().lower().startswith(("http://", "https://"))


def is_loopback(url: str) -> bool:
    """Tell whether an address is this machine: localhost, 127.0.0.0/8 or ::1."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def root_of(url: str) -> str:
    """Return the address up to and with /v1, however much of it was typed.

    Raises EngineError when it is no http(s) address.
    """
    url = url.strip().rstrip("/").removesuffix("/chat/completions").rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable:
        raise EngineError(
            f"模型服务的地址不对：{url}。", "请按 http://127.0.0.1:8000/v1 的样子填写。"
        )
    return url if parts.path else f"{url}/v1"
