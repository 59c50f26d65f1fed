#!/bin/sh
# npm test: the whole suite. The SAM part (sam validate, sam build, the built functions under Lambda's own runtime, npm ci
# with npm 10 and 11) needs Python for the SAM CLI; a machine without it tests the rest and says so, CI never does.
set -u
cd "$(dirname "$0")/.." || exit 1

if reason=$(pipeline/scripts/sam.sh --version 2>&1); then
  exec vitest run --reporter=default --reporter=tests/summary.ts "$@"
fi
echo "The SAM part is left out: $(echo "$reason" | tail -n 1)"
if [ "${CI:-}" = true ]; then
  exit 1
fi
export WITHOUT_SAM=true # for what is left out inside of a project
exec vitest run --reporter=default --reporter=tests/summary.ts --project '!sam' --project '!pipeline-run' --project '!toolchain' "$@"
