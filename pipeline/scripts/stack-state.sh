#!/usr/bin/env bash
# CheckLambdaFunction: does the environment's stack exist, and can it be deployed to? Answers one word on stdout.
#   usage: stack-state.sh <dev|stage|prod> [--wait <seconds>]
#     --wait   ask again for that long while the stack is busy
#   answers, with its exit code, and what follows:
#     absent            0   the next deployment creates it: nothing shifts, the smoke test stands in for the shift
#     ready             0   the next deployment updates it and shifts its traffic
#     busy              3   CloudFormation is at work: try again later
#     rollback-failed   4   a person is needed; stderr says what to do
#   exit:  0, 3 or 4 as above, 1 AWS could not be asked, 2 wrong arguments
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

main() {
  local wait=0 named='' state end
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) print_help && exit ;;
      --wait) need_value "$@" && check_seconds --wait "$2" && wait=$2 && shift ;;
      *) [[ -z $named ]] || wrong_usage "too many arguments: $(printf %q "$1")" && check_environment "$1" && named=$1 ;;
    esac
    shift
  done
  enter_environment "$named"
  end=$((SECONDS + wait))
  while true; do
    read_stack
    state=$(state_of "$status")
    [[ $state == busy && $SECONDS -lt $end ]] || break
    echo "$stack is in $status; asking again in 10 seconds" >&2
    sleep $((end - SECONDS < 10 ? end - SECONDS : 10))
  done
  if [[ $state == ready ]]; then state=$(state_of_aliases); fi
  advise "$state"
  echo "$state"
  case $state in
    busy) exit 3 ;;
    rollback-failed) exit 4 ;;
  esac
}

# Sets status, the aliases' ARNs, or "None" for what does not exist.
read_stack() {
  local answer
  if answer=$(call_aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].[StackStatus,
    Outputs[?OutputKey=='MainFunctionAlias'].OutputValue | [0], Outputs[?OutputKey=='AllocationFunctionAlias'].OutputValue | [0]]"); then
    IFS=$'\t' read -r status main_alias allocation_alias <<<"$answer"
  elif [[ $(aws_error) == *ValidationError*"does not exist"* ]]; then
    status=NONE
  else
    fail 1 "AWS did not say how $stack is: $(aws_error)"
  fi
}

# Every StackStatus of CloudFormation. One that is new gets no deployment until somebody has said here what it means.
state_of() {
  case $1 in
    NONE | DELETE_COMPLETE) echo absent ;;
    REVIEW_IN_PROGRESS) echo absent ;; # a change set that was never executed, and nothing else
    CREATE_COMPLETE | UPDATE_COMPLETE | UPDATE_ROLLBACK_COMPLETE | IMPORT_COMPLETE | IMPORT_ROLLBACK_COMPLETE) echo ready ;;
    CREATE_FAILED | ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED | UPDATE_FAILED | UPDATE_ROLLBACK_FAILED | IMPORT_ROLLBACK_FAILED)
      echo rollback-failed
      ;;
    *_IN_PROGRESS) echo busy ;;
    *) fail 1 "$stack is in the state $(printf %q "$1"), which this script does not know; look at it in CloudFormation, then add the state here" ;;
  esac
}

# A stack without its functions' aliases has nothing that could be shifted, as one that is absent.
state_of_aliases() {
  local arn
  for arn in "$main_alias" "$allocation_alias"; do
    if ! [[ $arn =~ ^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$ ]]; then
      echo "$stack has no function with an alias yet" >&2
      echo absent
      return
    fi
    if ! call_aws lambda get-alias --function-name "${arn%:*}" --name "${arn##*:}" --query FunctionVersion >/dev/null; then
      [[ $(aws_error) == *ResourceNotFoundException* ]] || fail 1 "AWS did not say whether $arn exists: $(aws_error)"
      echo "$stack has lost $arn, deleted by hand" >&2
      echo rollback-failed
      return
    fi
  done
  echo ready
}

advise() {
  case $1 in
    absent) echo "$stack is to be created (status $status)" >&2 ;;
    ready) echo "$stack is $status" >&2 ;;
    busy) echo "$stack is in $status: wait until it is done, or cancel it (aws cloudformation cancel-update-stack --region $region --stack-name $stack)" >&2 ;;
    rollback-failed) echo "$stack is in $status: $(remedy "$status"), then start this stage again" >&2 ;;
  esac
}

remedy() {
  case $1 in
    CREATE_FAILED | ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED)
      echo "it never came to life or was to go, and cannot be updated; read its events, then delete it (aws cloudformation delete-stack --region $region --stack-name $stack)"
      ;;
    UPDATE_FAILED) echo "roll it back (aws cloudformation rollback-stack --region $region --stack-name $stack)" ;;
    UPDATE_ROLLBACK_FAILED)
      echo "read its events, repair what could not be rolled back, and go on (aws cloudformation continue-update-rollback --region $region --stack-name $stack)"
      ;;
    *_COMPLETE) echo "CloudFormation cannot update what is gone; put a function and an alias of that name back, or delete the stack" ;;
    *) echo "its import could not be undone; repair it by the events in CloudFormation" ;;
  esac
}

main "$@"
