#!/usr/bin/env bash
# Answers the id of a deployment, 40 hexadecimal digits that /health answers too: of the commit and of the build that
# deploys it, so that a second deployment of one bundle, as after a rollback, publishes new versions.
#   usage: release-id.sh
#   CODEBUILD_RESOLVED_SOURCE_VERSION or GIT_COMMIT   the commit, else the one that is checked out
#   CODEBUILD_BUILD_ID or BUILD_TAG                   the build, else this moment and this process
#   exit:  0 answered, 2 wrong arguments
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

if [[ ${1-} == --help ]]; then print_help && exit; fi
[[ $# -eq 0 ]] || wrong_usage 'it takes no arguments'
commit=${CODEBUILD_RESOLVED_SOURCE_VERSION:-${GIT_COMMIT:-$(git -C "$root" rev-parse HEAD 2>/dev/null || true)}}
build=${CODEBUILD_BUILD_ID:-${BUILD_TAG:-$(date +%s)-$$}}
seed=$(mktemp)
temporary+=("$seed")
printf '%s\n%s\n' "$commit" "$build" >"$seed"
checksum_of "$seed" | cut -c 1-40
