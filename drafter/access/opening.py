"""Opening the page to others: refused without people, warned of without TLS."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from drafter.access.hosts import ANY, is_local
from drafter.access.roster import has_people
from drafter.errors import InputError
from index.failures import meaning
from index.starting import command


@dataclass(frozen=True, slots=True)
class Opening:
    """How the page is opened: Host names it answers to besides its own, and its certificate."""

    more_hosts: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def secure(self) -> bool:
        """Whether the page is served over TLS."""
        return self.certificate is not None

    def check(self, host: str, home: Path) -> None:
        """Raise InputError when others could come in unasked, or the certificate is none."""
        if not is_local(host) and not has_people(home):
            raise InputError(
                f"还没有设用户和密码，不能向内网开放（{host}）。",
                f"请先运行 {command('user add 名字')}，设好密码再启动；只在本机用不需要密码。",
            )
        if (self.certificate is None) != (self.key is None):
            raise InputError(
                "--tls-cert 和 --tls-key 要一起给。", "一个是证书文件，一个是它的私钥文件。"
            )
        if self.certificate is None or self.key is None:
            return
        try:
            # An encrypted key would ask at the terminal; here it is refused.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate, self.key, password=lambda: "")
        except ssl.SSLError as error:
            raise InputError(
                f"证书用不了（{error.reason or '文件不是 PEM 格式'}）。",
                "请核对证书和私钥是一对，都是 PEM 格式，私钥没有口令；做法见使用手册。",
            ) from error
        except OSError as error:
            raise InputError(
                f"证书读不出来（{meaning(error)}）。", "请核对 --tls-cert 和 --tls-key 的路径。"
            ) from error

    def notes(self, host: str, port: int) -> str:
        """Return what is said at the start of a page that others can reach, "" for none."""
        if is_local(host):
            return ""
        scheme = "https" if self.secure else "http"
        said = "页面向内网开放，每个人用自己的用户名和密码登录。\n"
        if host in ANY:
            said += f"别人用这台电脑的地址打开，如 {scheme}://本机地址:{port}。\n"
        if not self.secure:
            said += (
                "警告：没有用 TLS，密码和文稿在网线上是明文，同一网络里的人可能截取。"
                "请用 --tls-cert 和 --tls-key 启动，做法见使用手册“几个人一起用”。\n"
            )
        return said


AT_HOME = Opening()
