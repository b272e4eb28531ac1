"""The page of logging in: one form, our own few styles, nothing fetched from anywhere."""

import base64
import hashlib
from html import escape
from pathlib import Path

from drafter.access.asgi import NO_STORE, Pairs

_STYLE = (Path(__file__).parent / "login.css").read_text(encoding="utf-8")
_SHA = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS: Pairs = (
    NO_STORE,
    (
        "content-security-policy",
        f"default-src 'none'; style-src 'sha256-{_SHA}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
)


def _whole(inside: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>登录 · 拟稿台</title><link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style></head><body><main><h1>拟稿台</h1>{inside}</main></body></html>"
    )


def login_html(onward: str, name: str = "", wrong: str = "") -> str:
    """Return the form. `onward` is where it leads, `wrong` what must be said of the last try."""
    said = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    first, second = ("", " autofocus") if name else (" autofocus", "")
    return _whole(
        f"<p>各人只看得到自己的文稿。</p>{said}"
        '<form method="post" action="/login">'
        f'<input type="hidden" name="onward" value="{escape(onward)}">'
        f'<label>用户名<input name="name" value="{escape(name)}" autocomplete="username" '
        f'maxlength="64" required{first}></label>'
        '<label>密码<input name="password" type="password" autocomplete="current-password" '
        f'maxlength="256" required{second}></label>'
        '<button type="submit">登录</button></form>'
        '<p class="last">忘了密码请找管理员重设。</p>'
    )


def again_html(path: str) -> str:
    """Return a page that goes to `path` at once: a page of our own brings the cookie along."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>拟稿台</title>'
        f'<meta http-equiv="refresh" content="0;url={escape(path)}"></head>'
        f'<body><a href="{escape(path)}">继续</a></body></html>'
    )


def done_html(name: str) -> str:
    """Return what is said after a login that another tab waits for."""
    return _whole(
        f'<p class="wrong" role="status">{escape(name)}，已经登录。</p>'
        "<p>请回到原来的页面，刚才打的字会接着保存；这个标签页可以关掉。</p>"
    )
