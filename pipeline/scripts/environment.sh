#!/usr/bin/env bash
# Answers what samconfig.toml says of an environment; the other scripts source it for that.
#   usage: environment.sh <dev|stage|prod> <stack_name|region|section>
#   DEPLOY_ROLE_ARN   role that the other scripts take on before they call AWS, for an environment in another account; with
#                     AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE by the build's own identity (OpenID Connect)
#   exit:  0 answered, 1 samconfig.toml does not say, 2 wrong arguments
# shellcheck disable=SC2034 # what is set here is used by the scripts that source it
set -euo pipefail
# A command substitution goes on after an error otherwise. The bash of macOS is too old for it; what is nested says so.
shopt -s inherit_errexit 2>/dev/null || true
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$scripts/../.." && pwd)

# What every script ends with: $1 the exit code, the rest what is wrong and what to do.
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$code"
}

wrong_usage() { fail 2 "$* ($0 --help says how it is called)"; }

# The comment at the top of the script that is running.
print_help() { sed -n -e '/^# shellcheck/d' -e '2,/^[^#]/ s/^# \{0,1\}//p' "$0"; }

# Of the option $1 the value $2 must be there, and be more than nothing.
need_value() { [[ $# -ge 2 && -n $2 ]] || wrong_usage "$1 needs a value"; }

# A number of seconds, bounded so that nothing hangs for a day by a slip of the finger.
check_seconds() {
  [[ $2 =~ ^[0-9]{1,5}$ ]] || wrong_usage "$1 takes whole seconds, not $(printf %q "$2")"
}

check_environment() {
  case ${1-} in
    dev | stage | prod) ;;
    '') wrong_usage 'which environment: dev, stage or prod?' ;;
    *) wrong_usage "there is no environment $(printf %q "$1"), only dev, stage and prod" ;;
  esac
}

# samconfig.toml calls `default` what everything else calls dev.
section_of() { if [[ $1 == dev ]]; then echo default; else echo "$1"; fi; }

setting_of() {
  local section value
  section=$(section_of "$1")
  value=$(awk -v section="[$section.global.parameters]" -v key="$2" '
    /^\[/ { inside = ($0 == section) }
    inside && $1 == key && $2 == "=" { sub(/^[^"]*"/, ""); sub(/".*$/, ""); print; exit }' "$root/samconfig.toml")
  [[ -n $value ]] || fail 1 "samconfig.toml has no $2 in [$section.global.parameters]; add it there"
  printf '%s\n' "$value"
}

# Sets environment, stack and region for `call_aws`. A profile renews its credentials, unlike exported keys, which end
# after an hour: shorter than a shift of traffic may take.
enter_environment() {
  check_environment "${1-}"
  environment=$1
  stack=$(setting_of "$environment" stack_name)
  region=$(setting_of "$environment" region)
  export AWS_PAGER='' AWS_REGION=$region AWS_DEFAULT_REGION=$region
  aws_errors=$(mktemp)
  temporary+=("$aws_errors")
  [[ -n ${DEPLOY_ROLE_ARN-} ]] || return 0
  [[ $DEPLOY_ROLE_ARN =~ ^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$ ]] ||
    fail 2 "DEPLOY_ROLE_ARN is not the ARN of a role: $(printf %q "$DEPLOY_ROLE_ARN")"
  AWS_CONFIG_FILE=$(mktemp)
  temporary+=("$AWS_CONFIG_FILE")
  local source
  source=$(source_of_credentials)
  printf '[profile deploy]\nrole_arn = %s\n%s\nrole_session_name = %s\n' \
    "$DEPLOY_ROLE_ARN" "$source" "deploy-$environment" >>"$AWS_CONFIG_FILE"
  export AWS_CONFIG_FILE AWS_PROFILE=deploy
}

# CodeBuild has a role of its own; elsewhere, as in Jenkins, the identity of the build in a file stands for one.
source_of_credentials() {
  if [[ -z ${AWS_WEB_IDENTITY_TOKEN_FILE-} ]]; then
    echo 'credential_source = EcsContainer'
    return
  fi
  [[ ${AWS_ROLE_ARN-} =~ ^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$ && ! $AWS_WEB_IDENTITY_TOKEN_FILE =~ [[:cntrl:]] ]] ||
    fail 2 'beside AWS_WEB_IDENTITY_TOKEN_FILE, a path, AWS_ROLE_ARN must be the ARN of a role'
  printf 'source_profile = identity\n'
  printf '[profile identity]\nrole_arn = %s\nweb_identity_token_file = %s\nrole_session_name = %s\n' \
    "$AWS_ROLE_ARN" "$AWS_WEB_IDENTITY_TOKEN_FILE" "deploy-$environment" >>"$AWS_CONFIG_FILE"
}

# Whoever makes a temporary file adds it here.
temporary=()
on_exit() { if [[ ${#temporary[@]} -gt 0 ]]; then rm -rf "${temporary[@]}"; fi; }
trap on_exit EXIT

# The AWS CLI in the environment's region, its answer as text; what it says in error is kept for `aws_error`, because a
# command substitution could not hand it over in a variable.
call_aws() { aws --region "$region" --output text "$@" 2>"$aws_errors"; }

aws_error() { tr -s '\n' ' ' <"$aws_errors"; }

# The functions that take traffic; the stack's output <function>Alias is the ARN of each one's alias.
aliases=(MainFunction AllocationFunction AllocationWorker)

checksum_of() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  if [[ ${1-} == --help ]]; then print_help && exit; fi
  check_environment "${1-}"
  [[ $# -eq 2 ]] || wrong_usage 'two arguments: an environment and what to tell of it'
  case $2 in
    stack_name | region) setting_of "$1" "$2" ;;
    section) section_of "$1" ;;
    *) wrong_usage "what to tell: stack_name, region or section, not $(printf %q "$2")" ;;
  esac
fi
