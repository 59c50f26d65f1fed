#!/usr/bin/env bash
# The bundle is what is deployed, in one file: the output of `sam build`, samconfig.toml and the list of its parts (SBOM).
# Its name in a store is its SHA-256, so that whoever knows the checksum gets that bundle or none.
#   usage: bundle.sh pack <file> --sbom <file>       packs .aws-sam/build; the same build gives the same bytes (GNU tar)
#          bundle.sh put <file>                      publishes it
#          bundle.sh get <checksum> <file>           fetches it, and leaves no file that is not it
#          bundle.sh unpack <file> <checksum> <folder>
#     pack and put print the checksum on stdout.
#   put and get take
#     --store <codeartifact|artifactory>              or BUNDLE_STORE
#   CodeArtifact, a package of the format `generic`:
#     CODEARTIFACT_DOMAIN, CODEARTIFACT_DOMAIN_OWNER (account), CODEARTIFACT_REPOSITORY, AWS_REGION
#   Artifactory, a generic repository:
#     ARTIFACTORY_URL (https://<host>/artifactory), ARTIFACTORY_REPOSITORY
#     ARTIFACTORY_TOKEN, or ARTIFACTORY_USER and ARTIFACTORY_PASSWORD; never as an argument, which every process could read
#   BUNDLE_ATTEMPTS (5), BUNDLE_PAUSE_SECONDS (2, twice as long each time): what is passing is tried again
#   exit:  0 done, 1 failed, 2 wrong arguments or settings, 3 the store does not answer (try again later),
#          5 what came is not what the checksum says
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

package_namespace=inventory-allocation
package=bundle
asset=bundle.tar.gz
store=${BUNDLE_STORE-}
attempts=${BUNDLE_ATTEMPTS:-5}
pause=${BUNDLE_PAUSE_SECONDS:-2}
given=()

main() {
  local verb=${1-}
  if [[ $verb == --help ]]; then print_help && exit; fi
  [[ $# -gt 0 ]] || wrong_usage 'what to do: pack, put, get or unpack'
  shift
  local sbom=''
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) print_help && exit ;;
      --store) need_value "$@" && store=$2 && shift ;;
      --sbom) need_value "$@" && sbom=$2 && shift ;;
      -*) wrong_usage "there is no option $(printf %q "$1"); a file of that name is ./$(printf %q "$1")" ;;
      *) given+=("$1") ;;
    esac
    shift
  done
  check_seconds BUNDLE_PAUSE_SECONDS "$pause"
  [[ $attempts =~ ^[1-9][0-9]?$ ]] || wrong_usage "BUNDLE_ATTEMPTS is a number from 1 to 99, not $(printf %q "$attempts")"
  case $verb in
    pack) need_given 1 && pack "${given[0]}" "$sbom" ;;
    put) need_given 1 && check_store && put "${given[0]}" ;;
    get) need_given 2 && check_checksum "${given[0]}" && check_store && get "${given[0]}" "${given[1]}" ;;
    unpack) need_given 3 && check_checksum "${given[1]}" && unpack "${given[@]}" ;;
    *) wrong_usage "pack, put, get or unpack, not $(printf %q "$verb")" ;;
  esac
}

need_given() { [[ ${#given[@]} -eq $1 ]] || wrong_usage "$1 arguments are needed here, not ${#given[@]}"; }

check_checksum() { [[ $1 =~ ^[0-9a-f]{64}$ ]] || wrong_usage "a checksum is 64 hexadecimal digits, not $(printf %q "$1")"; }

pack() {
  local file=$1 sbom=$2 build=$root/.aws-sam/build folder
  [[ -f $build/template.yaml ]] || fail 1 'there is no .aws-sam/build/template.yaml; run sam build first'
  [[ -f $sbom ]] || wrong_usage 'pack needs --sbom and a file, which npm run sbom makes'
  folder=$(mktemp -d)
  temporary+=("$folder")
  cp -R "$build" "$folder/build"
  cp "$root/samconfig.toml" "$folder/samconfig.toml"
  # Nothing that differs between two builds of one commit: npm dates and numbers its list and names it after the checkout's
  # folder; an archive has an order, times, owners and rights.
  sed -e '/^  "serialNumber": /d' -e '/^    "timestamp": /d' -e '/^    "component": {/,/^    }/ s/^      "name": .*/      "name": "inventory-allocation",/' \
    -- "$sbom" >"$folder/sbom.cdx.json"
  tar --create --directory "$folder" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --format=ustar build samconfig.toml sbom.cdx.json | gzip --no-name --best >"$file.part"
  mv -f -- "$file.part" "$file"
  checksum_of "$file"
}

unpack() {
  local file=$1 checksum=$2 folder=$3 listing
  [[ -f $file && -r $file ]] || fail 1 "there is no file $(printf %q "$file")"
  [[ $(checksum_of "$file") == "$checksum" ]] || fail 5 "$(printf %q "$file") is not the bundle $checksum; fetch it again with bundle.sh get"
  listing=$(tar --list --verbose --gzip --file "$file") || fail 5 "$(printf %q "$file") is no archive"
  if grep --quiet --invert-match '^[-d]' <<<"$listing"; then fail 5 "$(printf %q "$file") holds more than files and folders"; fi
  if tar --list --gzip --file "$file" | grep --quiet --extended-regexp '^/|(^|/)\.\.(/|$)'; then
    fail 5 "$(printf %q "$file") holds a file that would lie outside of the folder"
  fi
  mkdir -p -- "$folder"
  tar --extract --gzip --no-same-owner --file "$file" --directory "$folder"
}

check_store() {
  case $store in
    codeartifact)
      need_setting CODEARTIFACT_DOMAIN '^[a-z][a-z0-9-]{0,48}[a-z0-9]$'
      need_setting CODEARTIFACT_DOMAIN_OWNER '^[0-9]{12}$'
      need_setting CODEARTIFACT_REPOSITORY '^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$'
      need_setting AWS_REGION '^[a-z]{2}(-[a-z0-9]+)+$'
      region=$AWS_REGION
      aws_errors=$(mktemp)
      temporary+=("$aws_errors")
      at=(--domain "$CODEARTIFACT_DOMAIN" --domain-owner "$CODEARTIFACT_DOMAIN_OWNER" --repository "$CODEARTIFACT_REPOSITORY"
        --format generic --namespace "$package_namespace" --package "$package")
      export AWS_PAGER=''
      ;;
    artifactory)
      # Plain HTTP would show the token to the network; this machine's own is for tests.
      need_setting ARTIFACTORY_URL '^(https://[A-Za-z0-9.-]+(:[0-9]+)?|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[A-Za-z0-9._~-]+)*$'
      need_setting ARTIFACTORY_REPOSITORY '^[A-Za-z0-9][A-Za-z0-9._-]*$'
      if [[ -n ${ARTIFACTORY_TOKEN-} ]]; then
        need_secret ARTIFACTORY_TOKEN
      else
        need_secret ARTIFACTORY_USER
        need_secret ARTIFACTORY_PASSWORD
      fi
      ;;
    '') wrong_usage 'which store: --store codeartifact or --store artifactory, or BUNDLE_STORE' ;;
    *) wrong_usage "there is no store $(printf %q "$store"), only codeartifact and artifactory" ;;
  esac
}

need_setting() {
  [[ -n ${!1-} ]] || fail 2 "the environment variable $1 is missing"
  [[ ${!1} =~ $2 ]] || fail 2 "the environment variable $1 is not like $2: $(printf %q "${!1}")"
}

# As above, and never says what it is.
need_secret() {
  [[ -n ${!1-} ]] || fail 2 "the environment variable $1 is missing"
  [[ ! ${!1} =~ [[:cntrl:]] ]] || fail 2 "the environment variable $1 holds a line break or another control character"
}

put() {
  local file=$1 checksum
  [[ -f $file && -r $file ]] || fail 1 "there is no file $(printf %q "$file")"
  [[ -s $file ]] || fail 1 "$(printf %q "$file") is empty"
  file=$(cd -- "$(dirname -- "$file")" && pwd)/$(basename -- "$file")
  checksum=$(checksum_of "$file")
  try "put_to_$store" "$file" "$checksum"
  echo "The bundle $checksum is in $store" >&2
  echo "$checksum"
}

# Whatever goes wrong, $file is as it was: the download lies beside it until it is known to be right.
get() {
  local checksum=$1 file=$2 download came
  [[ -d $(dirname -- "$file") ]] || fail 1 "there is no folder for $(printf %q "$file")"
  download=$(mktemp "$(cd -- "$(dirname -- "$file")" && pwd)/.bundle.XXXXXX")
  temporary+=("$download")
  try "get_from_$store" "$checksum" "$download"
  came=$(checksum_of "$download")
  [[ $came == "$checksum" ]] || fail 5 "$store answered $came for the bundle $checksum; it was cut off or replaced, so it is not deployed: fetch it again, or build again"
  chmod 644 "$download"
  mv -f -- "$download" "$file"
  echo "The bundle $checksum came from $store" >&2
}

# Calls the rest until it answers something else than 75, which is EX_TEMPFAIL of sysexits.h.
try() {
  local attempt=1 seconds=$pause code
  while true; do
    code=0
    "$@" || code=$?
    [[ $code -eq 75 ]] || return "$code"
    [[ $attempt -lt $attempts ]] || fail 3 "$store does not answer, asked $attempts times; try again later"
    echo "Trying again in $seconds seconds (attempt $((++attempt)) of $attempts)" >&2
    sleep "$seconds"
    seconds=$((seconds * 2 > 60 ? 60 : seconds * 2))
  done
}

put_to_codeartifact() {
  local file=$1 checksum=$2 there
  if call_aws codeartifact publish-package-version "${at[@]}" --package-version "$checksum" \
    --asset-name "$asset" --asset-sha256 "$checksum" --asset-content "$file" >/dev/null; then return; fi
  if [[ $(aws_error) != *ConflictException* ]]; then
    refuse_of_aws
    return
  fi
  # Published before, by an earlier try or by another build of the same commit: fine when it is the same.
  there=$(mktemp)
  temporary+=("$there")
  get_from_codeartifact "$checksum" "$there" || return
  [[ $(checksum_of "$there") == "$checksum" ]] || fail 5 "CodeArtifact holds something else as version $checksum; delete that version"
}

get_from_codeartifact() {
  call_aws codeartifact get-package-version-asset "${at[@]}" --package-version "$1" --asset "$asset" "$2" >/dev/null || refuse_of_aws
}

# Ends the script for what a second try would not change, and answers 75 for the rest.
refuse_of_aws() {
  case $(aws_error) in
    *AccessDenied* | *ExpiredToken* | *UnrecognizedClient* | *InvalidSignature* | *"locate credentials"*)
      fail 1 "CodeArtifact refuses this role: $(aws_error)"
      ;;
    *ResourceNotFound*) fail 1 "CodeArtifact has no such bundle, repository or domain: $(aws_error)" ;;
    *Validation* | *ServiceQuotaExceeded* | *"usage:"* | *"Invalid choice"*) fail 1 "CodeArtifact does not accept this: $(aws_error)" ;;
  esac
  echo "CodeArtifact: $(aws_error)" >&2
  return 75
}

put_to_artifactory() {
  call_artifactory "$2" --upload-file "$1" --header "X-Checksum-Sha256: $2" --header 'Content-Type: application/gzip' --output /dev/null || return
  # 409 or 422 is how Artifactory says that the checksum does not fit what has arrived.
  case $http_status in
    200 | 201) ;;
    *) refuse_of_artifactory ;;
  esac
}

get_from_artifactory() {
  call_artifactory "$1" --output "$2" || return
  [[ $http_status == 200 ]] || refuse_of_artifactory
}

# Sets http_status. The credentials go in by stdin, since arguments are public.
call_artifactory() {
  local checksum=$1 code=0
  shift
  http_status=$(credentials | curl --disable --silent --show-error --config - --location --proto '=https,http' --proto-redir '=https' \
    --connect-timeout 10 --max-time 600 --write-out '%{http_code}' "$@" \
    "$ARTIFACTORY_URL/$ARTIFACTORY_REPOSITORY/$package_namespace/$checksum/$asset") || code=$?
  [[ $code -eq 0 ]] && return
  # curl has said what it was: refused, cut off, out of time.
  [[ $code -ne 2 && $code -ne 3 && $code -ne 23 && $code -ne 26 ]] || fail 1 "curl cannot do that (exit code $code)"
  return 75
}

credentials() {
  if [[ -n ${ARTIFACTORY_TOKEN-} ]]; then
    printf 'header = "Authorization: Bearer %s"\n' "$(quoted "$ARTIFACTORY_TOKEN")"
  else
    printf 'user = "%s:%s"\n' "$(quoted "$ARTIFACTORY_USER")" "$(quoted "$ARTIFACTORY_PASSWORD")"
  fi
}

# As curl reads it between quotation marks.
quoted() {
  local text=${1//\\/\\\\}
  printf '%s' "${text//\"/\\\"}"
}

refuse_of_artifactory() {
  case $http_status in
    401) fail 1 'Artifactory does not know these credentials (401): renew ARTIFACTORY_TOKEN' ;;
    403) fail 1 "Artifactory refuses these credentials for $ARTIFACTORY_REPOSITORY (403): give them read and deploy there" ;;
    404) fail 1 "Artifactory has no such bundle or repository in $ARTIFACTORY_REPOSITORY (404)" ;;
    409 | 422) fail 5 "Artifactory got something else than was sent ($http_status): send it again" ;;
    408 | 425 | 429 | 5??) echo "Artifactory answers $http_status" >&2 && return 75 ;;
    *) fail 1 "Artifactory answers $http_status" ;;
  esac
}

main "$@"
