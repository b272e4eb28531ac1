@echo off
setlocal
chcp 65001 >nul
set "WANT="
for /f "tokens=2 delims=:, " %%V in ('findstr /c:"\"python\":" "%~dp0bundle.json"') do set "WANT=%%~V"
set "PY="
py -%WANT% -c "" >nul 2>nul && set "PY=py -%WANT%"
if not defined PY python -c "" >nul 2>nul && set "PY=python"
if not defined PY goto nopython
%PY% "%~dp0install.py" %*
pause
exit /b

:nopython
echo 没有找到 Python %WANT%。请先安装（见安装说明.txt），安装时勾选 Add python.exe to PATH。
pause
exit /b 2
