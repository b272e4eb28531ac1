"""What a person is told to type or to start again, in a checkout or in an installed office."""

import os
from pathlib import Path


def command(words: str) -> str:
    """Return the command line that runs `python -m drafter WORDS` on this computer.

    The starters of the offline bundle name their folder in `DRAFTER_STARTERS`: there is no Python
    on the path there, and 命令行 stands for it.
    """
    folder = os.environ.get("DRAFTER_STARTERS")
    if not folder:
        return f"python -m drafter {words}"
    path = str(Path(folder) / ("命令行.bat" if os.name == "nt" else "命令行.sh"))
    return f'"{path}" {words}' if " " in path else f"{path} {words}"


def set_up_again() -> str:
    """Return how what the program stands on is installed again."""
    if os.environ.get("DRAFTER_STARTERS"):
        return "请用安装包再装一次到同一个文件夹"
    return "请重新运行 make run（Windows 双击 run.bat）"
