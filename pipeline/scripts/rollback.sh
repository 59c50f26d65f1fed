#!/usr/bin/env bash
# Sends an environment's traffic back to an earlier version, in seconds, by a CodeDeploy deployment of its own.
#   usage: rollback.sh <dev|stage|prod> --list
#            says which versions each function has
#          rollback.sh <dev|stage|prod> --appspec <file> [options]
#            takes back the shift that the file describes, as the artifact AppSpecFile of a deployment has it
#          rollback.sh <dev|stage|prod> --function <MainFunction|AllocationFunction|AllocationWorker> --to <version> [options]
#     --dry-run     shows the AppSpec and starts nothing
#     --hook        asks the pre-traffic hook first. Not by default: it asks the versions of the newest release, which are
#                   those that are fled from
#     --no-wait     does not wait for the end
#   All functions of a release go back together, one call each. Alarms do not stop it, since the release that is fled from
#   may have set them off. The schema stays: only the release before is sure to fit it (expand and contract). The next
#   deployment goes forward from here.
#   DEPLOY_ROLE_ARN  role to take on first, for an environment in another account
#   exit:  0 done, 1 failed, 2 wrong arguments, 3 a shift is under way
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

main() {
  local named='' list='' file='' resource='' target='' hook='' run=yes wait=yes
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) print_help && exit ;;
      --list) list=yes ;;
      --appspec) need_value "$@" && file=$2 && shift ;;
      --function) need_value "$@" && resource=$2 && shift ;;
      --to) need_value "$@" && target=$2 && shift ;;
      --hook) hook=yes ;;
      --dry-run) run='' ;;
      --no-wait) wait='' ;;
      *) [[ -z $named ]] || wrong_usage "too many arguments: $(printf %q "$1")" && check_environment "$1" && named=$1 ;;
    esac
    shift
  done
  check_environment "$named"
  local states name alias current expected=''
  if [[ -n $list ]]; then
    states=$("$scripts/appspec.sh" state "$named")
    enter_environment "$named"
    list_versions "$states"
    return
  fi
  if [[ -n $file ]]; then
    [[ -z $resource$target ]] || wrong_usage '--appspec says the function and the version; leave --function and --to away'
    resource=$("$scripts/appspec.sh" validate "$file" --read Resource)
    target=$("$scripts/appspec.sh" validate "$file" --read CurrentVersion)
    expected=$("$scripts/appspec.sh" validate "$file" --read TargetVersion)
  fi
  [[ -n $resource && -n $target ]] || wrong_usage 'back to what: --appspec, or --function and --to; --list says what there is'
  [[ $target =~ ^[1-9][0-9]{0,18}$ ]] || wrong_usage "a version is a number, not $(printf %q "$target")"
  states=$("$scripts/appspec.sh" state "$named" "$resource")
  read -r _ name alias current <<<"$states"
  if [[ -n $expected ]]; then
    [[ $name == "$("$scripts/appspec.sh" validate "$file" --read Name)" ]] || fail 1 "the AppSpec is of another environment: $named has $name"
    [[ $current == "$expected" ]] || fail 1 "$name:$alias points to version $current, not to $expected as after that shift: another one has come since, or it is taken back already"
  fi
  [[ $current != "$target" ]] || fail 1 "$name:$alias points to version $current already"
  enter_environment "$named"
  check_version "$name" "$target"
  if [[ -n $hook ]]; then hook=$(read_stack 'the hook' describe-stacks --query "Stacks[0].Outputs[?OutputKey=='PreTrafficHook'].OutputValue | [0]"); fi
  start "$resource" "$name" "$alias" "$current" "$target"
}

list_versions() {
  local resource name alias version
  while read -r resource name alias version; do
    echo "$resource: $name:$alias points to version $version. There are:"
    call_aws lambda list-versions-by-function --function-name "$name" --query "Versions[?Version!='\$LATEST'].[Version, LastModified, Description]" ||
      fail 1 "AWS did not list the versions of $name: $(aws_error)"
  done <<<"$1"
}

check_version() {
  call_aws lambda get-function-configuration --function-name "$1" --qualifier "$2" --query State >/dev/null && return
  [[ $(aws_error) == *ResourceNotFoundException* ]] || fail 1 "AWS did not say whether version $2 of $1 exists: $(aws_error)"
  fail 1 "$1 has no version $2; --list says which there are"
}

read_stack() {
  local what=$1 value
  shift
  value=$(call_aws cloudformation "$1" --stack-name "$stack" "${@:2}") || fail 1 "AWS did not say $what of $stack: $(aws_error)"
  [[ -n $value && $value != None ]] || fail 1 "$stack does not have $what"
  printf '%s\n' "$value"
}

start() {
  local resource=$1 name=$2 alias=$3 current=$4 target=$5 application group appspec content checksum deployment
  appspec=$(mktemp)
  temporary+=("$appspec")
  "$scripts/appspec.sh" print --resource "$resource" --name "$name" --alias "$alias" --current "$current" --target "$target" \
    ${hook:+--hook "$hook"} >"$appspec"
  echo "$name:$alias goes back from version $current to $target:" >&2
  cat "$appspec"
  [[ -n $run ]] || return 0
  application=$(read_stack 'the CodeDeploy application' describe-stacks --query "Stacks[0].Outputs[?OutputKey=='CodeDeployApplication'].OutputValue | [0]")
  group=$(read_stack "the deployment group of $resource" describe-stack-resource --logical-resource-id "${resource}DeploymentGroup" \
    --query StackResourceDetail.PhysicalResourceId)
  checksum=$(checksum_of "$appspec")
  # As a text in JSON; the AppSpec is valid, so that quotation marks and line ends are all there is to escape.
  content=$(awk '{ gsub(/"/, "\\\""); printf "%s\\n", $0 }' "$appspec")
  deployment=$(call_aws deploy create-deployment --application-name "$application" --deployment-group-name "$group" \
    --deployment-config-name CodeDeployDefault.LambdaAllAtOnce --description "rollback.sh: $name from version $current to $target" \
    --auto-rollback-configuration enabled=false --override-alarm-configuration enabled=false \
    --revision "{\"revisionType\":\"AppSpecContent\",\"appSpecContent\":{\"content\":\"$content\",\"sha256\":\"$checksum\"}}" \
    --query deploymentId) || refuse
  echo "CodeDeploy has started $deployment" >&2
  [[ -n $wait ]] || return 0
  call_aws deploy wait deployment-successful --deployment-id "$deployment" ||
    fail 1 "$deployment did not succeed: $(call_aws deploy get-deployment --deployment-id "$deployment" \
      --query '[deploymentInfo.status, deploymentInfo.errorInformation.message]' || aws_error)"
  echo "$name:$alias points to version $target" >&2
}

refuse() {
  [[ $(aws_error) != *DeploymentLimitExceeded* && $(aws_error) != *"active deployment"* ]] ||
    fail 3 "another deployment is under way; stop it first (aws deploy stop-deployment --deployment-id <id> --auto-rollback-enabled): $(aws_error)"
  fail 1 "CodeDeploy did not start it: $(aws_error)"
}

main "$@"
