#!/usr/bin/env bash
# Deploys a bundle to an environment by `sam deploy`, and sees to it that traffic has really moved to it.
#   usage: deploy.sh <dev|stage|prod> --bundle <file> --checksum <sha256> [--release-id <id>] [--output <folder>]
#     --release-id   what /health is to say, as release-id.sh makes it; or RELEASE_ID
#     --output       folder for what the deployment leaves: release.txt, and an appspec-<function>.yml for each shift,
#                    which rollback.sh takes back
#   The bundle's own samconfig.toml says what the environment is like.
#   ARTIFACT_BUCKET           bucket for the code; without it SAM makes one in the environment's account
#   ARTIFACT_KEY              ARN of the KMS key to encrypt it with; SAM asks for AES256 otherwise, whatever the bucket's default
#   CLOUDFORMATION_ROLE_ARN   role that CloudFormation works with; without it the caller's own
#   PERMISSIONS_BOUNDARY      policy that bounds the application's roles, where the account demands one
#   DEPLOY_ROLE_ARN           role to take on first, for an environment in another account
#   exit:  0 deployed, or there was nothing to deploy; 1 failed, and CloudFormation has rolled back; 2 wrong arguments;
#          3 the stack is busy; 4 the stack needs a person; 5 the bundle is not what the checksum says
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

main() {
  local named='' bundle='' checksum='' release=${RELEASE_ID-} output='' folder state
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) print_help && exit ;;
      --bundle) need_value "$@" && bundle=$2 && shift ;;
      --checksum) need_value "$@" && checksum=$2 && shift ;;
      --release-id) need_value "$@" && release=$2 && shift ;;
      --output) need_value "$@" && output=$2 && shift ;;
      *) [[ -z $named ]] || wrong_usage "too many arguments: $(printf %q "$1")" && check_environment "$1" && named=$1 ;;
    esac
    shift
  done
  check_environment "$named"
  [[ -n $bundle && -n $checksum ]] || wrong_usage 'which bundle: --bundle and --checksum'
  [[ -n $release ]] || release=$("$scripts/release-id.sh")
  [[ $release =~ ^[0-9a-f]{40}$ ]] || wrong_usage "a release id is 40 hexadecimal digits, not $(printf %q "$release")"
  check_settings
  folder=$(mktemp -d)
  temporary+=("$folder")
  "$scripts/bundle.sh" unpack "$bundle" "$checksum" "$folder"
  state=$("$scripts/stack-state.sh" "$named")
  if [[ $state == ready ]]; then "$scripts/appspec.sh" state "$named" >"$folder/before"; else : >"$folder/before"; fi
  deploy "$named" "$folder" "$release"
  report "$named" "$folder" "$state" "$release" "$checksum" "${output:-$folder/output}"
}

check_settings() {
  if [[ -n ${ARTIFACT_BUCKET-} && ! $ARTIFACT_BUCKET =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]]; then
    fail 2 "ARTIFACT_BUCKET is no name of a bucket: $(printf %q "$ARTIFACT_BUCKET")"
  fi
  if [[ -n ${ARTIFACT_KEY-} && ! $ARTIFACT_KEY =~ ^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+$ ]]; then
    fail 2 "ARTIFACT_KEY is not the ARN of a KMS key: $(printf %q "$ARTIFACT_KEY")"
  fi
  if [[ -n ${CLOUDFORMATION_ROLE_ARN-} && ! $CLOUDFORMATION_ROLE_ARN =~ ^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$ ]]; then
    fail 2 "CLOUDFORMATION_ROLE_ARN is not the ARN of a role: $(printf %q "$CLOUDFORMATION_ROLE_ARN")"
  fi
  if [[ -n ${PERMISSIONS_BOUNDARY-} && ! $PERMISSIONS_BOUNDARY =~ ^arn:aws[a-z-]*:iam::[0-9]{12}:policy/[A-Za-z0-9+=,.@_/-]+$ ]]; then
    fail 2 "PERMISSIONS_BOUNDARY is not the ARN of a policy: $(printf %q "$PERMISSIONS_BOUNDARY")"
  fi
}

deploy() {
  local section code=0 options=()
  section=$(section_of "$1")
  configure "$2/samconfig.toml" "$section" "$3" >"$2/samconfig.release.toml"
  if [[ -n ${ARTIFACT_BUCKET-} ]]; then options+=(--no-resolve-s3 --s3-bucket "$ARTIFACT_BUCKET"); fi
  if [[ -n ${ARTIFACT_KEY-} ]]; then options+=(--kms-key-id "$ARTIFACT_KEY"); fi
  if [[ -n ${CLOUDFORMATION_ROLE_ARN-} ]]; then options+=(--role-arn "$CLOUDFORMATION_ROLE_ARN"); fi
  enter_environment "$1"
  "$scripts/sam.sh" deploy --template-file "$2/build/template.yaml" --config-file "$2/samconfig.release.toml" --config-env "$section" \
    --no-confirm-changeset --no-fail-on-empty-changeset --no-progressbar ${options[@]+"${options[@]}"} 2>&1 | tee "$2/log" >&2 || code=$?
  [[ $code -eq 0 ]] || fail 1 "sam deploy has failed with exit code $code. What was wrong is above and in the events of $stack; once it has rolled back, repair and deploy again. An alarm that the old release keeps red is passed by IgnoreAlarms=true in samconfig.toml, for one deployment"
}

# The environment's own parameters and what this deployment adds: --parameter-overrides would replace them all.
configure() {
  awk -v section="[$2.deploy.parameters]" -v release="$3" -v boundary="${PERMISSIONS_BOUNDARY-}" '
    /^\[/ { inside = ($0 == section) }
    inside && /^ *"ReleaseId=/ { next }
    inside && boundary != "" && /^ *"PermissionsBoundary=/ { next }
    { print }
    inside && /^parameter_overrides = \[$/ {
      printf "  \"ReleaseId=%s\",\n", release
      if (boundary != "") printf "  \"PermissionsBoundary=%s\",\n", boundary
      done = 1
    }
    END { exit !done }' "$1" || fail 1 "samconfig.toml has no parameter_overrides, over several lines, in [$2.deploy.parameters]"
}

# That the stack is up to date is not enough: an alias may still point to the old version.
report() {
  local named=$1 folder=$2 state=$3 release=$4 checksum=$5 output=$6 after resource version
  mkdir -p -- "$output"
  printf 'environment %s\nrelease %s\nbundle %s\n' "$named" "$release" "$checksum" >"$output/release.txt"
  if grep --quiet 'No changes to deploy' "$folder/log"; then
    echo "$named was up to date" >&2
    return
  fi
  after=$("$scripts/appspec.sh" state "$named")
  if [[ $state == absent ]]; then
    echo "$named is created; nothing could be shifted, so that the smoke test is the first that it is asked" >&2
    return
  fi
  while read -r resource _ _ version; do
    if grep --quiet --line-regexp --extended-regexp "$resource [^ ]+ [^ ]+ $version" "$folder/before"; then
      fail 1 "the deployment went well, and the alias of $resource still points to version $version: traffic has not moved"
    fi
  done <<<"$after"
  "$scripts/appspec.sh" render "$named" --before "$folder/before" --output "$output"
}

main "$@"
