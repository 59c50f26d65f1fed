#!/usr/bin/env bash
# Says in a line what a release changes, for whoever approves it.
#   usage: changes.sh <commits|migrations> [--since <commit>]
#     --since   what is in production; otherwise the pipeline PIPELINE_NAME is asked what it has last released
#   exit:  0 answered, 1 AWS or git could not be asked, 2 wrong arguments
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

main() {
  local what='' since=''
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) print_help && exit ;;
      --since) need_value "$@" && since=$2 && shift ;;
      commits | migrations) [[ -z $what ]] || wrong_usage 'one of them: commits or migrations' && what=$1 ;;
      *) wrong_usage "commits or migrations, not $(printf %q "$1")" ;;
    esac
    shift
  done
  [[ -n $what ]] || wrong_usage 'what: commits or migrations'
  [[ -n $since ]] || since=$(last_release)
  [[ $since =~ ^([0-9a-f]{7,64}|None)$ ]] || wrong_usage "a commit is 7 to 64 hexadecimal digits, not $(printf %q "$since")"
  # A commit that was never here, or was rewritten: then everything is a change.
  git -C "$root" cat-file -e "$since^{commit}" 2>/dev/null || since=''
  "$what" "$since" | tr -cd '[:alnum:] .,:;()/_+-' | cut -c 1-400
}

last_release() {
  [[ ${PIPELINE_NAME-} =~ ^[A-Za-z0-9.@_-]{1,100}$ ]] || fail 2 'since when: --since, or PIPELINE_NAME'
  [[ -n ${AWS_REGION-} ]] || fail 2 'the environment variable AWS_REGION is missing'
  region=$AWS_REGION
  aws_errors=$(mktemp)
  # The newest 100 come first; more pages would be asked one by one, and each would answer.
  call_aws codepipeline list-pipeline-executions --pipeline-name "$PIPELINE_NAME" --no-paginate \
    --query "pipelineExecutionSummaries[?status=='Succeeded'] | [0].sourceRevisions[0].revisionId" ||
    fail 1 "AWS did not say what $PIPELINE_NAME has released: $(aws_error)"
  rm -f "$aws_errors"
}

commits() {
  local count
  count=$(git -C "$root" rev-list --count "${1:+$1..}HEAD") || fail 1 'git does not know the history; is this a whole clone?'
  printf '%s commits %s: ' "$count" "${1:+since ${1:0:7}}"
  git -C "$root" log --max-count=20 --format='%s;' "${1:+$1..}HEAD" | tr '\n' ' '
}

migrations() {
  local names
  if [[ -n $1 ]]; then
    names=$(git -C "$root" diff --name-only --diff-filter=A "$1" HEAD -- prisma/migrations | sed -n 's|^prisma/migrations/\([^/]*\)/.*|\1|p' | sort -u)
  else
    names=$(git -C "$root" ls-files -- prisma/migrations | sed -n 's|^prisma/migrations/\([^/]*\)/.*|\1|p' | sort -u)
  fi
  tr '\n' ' ' <<<"${names:-none}"
}

main "$@"
