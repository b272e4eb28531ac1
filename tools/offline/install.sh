#!/bin/sh
# 安装或更新拟稿台，不需要网络。用法：sh install.sh [装到哪个文件夹] [--check] [--expect 校验码]
here=$(cd "$(dirname "$0")" && pwd) || exit 1
want=$(sed -n 's/.*"python": *"\([0-9.]*\)".*/\1/p' "$here/bundle.json")
for python in "${PYTHON:-}" "python$want" python3; do
    [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 && exec "$python" "$here/install.py" "$@"
done
echo "没有找到 Python。请先装好 Python $want（见安装说明.txt），再运行 install.sh。" >&2
exit 1
