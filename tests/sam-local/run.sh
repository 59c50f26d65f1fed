#!/bin/sh
# npm run test:sam-local: the built functions under `sam local`, in containers. A machine without a Docker engine or without
# Lambda's image says so and what it lacks; CI does not get away with it.
set -u
cd "$(dirname "$0")/../.." || exit 1

lacks() {
  echo "sam local is not tested: $1"
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
}

docker version > /dev/null 2>&1 ||
  lacks 'no Docker engine runs here (Debian, Ubuntu: apt-get install docker.io iptables, then run dockerd as root).'
image=public.ecr.aws/lambda/nodejs:24-$(uname -m | sed s/aarch64/arm64/)
docker image inspect "$image" > /dev/null 2>&1 ||
  lacks "there is no $image: docker pull it, or make a stand-in with tests/sam-local/image.sh (needs busybox-static)."
reason=$(pipeline/scripts/sam.sh --version 2>&1) || lacks "$(echo "$reason" | tail -n 1)"

exec vitest run --config tests/sam-local/vitest.config.ts "$@"
