@echo off
rem Starts dbatch from any folder: builds it first where that is needed, then runs it with the caller's arguments.
setlocal
set "repository=%~dp0"
set "dll=%repository%src\Cli\bin\Release\net10.0\dbatch.dll"
set "stamp=%repository%src\Cli\obj\dbatch.stamp"

where dotnet >nul 2>nul || (
    echo dbatch: the .NET 10 SDK is needed and there is no 'dotnet' on the PATH: https://dot.net/download 1>&2
    exit /b 1
)

rem Up to date: the same files as at the last build, none of them newer than its start.
powershell -NoProfile -ExecutionPolicy Bypass -Command "$r=$env:repository; if (-not (Test-Path $env:dll) -or -not (Test-Path $env:stamp)) { exit 1 }; $f=@(Get-ChildItem $r'src',$r'build' -Recurse -File | Where-Object { $_.FullName -notmatch '\\(bin|obj|node_modules)\\' }) + @(Get-ChildItem $r -File | Where-Object { $_.Name -match '\.(props|targets)$|^global\.json$|^\.editorconfig$' }); $s=Get-Item $env:stamp; if ((Get-Content $env:stamp) -ne $f.Count -or ($f | Where-Object { $_.LastWriteTimeUtc -gt $s.LastWriteTimeUtc })) { exit 1 }"
if not errorlevel 1 goto run

dotnet --list-sdks | findstr /b "10." >nul || (
    echo dbatch: the .NET 10 SDK is needed: https://dot.net/download 1>&2
    exit /b 1
)
echo building dbatch (first run: about a minute)... 1>&2
if not exist "%repository%src\Cli\obj" mkdir "%repository%src\Cli\obj"
powershell -NoProfile -ExecutionPolicy Bypass -Command "$r=$env:repository; $f=@(Get-ChildItem $r'src',$r'build' -Recurse -File | Where-Object { $_.FullName -notmatch '\\(bin|obj|node_modules)\\' }) + @(Get-ChildItem $r -File | Where-Object { $_.Name -match '\.(props|targets)$|^global\.json$|^\.editorconfig$' }); Set-Content ($env:stamp + '.next') $f.Count"
pushd "%repository%"
dotnet build src\Cli\Cli.csproj -c Release -v q -nologo -clp:NoSummary > "%stamp%.log" 2>&1
set "built=%errorlevel%"
popd
if not "%built%"=="0" (
    type "%stamp%.log" 1>&2
    echo dbatch: the build failed 1>&2
    exit /b 1
)
move /y "%stamp%.next" "%stamp%" >nul

:run
dotnet "%dll%" %*
exit /b %errorlevel%
