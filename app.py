"""Start the page: `python app.py [--host H] [--port P] [--no-browser]`."""

import argparse
import os
import sys
from pathlib import Path

# Before gradio is imported: nothing is reported anywhere and no model hub is asked.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from drafter.errors import UserFacingError
from index.starting import command


def read_arguments(argv: list[str]) -> argparse.Namespace:
    """Return host, port and whether to open a browser."""
    parser = argparse.ArgumentParser(
        prog="app.py",
        description=f"启动拟稿台页面。默认只在本机使用；先用 {command('user add')} "
        "设好用户和密码，才能向内网开放。",
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="显示这段说明")
    parser.add_argument(
        "--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1（只有本机能访问）"
    )
    parser.add_argument("--port", type=int, default=7860, help="端口，默认 7860")
    parser.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="名字",
        help="也允许用这个域名访问（可以多次给）",
    )
    parser.add_argument("--tls-cert", type=Path, metavar="X.pem", help="TLS 证书（PEM）")
    parser.add_argument("--tls-key", type=Path, metavar="X.pem", help="证书的私钥（PEM）")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Serve the page; return the exit status."""
    chosen = read_arguments(sys.argv[1:] if argv is None else argv)
    from drafter.access.opening import Opening
    from drafter.ui.serving import serve

    opening = Opening(tuple(chosen.allow_host), chosen.tls_cert, chosen.tls_key)
    try:
        serve(chosen.host, chosen.port, open_browser=not chosen.no_browser, opening=opening)
    except UserFacingError as error:
        sys.stderr.write(f"{error.message}{error.hint}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
