#!/usr/bin/env bash
# Runs the engine's tests on an emulated CPU with AVX-512, for machines that have none: Bochs boots a Linux kernel whose
# ramdisk holds the .NET runtime and the tests, built beforehand. It says nothing about speed.
#
#   dotnet build -c Release tests/Embedded.TorchSharp.Tests
#   tests/avx512/run.sh -class '*PartialLanesTests'      # options of the tests' runner; without any, all of them
#   BOCHS=$HOME/Bochs/bochs/bochs tests/avx512/run.sh    # some 15 minutes
#
# Needs Debian 12 and root (it installs packages), and 4 GB of memory. Debian's Bochs works, but carries a debugger and
# takes many times as long; a quick one is github.com/bochs-emu/Bochs, configured with --with-nogui --enable-x86-64
# --enable-avx --enable-evex --enable-all-optimizations and named by BOCHS. Exit code: that of the tests.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
tests=tests/Embedded.TorchSharp.Tests/bin/Release/net10.0
shared=$root/../shared
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
packages=(bochs bochsbios bochs-term vgabios isolinux syslinux-common genisoimage cpio busybox-static)

[[ -f $root/$tests/DiffusionBatch.Embedded.TorchSharp.Tests.dll ]] || { echo "avx512: build first: dotnet build -c Release tests/Embedded.TorchSharp.Tests" >&2; exit 2; }
if ! dpkg -s "${packages[@]}" > /dev/null 2>&1; then
  apt-get update -qq
  apt-get install -y -qq "${packages[@]}" > /dev/null
fi

work=$(mktemp -d)
emulator=
trap '[[ -z $emulator ]] || { pkill -P "$emulator"; kill "$emulator"; } 2> /dev/null || true; rm -rf "$work"' EXIT
cd "$work"

# The ramdisk: the runtime, the libraries that it loads, the tests and the files that they read.
libraries=disk/usr/lib/x86_64-linux-gnu
framework=shared/Microsoft.NETCore.App
version=$(cd "$dotnet/$framework" && printf '%s\n' 10.* | sort -V | tail -1)
mkdir -p disk/{bin,dev,proc,sys,tmp,lib64,root} "$libraries" disk/lib "disk/dotnet/$framework" "disk/project/repository/$tests" disk/project/shared/reference cd/isolinux
ln -s ../usr/lib/x86_64-linux-gnu disk/lib/x86_64-linux-gnu
cp "$(command -v busybox)" disk/bin/
for tool in sh mount sleep poweroff; do ln -s busybox "disk/bin/$tool"; done
cp -r "$dotnet/dotnet" "$dotnet/host" disk/dotnet/
cp -r "$dotnet/$framework/$version" "disk/dotnet/$framework/"
cp -L /lib64/ld-linux-x86-64.so.2 disk/lib64/
for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libgcc_s.so.1 libstdc++.so.6 libz.so.1 libssl.so.3 libcrypto.so.3; do
  cp -L "/usr/lib/x86_64-linux-gnu/$library" "$libraries/"
done
cp -r "$root/$tests/." "disk/project/repository/$tests/"
cp "$root"/*.sln disk/project/repository/
if [[ -d $shared ]]; then
  cp -r "$shared/golden" disk/project/shared/
  cp -r "$shared/reference/api" disk/project/shared/reference/
fi

options=
(($# == 0)) || options=$(printf ' %q' "$@")
cat > disk/init <<END
#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
export HOME=/root DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_HOST_PATH=/dotnet/dotnet
cd /project/repository
/dotnet/dotnet $tests/DiffusionBatch.Embedded.TorchSharp.Tests.dll -nocolor$options 2>&1
echo "exit code \$?"
sleep 5
poweroff -f
END
chmod +x disk/init

# The CD: the kernel and the ramdisk.
kernel=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
apt-get download -qq "$kernel" 2> /dev/null
dpkg-deb -x linux-image-*.deb kernel
cp kernel/boot/vmlinuz-* cd/vmlinuz
(cd disk && find . | cpio -o -H newc --quiet) > cd/ramdisk
rm -r disk kernel
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 cd/isolinux/
printf 'default tests\nprompt 0\nlabel tests\n kernel /vmlinuz\n append initrd=/ramdisk console=ttyS0 nokaslr mitigations=off panic=5 quiet\n' > cd/isolinux/isolinux.cfg
genisoimage -quiet -r -o boot.iso -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table cd

display=term
[[ -z ${BOCHS:-} ]] || display=nogui
cat > machine <<END
display_library: $display
memory: guest=2048, host=2048
cpu: model=corei7_skylake_x, count=1, ips=100000000
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
ata0-master: type=cdrom, path=$work/boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/console
log: $work/log
clock: sync=none
END

# What the tests print comes over the serial line.
touch console
if [[ $display == nogui ]]; then
  "$BOCHS" -q -f machine > screen 2>&1 < /dev/null &
else
  # Debian's wants a terminal for its own screen, and waits in its debugger.
  echo c > go
  TERM=xterm script -qec "stty rows 50 cols 132; exec bochs -q -f machine -rc go" /dev/null > screen 2>&1 < /dev/null &
fi
emulator=$!
tail -f --pid="$emulator" console &
wait "$emulator" || true
code=$(sed -n 's/.*exit code \([0-9]*\).*/\1/p' console | tail -1)
[[ -n $code ]] || { echo "avx512: the machine stopped before the tests ended" >&2; tail -5 log >&2; exit 1; }
exit "$code"
