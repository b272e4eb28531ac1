"""Why a file is not read, in Chinese with the next step. One function a reason."""

from pathlib import PurePath

from index.errors import UnreadableFile

TO_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 或 .txt 后再导入。"
TO_XLSX = "请用 Excel 或 WPS 表格打开，另存为 .xlsx 后再导入。"


def damaged(name: str) -> UnreadableFile:
    """Return the refusal of a file that is cut short, broken, or not what its ending says."""
    ways = {
        ".pdf": "请重新下载或重新导出这个 PDF；或用 WPS 转成 .docx 后再导入。",
        ".zip": "请重新下载，或重新打包后再导入。",
        **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".et", ".csv"), TO_XLSX),
    }
    usual = "请用 Word 或 WPS 打开修复，另存为新的 .docx 后再导入；下载不完整的请重新下载。"
    return UnreadableFile(
        f"“{name}”已损坏，或不是真正的文档（内容与扩展名不符）。",
        ways.get(PurePath(name).suffix.lower(), usual),
    )


def no_room(name: str, why: str) -> UnreadableFile:
    """Return the refusal where there is no folder to read a file in; `why` is Chinese."""
    return UnreadableFile(
        f"读“{name}”要用的临时文件夹建不了（{why}）。",
        "请腾出磁盘空间，或检查系统临时文件夹的权限，再试一次。",
    )


def too_large(name: str, size: int, limit: int) -> UnreadableFile:
    """Return the refusal of a file over the limit (both in bytes)."""
    mega = 1024 * 1024
    return UnreadableFile(
        f"“{name}”有 {size / mega:.0f} MB，超过 {limit // mega} MB 的上限。",
        "请删去图片或拆成几个文件后再导入。",
    )


def bloated(name: str) -> UnreadableFile:
    """Return the refusal of an archive that unpacks to far more than it should."""
    return UnreadableFile(
        f"“{name}”解压后异常庞大，已停止读取。",
        "来历不明的文件请勿使用；确是自己的文件，请用 Word 打开，另存为新的 .docx 后再导入。",
    )


def too_much(name: str) -> UnreadableFile:
    """Return the refusal of a file that took more memory than reading may take."""
    return UnreadableFile(
        f"读取“{name}”占用的内存超过上限，已停止。", "请删去多余内容，或拆成几个小文件后再导入。"
    )


def too_slow(name: str, seconds: float) -> UnreadableFile:
    """Return the refusal of a file that took longer than reading may take."""
    return UnreadableFile(
        f"读取“{name}”超过 {seconds:.0f} 秒，已停止。",
        "请拆成几个小文件，或另存为 .docx、.txt 后再导入。",
    )


def locked(name: str) -> UnreadableFile:
    """Return the refusal of a file that is encrypted or asks for a password."""
    return UnreadableFile(
        f"“{name}”已加密（设有打开密码）。", "请先打开并取消密码，另存一份后再导入。"
    )


def empty(name: str) -> UnreadableFile:
    """Return the refusal of a file of no bytes."""
    return UnreadableFile(f"“{name}”是空文件。", "请确认文件已保存，再重新导入。")


def wordless(name: str) -> UnreadableFile:
    """Return the refusal of a file that was read and holds no text."""
    return UnreadableFile(
        f"“{name}”里没有文字。", "请确认文件内容；如果文字在图片里（扫描件），请先做文字识别。"
    )


def scanned(name: str, pages: int) -> UnreadableFile:
    """Return the refusal of a PDF whose pages are pictures."""
    return UnreadableFile(
        f"“{name}”是扫描件：{pages} 页都是图片，没有可取的文字。",
        "请先用扫描软件或 WPS 的“图片转文字”做文字识别，校对后另存为 .docx 再导入。",
    )


def picture(name: str) -> UnreadableFile:
    """Return the refusal of a photograph or a scan kept as a picture."""
    return UnreadableFile(
        f"“{name}”是图片，没有可取的文字。",
        "请先做文字识别（如 WPS 的“图片转文字”），校对后另存为 .docx 或 .txt 再导入。",
    )


def not_text(name: str) -> UnreadableFile:
    """Return the refusal of bytes that are no text in any encoding known here."""
    return UnreadableFile(
        f"“{name}”不是文字文件，或编码无法识别。",
        "请用记事本或 Word 打开确认内容，另存为 UTF-8 编码的 txt 或 docx 后再导入。",
    )


def unsupported(name: str, what: str, hint: str = TO_DOCX) -> UnreadableFile:
    """Return the refusal of a kind of file that is known but not read; `what` names it."""
    return UnreadableFile(f"“{name}”是{what}，不能直接读取。", hint)


def several(name: str, count: int) -> UnreadableFile:
    """Return the refusal of an archive where one document is wanted."""
    return UnreadableFile(
        f"“{name}”是压缩包，里面有 {count} 个文件。",
        "请解压后选择其中一个文件；要把整包样本导入，请在样本库上传。",
    )


def slides(name: str) -> UnreadableFile:
    """Return the refusal of a presentation."""
    hint = "请把其中的文字另存为 .docx 或 .txt 后再导入。"
    return unsupported(name, "演示文稿（PPT）", hint)


def unconverted(name: str, what: str, hint: str) -> UnreadableFile:
    """Return the refusal of an old document that LibreOffice made nothing of."""
    reason = "用 LibreOffice 没有转换成功，可能已损坏、有密码，或缺少相应组件。"
    return UnreadableFile(f"“{name}”（{what}）{reason}", hint)


def empty_archive(name: str) -> UnreadableFile:
    """Return the refusal of an archive without files."""
    return UnreadableFile(f"“{name}”是空的压缩包。", "请确认里面有报告文件，再重新打包。")


def nested(name: str) -> UnreadableFile:
    """Return the refusal of an archive in an archive in an archive."""
    return UnreadableFile(f"“{name}”套了太多层压缩包。", "请解压后把报告文件直接打成一个压缩包。")
