"""What the system says when a file cannot be read or written, in Chinese.

Source of the meanings: POSIX.1-2017, <errno.h>; Windows maps its own codes to the same numbers.
SQLite's: sqlite.org/rescode.html.
"""

import errno
import sqlite3

_MEANINGS = {
    errno.ENOENT: "文件或文件夹不存在",
    errno.EACCES: "没有权限，或文件正被别的程序占用",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘是只读的",
    errno.ENOSPC: "磁盘空间不足",
    errno.EFBIG: "文件太大，这个盘存不下",
    errno.EISDIR: "这是一个文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EINVAL: "文件名或参数不能用",
    errno.EIO: "读写出错，磁盘或网络盘可能有故障",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不足",
    errno.ELOOP: "快捷链接绕成了圈",
    errno.EBUSY: "正被别的程序占用",
    errno.ETXTBSY: "正被别的程序占用",
    errno.EXDEV: "不能跨盘移动",
    errno.ENODEV: "设备不可用",
    errno.ENXIO: "设备不可用",
    errno.ETIMEDOUT: "等待超时",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "这台电脑没有这个地址",
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ECONNRESET: "连接被断开",
    errno.EHOSTUNREACH: "连不到那台电脑",
    errno.ENETUNREACH: "网络不通",
    errno.ENOEXEC: "不是能运行的程序",
}
# Names that not every system has.
for _name, _meaning in (("EDQUOT", "磁盘配额已用完"), ("ESTALE", "网络盘已断开")):
    if hasattr(errno, _name):
        _MEANINGS[getattr(errno, _name)] = _meaning

_DATABASE = {
    sqlite3.SQLITE_FULL: "磁盘空间不足",
    sqlite3.SQLITE_IOERR: "读写出错，磁盘可能已满或有故障",
    sqlite3.SQLITE_READONLY: "文件或所在的文件夹是只读的",
    sqlite3.SQLITE_PERM: "没有权限",
    sqlite3.SQLITE_CANTOPEN: "文件打不开，请看它在不在、有没有权限、磁盘满没满",
    sqlite3.SQLITE_CORRUPT: "内容已损坏",
    sqlite3.SQLITE_NOTADB: "内容已损坏，或不是数据库文件",
    sqlite3.SQLITE_BUSY: "正被别的程序占用",
    sqlite3.SQLITE_LOCKED: "正被别的程序占用",
    sqlite3.SQLITE_NOMEM: "内存不足",
    sqlite3.SQLITE_TOOBIG: "内容太长，存不下",
    sqlite3.SQLITE_PROTOCOL: "正被别的程序占用",
}


# What reading a database raises. Of a damaged one not even SQLite's complaint may be UTF-8.
DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError)


def is_damage(error: Exception) -> bool:
    """Say whether an error of `DATABASE_ERRORS` means that the file is no sound database."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    said = str(error).lower()
    bad = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "unsupported file" in said
    return bad or isinstance(error, UnicodeDecodeError) or "utf-8" in said


def meaning(error: OSError | sqlite3.Error | UnicodeDecodeError) -> str:
    """Return what an error of the system means, for the middle of a Chinese sentence."""
    if isinstance(error, UnicodeDecodeError):
        return _DATABASE[sqlite3.SQLITE_CORRUPT]
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)  # errors of Python's own have none
        return _DATABASE.get(code & 0xFF, "数据库出错") if code is not None else "数据库出错"
    if error.errno in _MEANINGS:
        return _MEANINGS[error.errno]
    return f"系统错误 {error.errno}" if error.errno is not None else "系统没有说明原因"
