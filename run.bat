@echo off
setlocal
chcp 65001 >nul
cd /d "%~dp0"
set "PY="
for %%V in (3.13 3.12 3.11) do if not defined PY py -%%V -c "import ensurepip" >nul 2>nul && set "PY=py -%%V"
if not defined PY python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=python"
if not defined PY goto nopython
%PY% tools\setup.py run %*
if errorlevel 1 goto failed
exit /b 0

:nopython
echo 没有找到 Python 3.11 或更新的版本。
echo 请从 Python 官网下载安装，安装时勾选 Add python.exe to PATH，然后重新双击 run.bat。
pause
exit /b 2

:failed
echo 没有启动成功，原因见上面的提示。
pause
exit /b 1
