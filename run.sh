#!/bin/sh
# 打开拟稿台（没有 make 的电脑用）。参数交给页面，如 ./run.sh --port 7861
cd "$(dirname "$0")" && exec "${PYTHON:-python3}" tools/setup.py run "$@"
