#!/usr/bin/env bash
# Builds a stand-in for AWS's Lambda image of Node 24 where that cannot be pulled: this machine's Node 24 and C library,
# AWS's runtime client from npm, and the hooks by which tests/sam runs it without Docker. `sam local` then finds the image
# and pulls none. In it is only what a function may count on beside its bundle, so what is not bundled fails, as it should.
#   needs: a Docker engine, and busybox-static (Debian, Ubuntu: apt-get install docker.io iptables busybox-static)
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
modules=$repository/node_modules
node=$("$modules/.bin/node" -p process.execPath 2> /dev/null || node -p process.execPath)
case $(uname -m) in
  x86_64) architecture=x86_64 ;;
  aarch64 | arm64) architecture=arm64 ;;
  *) echo "Lambda has no $(uname -m)" >&2; exit 1 ;;
esac
busybox=$(command -v busybox) || { echo 'Install busybox-static.' >&2; exit 1; }
if ldd "$busybox" > /dev/null 2>&1; then echo 'The busybox here is not static: install busybox-static.' >&2; exit 1; fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
mkdir -p "$root"/{bin,etc,opt,tmp,usr/bin,var/lang/bin,var/rapid,var/runtime/node_modules/@aws,var/task}
chmod 1777 "$root/tmp"

cp "$node" "$root/var/lang/bin/node"
cp "$modules"/aws-lambda-ric/{index.mjs,package.json} "$repository"/tests/sam/lambda/runtime-{hooks,client}.ts "$root/var/runtime/"
cp -R "$modules/@aws/lambda-invoke-store" "$root/var/runtime/node_modules/@aws/"

libraries=$(ldd "$node" | grep -o '/[^ ]*')
for library in $libraries /lib/*-linux-gnu/libnss_{dns,files}.so.2 /lib/*-linux-gnu/libresolv.so.2; do
  if [ -e "$library" ]; then mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"; fi
done
cp "$busybox" "$root/bin/busybox"
for applet in cat chmod cp env mkdir mv rm sh; do ln -s busybox "$root/bin/$applet"; done # SAM calls mv and chmod
ln -s /bin/env "$root/usr/bin/env"
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"

cat > "$root/var/runtime/bootstrap" << 'SH'
#!/bin/sh
export NODE_PATH=/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules
export AWS_EXECUTION_ENV=AWS_Lambda_nodejs24.x
exec /var/lang/bin/node --import /var/runtime/runtime-hooks.ts /var/runtime/index.mjs
SH
chmod +x "$root/var/runtime/bootstrap"

tag=public.ecr.aws/lambda/nodejs:24
tar -C "$root" -c . | docker import --change 'WORKDIR /var/task' \
  --change 'ENV PATH=/var/lang/bin:/usr/bin:/bin:/opt/bin LANG=en_US.UTF-8 TZ=:UTC LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime' \
  - "$tag-$architecture" > /dev/null
docker tag "$tag-$architecture" "$tag"
# What SAM made of an earlier image under the same name would hide this one.
stale=$(docker images --format '{{.Repository}}:{{.Tag}}' | grep -E '^public\.ecr\.aws/lambda/nodejs:.*rapid' || true)
if [ -n "$stale" ]; then docker rmi --force $stale > /dev/null; fi
echo "$tag-$architecture is there."
