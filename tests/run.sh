#!/bin/sh
# npm test: the whole suite. The SAM part (sam validate, sam build, the built functions under Lambda's own runtime, the
# pipelines) needs Python for the SAM CLI, the Jenkinsfile needs Java and Maven; a machine without one of them tests the rest
# and says so, CI never does. With the SAM part goes what takes as long: npm ci with npm 10 and 11, the life cycle of the
# embedded server, Prisma's own commands.
set -u
cd "$(dirname "$0")/.." || exit 1

left_out=''
leave_out() {
  echo "$1"
  if [ "${CI:-}" = true ]; then exit 1; fi
  left_out="$left_out $2"
}

if ! reason=$(pipeline/scripts/sam.sh --version 2>&1); then
  leave_out "The SAM part is left out: $(echo "$reason" | tail -n 1)" '--project !sam --project !pipeline --project !pipeline-run --project !toolchain --project !processes'
  export WITHOUT_SAM=true # for what is left out inside of a project
fi
if ! reason=$(mvn --version 2>&1); then
  leave_out "The Jenkinsfile is not run, for want of Java 17 and Maven: $(echo "$reason" | tail -n 1)" '--project !pipeline-jenkins'
fi
# shellcheck disable=SC2086 # options, one word each
exec vitest run --reporter=default --reporter=tests/summary.ts $left_out "$@"
