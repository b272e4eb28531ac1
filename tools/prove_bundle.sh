#!/usr/bin/env bash
# 做一份离线安装包，在没有任何路由的网络命名空间里安装、打开页面、起草一份报告、再更新一次，并试几种损坏。
# 不在 CI 里跑（要十几分钟和 8 GB 磁盘）。用法：tools/prove_bundle.sh 工作文件夹 [写作模型]
# 要先有环境（make prepare）；模型从 DRAFTER_MODELS 取，没有就下载。结果记在 docs/log.md。
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
writer=${2:-qwen2.5-coder-0.5b}
python=${PYTHON:-$root/.venv/bin/python}
export DRAFTER_HOME="$work/数据 家" PORT=${PORT:-7899}
say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
if unshare -rn true 2>/dev/null; then
    alone() { unshare -rn sh -c 'ip link set lo up; exec "$@"' sh "$@"; }
else
    echo "这台电脑不许建网络命名空间（unshare -rn），证明不了断网。" >&2
    exit 1
fi

say "1 制作"
"$python" "$root/tools/bundle.py" --writer "$writer" --out "$work/出 包"
bundle=$(find "$work/出 包" -maxdepth 1 -type d -name '拟稿台-离线版-*' | head -1)
du -sh "$bundle"
unset DRAFTER_MODELS DRAFTER_MODEL  # the installed program must find its own

say "2 在没有路由的命名空间里安装"
# 从这里起不站在仓库里：程序不能靠当前文件夹找到仓库的代码。
cd "$work"
alone sh -c 'ip -brief addr; routes=$(ip route) && [ -z "$routes" ] || { echo 竟然有路由; exit 1; }
    if python3 -c "import socket; socket.create_connection((\"192.0.2.1\", 80), 2)" 2>/dev/null; then echo 竟然通了; exit 1; fi'
alone sh "$bundle/install.sh" "$work/装 好 的"

say "3 打开页面"
alone sh -c '
    "$1/启动拟稿台.sh" --port "$PORT" --no-browser & page=$!
    answered=1
    for second in $(seq 120); do
        python3 -c "import urllib.request as u; print(u.urlopen(\"http://127.0.0.1:$PORT/\", timeout=5).status)" 2>/dev/null && answered=0 && break
        sleep 1
    done
    kill "$page"; wait "$page" 2>/dev/null
    [ "$answered" = 0 ] || { echo "页面 $second 秒没有答复"; exit 1; }
    echo "页面第 $second 秒答复"' sh "$work/装 好 的"

say "4 起草一份报告"
cp "$root/samples/facts-example.md" "$work/要点.md" 2>/dev/null || printf '%s\n' '一、基本情况' '- 全年召开支委会12次，党员大会4次' \
    '- 开展主题党日12次，参加368人次' '- 发展党员3名，转正2名' '二、存在问题' '- 理论学习形式单一' >"$work/要点.md"
time alone "$work/装 好 的/命令行.sh" draft "$work/要点.md" --year 2025 -o "$work/稿.docx" --json "$work/稿.json"
ls -l "$work/稿.docx"

say "4b 浏览器里的全过程（要有 playwright 和 chromium）"
if "$python" -c "import playwright, pytest" 2>/dev/null && command -v chromium >/dev/null; then
    (cd "$root" && alone env DRAFTER_INSTALLED="$work/装 好 的" DRAFTER_MODELS="$work/装 好 的/models" \
        "$python" -m pytest -q -p no:cacheprovider tests/test_browser_story.py)
else
    say "没有 playwright 或 chromium，略过"
fi

say "5 更新：同样的办法装另一版，数据不动"
next="$work/新 包"
rm -rf "$next" && cp -rl "$bundle" "$next"
log="$next/program/CHANGELOG.md" && cp "$log" "$log.new" && echo "- 另一版" >>"$log.new" && mv "$log.new" "$log"
(cd "$next" && rm SHA256SUMS && find . -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >"$work/sums" && mv "$work/sums" SHA256SUMS)
old=$(cat "$work/装 好 的/current.txt")
before=$(find "$DRAFTER_HOME" -type f -name '*.db' -exec sha256sum {} + | sort)
alone sh "$next/install.sh" "$work/装 好 的"
[ "$old" != "$(cat "$work/装 好 的/current.txt")" ] || { echo "没有换成新版本"; exit 1; }
alone "$work/装 好 的/命令行.sh" model list
after=$(find "$DRAFTER_HOME" -type f -name '*.db' -exec sha256sum {} + | sort)
[ -n "$before" ] && [ "$before" = "$after" ] || { echo "数据变了，或没有数据"; exit 1; }
say "数据没有动过"

say "6 坏的安装包"
for kind in damaged missing extra; do
    rm -rf "$work/坏 包" && cp -rl "$bundle" "$work/坏 包"
    case $kind in
    damaged) words='文件损坏或被改动：wheels/idna-'; file=$(find "$work/坏 包/wheels" -name 'idna-*') && cp "$file" "$file.new" && printf X >>"$file.new" && mv "$file.new" "$file" ;;
    missing) words='缺文件：program/app.py'; rm "$work/坏 包/program/app.py" ;;
    extra) words='多了文件：wheels/多.whl'; touch "$work/坏 包/wheels/多.whl" ;;
    esac
    if sh "$work/坏 包/install.sh" "$work/不该有" 2>"$work/说明.txt"; then echo "竟然装了" && exit 1; fi
    cat "$work/说明.txt"
    grep -qF "$words" "$work/说明.txt" || { echo "说的不是这个毛病"; exit 1; }
    [ ! -e "$work/不该有" ]
done
say "完成"
