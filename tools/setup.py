"""Set everything up in `.venv`, then do one job (`JOBS`): run, test, lint, bench… or prepare.

The one place that knows how to set up; make, run.bat and run.sh all call it. Standard library only,
any system, any path. It knows nothing of drafting. It must stay parseable by Python 3.7, which is
what UOS and 麒麟 ship as python3: such a Python finds a newer one or says what to install.

The project is not built into a wheel: its dependencies come from requirements/*.lock, and a .pth
file with a *relative* path puts the repository on the environment's import path. So a folder with
Chinese characters works on a Windows whose locale is not UTF-8, and a moved folder goes on working.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from software import missing_software  # these are beside this file
from venvs import STAMP, is_foreign, kept_aside, mend_cut, read_stamp, set_aside, venv_python

ROOT = Path(__file__).absolute().parent.parent  # not resolve(): it turns a mapped drive into UNC
VENV = ROOT / ".venv"
UNLOCKED = False  # set by --unlocked: take what pyproject.toml admits, hashes unchecked
TEST_WRITER = "qwen2.5-coder-0.5b"  # its name in drafter/models.toml
FETCH_EMBEDDER = (
    "import threading; from index.embed import default_weights; from index.home import models_dir; "
    "from index.weights import fetch; "
    "fetch(default_weights(), models_dir(), lambda *progress: None, threading.Event())"
)
USAGE = """用法：python tools/setup.py 任务 [参数…]
  run            装好环境并打开页面（参数交给 app.py，如 --port 7861）
  test           装好环境、测试用软件和模型，检查代码并跑全部测试（参数交给 pytest）
  lint           只检查代码：ruff 与 mypy
  bench          测速度；bench-quality 测质量，bench-faithful 测各项检查，bench-blind 出盲评表
  prepare        只装好环境；后面写模型名则连同向量模型一并下载，供断网后使用
  bundle         做离线安装包（dist/）；lock 重做依赖锁定，supply 重写许可证清单与 SBOM
依赖按 requirements/*.lock 的版本和校验值安装；锁定没有包括的电脑可加 --unlocked，不核对。"""


class SetupError(Exception):
    """Setting up cannot go on: what is wrong and what to do, in Chinese; `code` is the status."""

    def __init__(self, message: str, hint: str = "", code: int = 1) -> None:
        super().__init__(message + hint)
        self.code = code


def call(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command in the repository, its output going straight through; return its status."""
    return subprocess.call(list(command), cwd=str(ROOT), env=dict(env))


def step(title: str, command: Sequence[str], env: Mapping[str, str], hint: str = "") -> None:
    """Run one step under a heading, with its time; raise SetupError when it fails."""
    print(f"==> {title}")
    started = time.monotonic()
    code = call(command, env)
    spent = time.monotonic() - started
    if code:
        raise SetupError(f"“{title}”没有通过（退出码 {code}，用时 {spent:.1f} 秒）。", hint, code)
    print(f"    {title}：完成，用时 {spent:.1f} 秒")


def in_ci() -> bool:
    """Tell whether this is an unattended run, where nothing may be skipped."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of every subprocess: UTF-8, offline, no telemetry.

    What the person has set stays, except what would make the environment import other code.
    """
    env = {
        "PYTHONUTF8": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "TOKENIZERS_PARALLELISM": "false",
    }
    env.update((k, v) for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH"))
    # An office proxy must not swallow the page's own address.
    local = [entry for entry in env.get("NO_PROXY", env.get("no_proxy", "")).split(",") if entry]
    local += [entry for entry in ("127.0.0.1", "localhost") if entry not in local]
    env["NO_PROXY"] = env["no_proxy"] = ",".join(local)
    env.update(extra or {})
    return env


def newer_python() -> str | None:
    """Return a Python new enough that stands beside a `python3` that is too old, if any."""
    for minor in (13, 12, 11):
        found = shutil.which(f"python3.{minor}")
        probe = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"
        if found and subprocess.call([found, "-c", probe], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def require_python(version: tuple[int, int], arguments: Sequence[str]) -> None:
    """Return when `version` will do; else do the job with a newer Python, or raise SetupError."""
    if version >= (3, 11):
        return
    found = newer_python()
    if found:
        raise SystemExit(subprocess.call([found, str(Path(__file__).absolute()), *arguments]))
    raise SetupError(
        "拟稿台需要 Python 3.11 或更新的版本，现在用的是 {}.{}。".format(*version),
        "请安装 Python 3.11 以上版本（Windows、macOS 从 Python 官网下载；UOS、麒麟、Debian 用系统的"
        "软件商店或 apt 安装 python3.11 与 python3.11-venv），装好后重新运行。",
    )


def make_venv(venv: Path) -> None:
    """Create the environment; one there already is set aside, only once a new one can be made."""
    if is_foreign(venv):
        raise SetupError(f"{venv} 不是虚拟环境。", "请把它改名或移走，再重新运行。")
    if importlib.util.find_spec("ensurepip") is None:  # Debian packs it separately
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        if not install_packages([package]):
            raise SetupError("这个 Python 缺少 venv。", f"请先安装：sudo apt install {package}")
    try:
        set_aside(venv)
    except OSError as error:  # Windows, while its Python runs
        raise SetupError(f"{venv} 正在用着（{error}）。", "请关掉拟稿台，再重新运行。") from error
    step("建立虚拟环境 .venv", [sys.executable, "-m", "venv", str(venv)], child_environment())


# Dependencies ------------------------------------------------------------------------------------


def install(extras: Sequence[str] = ()) -> str:
    """Make `.venv` hold what the locks (or `--unlocked`) say; return its Python. Instant if so."""
    import locks  # beside this file; needs the Python that got as far as here

    mend_cut(VENV)
    python, known = venv_python(VENV), read_stamp(VENV)
    sources, locked = locks.digest_of_sources(ROOT), not UNLOCKED
    works = python.exists() and call([str(python), "-c", ""], child_environment()) == 0
    if works and known["sources"] == sources and set(extras) <= set(known["extras"]):
        if not known["locked"]:
            print("    注意：.venv 是用 --unlocked 装成的，依赖没有按锁定的校验值核对。")
        return str(python)
    unchecked = bool(known["sources"]) and locked and not known["locked"]  # that is not kept
    if not works or unchecked or call([str(python), "-c", "import pip"], child_environment()) != 0:
        known["extras"], works = [], False
    extras = sorted({*known["extras"], *extras})
    with kept_aside(VENV):
        if not works:
            if locked and VENV.exists():  # said while the old one is still in its place
                pip_steps(sys.executable, extras)
            make_venv(VENV)
        pip_install(str(python), extras)
        link_repository(str(python))
        stamp = {"sources": sources, "extras": extras, "locked": locked}
        (VENV / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    return str(python)


def pip_steps(python: str, extras: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return (title, arguments of pip install); SetupError when the lock cannot serve here."""
    import locks

    try:
        return locks.steps(ROOT, extras, python, UNLOCKED)
    except locks.LockProblem as problem:
        raise SetupError(str(problem), problem.hint) from problem


def pip_install(python: str, extras: Sequence[str]) -> None:
    """Install from the lock, every file's hash checked; without, only when told `--unlocked`."""
    import locks

    quiet = [] if sys.stdout.isatty() else ["-qq", "--progress-bar", "off"]
    pip = [python, "-m", "pip", "install", "--no-input", *quiet]
    for title, arguments in pip_steps(python, extras):
        step(title, [*pip, *arguments], child_environment(), locks.FAILED)


def link_repository(python: str) -> None:
    """Put the repository on the environment's import path, by a relative path (see above)."""
    code = (
        "import os, sys, sysconfig; site = sysconfig.get_path('purelib'); "
        "open(os.path.join(site, 'drafter.pth'), 'w').write(os.path.relpath(sys.argv[1], site))"
    )
    if call([python, "-c", code, str(ROOT)], child_environment()) != 0:
        raise SetupError("虚拟环境写不进去。", f"请删除 {VENV} 后重新运行。")


# System software ---------------------------------------------------------------------------------


def install_packages(packages: Sequence[str]) -> bool:
    """Install Debian packages if this process may; tell whether it did."""
    apt = shutil.which("apt-get")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sudo = [] if root else [shutil.which("sudo") or "", "-n"]
    if apt is None or not (root or (in_ci() and sudo[0])):
        return False
    env = child_environment({"DEBIAN_FRONTEND": "noninteractive"})
    if call([*sudo, apt, "-qq", "update"], env) != 0:
        print("    软件源没有全部更新成功，仍按现有目录安装。")
    return call([*sudo, apt, "install", "-qqy", "--no-install-recommends", *packages], env) == 0


def prepare_software() -> None:
    """Install what tests need, or name it and go on; in CI nothing may be missing."""
    missing = missing_software()
    if not missing:
        return
    packages = sorted({package for _, package in missing})
    print("==> 安装测试用的系统软件：" + " ".join(packages))
    if install_packages(packages) and not missing_software():
        return
    for what, package in missing_software():
        print(f"    缺少{what}（Debian、UOS 上的软件包：{package}）；用到它的测试会跳过。")
    if in_ci():
        raise SetupError("测试用的系统软件没有装全。", "请先安装：" + " ".join(packages))


def job_run(arguments: Sequence[str]) -> None:
    """Open the page. On POSIX this process becomes the page, so that signals reach it."""
    python = install()
    env = child_environment()
    command = [python, "app.py", *arguments]
    if os.name == "posix":
        os.chdir(str(ROOT))
        sys.stdout.flush()
        os.execve(python, command, env)  # noqa: S606 - our own interpreter, no shell wanted
    code = call(command, env)
    if code:
        raise SetupError(f"页面已退出（退出码 {code}）。", code=code)


def job_lint(arguments: Sequence[str]) -> None:
    """Check style and types."""
    python, env = install(["dev"]), child_environment()
    step("检查写法（ruff check）", [python, "-m", "ruff", "check", "."], env)
    step("检查排版（ruff format）", [python, "-m", "ruff", "format", "--check", "."], env)
    step("检查类型（mypy）", [python, "-m", "mypy"], env)
    # Scripts are no packages, so they are not in pyproject's list.
    scripts = ["app.py", *sorted(str(path) for path in (ROOT / "tools").rglob("*.py"))]
    step("检查类型（脚本）", [python, "-m", "mypy", *scripts], env)


TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile")


def job_test(arguments: Sequence[str]) -> None:
    """Run every check there is. The cheap ones come first: a slip shows before a download."""
    job_lint(())
    supply = [str(venv_python(VENV)), "tools/supply.py", "check"]
    step("核对锁定、许可证、安全公告", supply, child_environment())
    prepare_software()
    models = os.environ.get("DRAFTER_MODELS") or str(ROOT / ".cache" / "models")
    env = child_environment({"DRAFTER_MODELS": models})
    fetch_weights([TEST_WRITER], env)
    pytest = [str(venv_python(VENV)), "-m", "pytest", "-rs"]
    if arguments:
        step("测试（pytest）", [*pytest, *arguments], env)
        return
    # A browser and a language model want the processor for themselves; the rest share it.
    step("测试（逻辑）", [*pytest, "-m", "not browser and not model", *TWO_AT_A_TIME], env)
    step("测试（浏览器、模型）", [*pytest, "-m", "browser or model"], env)


def fetch_weights(writers: Sequence[str], env: Mapping[str, str]) -> None:
    """Download and verify the embedder and these writers; instant for those already there."""
    python = str(venv_python(VENV))
    step("准备向量模型（约 90 MB）", [python, "-c", FETCH_EMBEDDER], env)
    for name in writers:
        step(f"准备模型 {name}", [python, "-m", "drafter", "model", "get", name], env)


def job_bench(arguments: Sequence[str], module: str = "bench") -> None:
    """Measure speed, or what another module measures."""
    step(f"测量（{module}）", [install(["dev"]), "-m", module, *arguments], child_environment())


def job_prepare(arguments: Sequence[str]) -> None:
    """Set up; fetch the writers named and the embedder, to go on without a network."""
    install()
    if arguments:
        fetch_weights(arguments, child_environment())


def job_script(arguments: Sequence[str], script: str) -> None:
    """Run one of the scripts beside this one in the complete environment."""
    step(script, [install(["dev"]), f"tools/{script}", *arguments], child_environment())


JOBS: dict[str, Callable[[Sequence[str]], None]] = {
    "run": job_run,
    "test": job_test,
    "lint": job_lint,
    "bench": job_bench,
    "bench-quality": lambda arguments: job_bench(arguments, "bench.quality"),
    "bench-faithful": lambda arguments: job_bench(arguments, "bench.faithful"),
    "bench-blind": lambda arguments: job_bench(arguments, "bench.blind"),
    "prepare": job_prepare,
    "lock": lambda arguments: job_script(arguments, "lock.py"),
    "bundle": lambda arguments: job_script(arguments, "bundle.py"),
    "supply": lambda arguments: job_script(arguments or ["write"], "supply.py"),
}


def main(arguments: Sequence[str]) -> int:
    """Do the job named first; return the exit status (2: wrong usage)."""
    if not arguments or arguments[0] not in JOBS:
        asked = bool(arguments) and arguments[0] in ("-h", "--help")
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    started = time.monotonic()
    try:
        require_python(sys.version_info[:2], arguments)
        global UNLOCKED
        UNLOCKED = "--unlocked" in arguments
        JOBS[arguments[0]]([each for each in arguments[1:] if each != "--unlocked"])
    except SetupError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.code
    except OSError as error:
        print(f"错误：{error}。请检查磁盘空间和写入权限后重新运行。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停下；再次运行会接着做。", file=sys.stderr)
        return 130
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"全部完成，共用时 {minutes} 分 {seconds} 秒")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a character must not stop us
        stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
