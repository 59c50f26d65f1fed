#!/usr/bin/env bash
# Says what a release brings that production has not yet, in one line of plain text each, for the approval.
#   usage: changes.sh since                  the commit of the last execution that went through the whole pipeline, or
#                                            nothing where there is none
#          changes.sh commits <commit|''>    the subjects of the commits since, newest first
#          changes.sh migrations <commit|''> the migrations added since
#   PIPELINE_NAME   which pipeline; AWS_REGION where it runs
#   exit:  0 answered, 1 AWS could not be asked or the commit is not in the history, 2 wrong arguments
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

# CodePipeline takes 1,000 characters of text in an approval, and both lists go in there.
longest=400

main() {
  case ${1-} in
    --help) print_help ;;
    since) [[ $# -eq 1 ]] || wrong_usage 'since takes no more arguments' && since ;;
    commits | migrations)
      [[ $# -eq 2 ]] || wrong_usage "$1 takes a commit, or '' for the whole history"
      [[ $2 =~ ^([0-9a-f]{40})?$ ]] || wrong_usage "a commit is 40 hexadecimal digits, not $(printf %q "$2")"
      [[ -z $2 ]] || git -C "$root" cat-file -e "$2^{commit}" 2>/dev/null ||
        fail 1 "the commit $2 is not in this history: was the branch rewritten? Compare by hand before you approve"
      "$1" "$2"
      ;;
    '') wrong_usage 'what to say: since, commits or migrations' ;;
    *) wrong_usage "since, commits or migrations, not $(printf %q "$1")" ;;
  esac
}

since() {
  local commit
  [[ ${PIPELINE_NAME-} =~ ^[A-Za-z0-9.@_-]{1,100}$ ]] || fail 2 "PIPELINE_NAME is no name of a pipeline: $(printf %q "${PIPELINE_NAME-}")"
  [[ ${AWS_REGION-} =~ ^[a-z]{2}(-[a-z0-9]+)+$ ]] || fail 2 "AWS_REGION is no region: $(printf %q "${AWS_REGION-}")"
  region=$AWS_REGION
  export AWS_PAGER=''
  aws_errors=$(mktemp)
  temporary+=("$aws_errors")
  commit=$(call_aws codepipeline list-pipeline-executions --pipeline-name "$PIPELINE_NAME" --no-paginate --max-results 100 \
    --query "pipelineExecutionSummaries[?status=='Succeeded' && executionType!='ROLLBACK'] | [0].sourceRevisions[0].revisionId") ||
    fail 1 "AWS did not say what $PIPELINE_NAME has released: $(aws_error)"
  if [[ $commit =~ ^[0-9a-f]{40}$ ]]; then echo "$commit"; fi
}

commits() {
  local range=HEAD
  [[ -z $1 ]] || range=$1..HEAD
  git -C "$root" log --no-merges --format=%s "$range" | in_one_line
}

migrations() {
  local files
  if [[ -z $1 ]]; then
    files=$(git -C "$root" ls-files -- 'prisma/migrations/*/migration.sql')
  else
    files=$(git -C "$root" diff --name-only --diff-filter=A "$1..HEAD" -- 'prisma/migrations/*/migration.sql')
  fi
  awk -F / 'NF { print $(NF - 1) }' <<<"$files" | in_one_line
}

# Nothing that the console, or the JSON on its way there, could take for something else than text.
in_one_line() {
  awk -v longest="$longest" '
    { gsub(/[^A-Za-z0-9 .,:;()_\/+-]/, " "); text = text (NR > 1 ? "; " : "") $0 }
    END {
      if (text == "") text = "none"
      if (length(text) > longest) text = substr(text, 1, longest - 4) " ..."
      print text
    }'
}

main "$@"
