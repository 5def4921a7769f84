#!/usr/bin/env bash
# publish-gpu.sh [FOLDER]: publishes the bench with libtorch's CUDA backend for a Linux machine with a CUDA device and
# the .NET runtime. There: dotnet FOLDER/Bench.dll gpu --json gpu.json
set -euo pipefail
folder=${1:-bench-gpu}
cd "$(dirname "$0")/.."
dotnet publish bench -c Release -r linux-x64 --self-contained false -p:TorchBackend=cuda -o "$folder" --nologo
echo "Copy $folder to the machine and run: dotnet $folder/Bench.dll gpu --json gpu.json"
