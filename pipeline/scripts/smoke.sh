#!/usr/bin/env bash
# Asks a deployed environment over HTTP, as a caller would: the release, the planner's page, the database, and an allocation as
# a dry run.
#   usage: smoke.sh <dev|stage|prod> [--url <url>] [--release-id <id>] [--timeout <seconds>]
#     --url          of the API; otherwise the stack says it
#     --release-id   what /health and /console must say, or RELEASE_ID; otherwise what the stack says
#     --timeout      for each of the four, 120: a sleeping database takes up to a minute to wake
#   The token, with the scopes inventory:read and allocate:simulate at least:
#     SMOKE_TOKEN, or
#     SMOKE_TOKEN_URL, SMOKE_CLIENT_ID and SMOKE_CLIENT_SECRET of an OAuth 2 client, or
#     none of them: the client of the stack's own user pool; where the stack has another issuer, the client that the secret
#     <stack name>-smoke of Secrets Manager holds: {"tokenUrl":"...","clientId":"...","clientSecret":"..."}
#   What the issuer wants to know beside: SMOKE_TOKEN_PARAMETERS, in the secret tokenParameters, such as
#   audience=inventory-allocation
#   DEPLOY_ROLE_ARN  role to take on first, for an environment in another account
#   exit:  0 it works, 1 it does not, 2 wrong arguments or settings, 3 it does not answer in time
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

url='' release=${RELEASE_ID-} timeout=120

main() {
  local named=''
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) print_help && exit ;;
      --url) need_value "$@" && url=$2 && shift ;;
      --release-id) need_value "$@" && release=$2 && shift ;;
      --timeout) need_value "$@" && check_seconds --timeout "$2" && timeout=$2 && shift ;;
      *) [[ -z $named ]] || wrong_usage "too many arguments: $(printf %q "$1")" && check_environment "$1" && named=$1 ;;
    esac
    shift
  done
  enter_environment "$named"
  [[ -n $url ]] || url=$(output_of ApiUrl)
  [[ $url =~ ^(https://[A-Za-z0-9.-]+(:[0-9]+)?|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[A-Za-z0-9._~-]+)*/?$ ]] ||
    wrong_usage "the API's URL is https://<host>/<stage>, not $(printf %q "$url")"
  url=${url%/}
  [[ -n $release ]] || release=$(output_of ReleaseId)
  [[ -n $release ]] || release=local # as a release without an id calls itself
  answer=$(mktemp)
  temporary+=("$answer")
  token=''
  probe health GET /health '' releaseId "$release"
  probe page GET /console '' releaseId "$release"
  token=$(get_token)
  probe database GET /health/database '' status OK
  probe allocation POST /allocate "{\"filter\":{\"sku\":\"smoke-$RANDOM$RANDOM\"},\"dryRun\":true}" status SIMULATED
  echo "$named works, at $url, release $release" >&2
}

output_of() {
  local value
  value=$(call_aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]") ||
    fail 1 "AWS did not say what $stack has put out: $(aws_error)"
  [[ $value != None ]] || fail 1 "$stack has no output $1: it was not deployed from this template"
  printf '%s\n' "$value"
}

# Asks $2 $3 with the body $4 until the member $5 of the answer is $6, or until it is plain that it will not be.
probe() {
  local name=$1 method=$2 path=$3 body=$4 member=$5 expected=$6 end=$((SECONDS + timeout)) status said pause=1
  while true; do
    status=$(ask "$method" "$path" "$body") || status=000
    said=''
    if [[ $status == 200 ]]; then
      said=$(member_of "$member") || fail 1 "$name: $method $path answers 200 without a member $member"
      [[ $said != "$expected" ]] || break
    fi
    case $status in
      200) [[ $member == releaseId ]] || fail 1 "$name: $member is $(printf %q "$said"), not $expected" ;; # an old release may answer a moment longer
      000 | 408 | 429 | 5??) ;; # waking, or being replaced
      401 | 403) fail 1 "$name: $method $path answers $status: the token lacks a scope, is expired or is for another audience; or there is no such API" ;;
      *) fail 1 "$name: $method $path answers $status: $(problem)" ;;
    esac
    [[ $SECONDS -lt $end ]] || give_up "$name" "$method $path" "$status" "$said" "$expected"
    sleep "$pause"
    pause=$((pause < 8 ? pause * 2 : 8))
  done
  echo "$name: $method $path is right" >&2
}

give_up() {
  if [[ $3 == 200 ]]; then fail 1 "$1: $2 still says release $(printf %q "$4") after $timeout seconds, not $5: traffic has not moved to it"; fi
  if [[ $3 == 000 ]]; then fail 3 "$1: $2 could not be reached for $timeout seconds; look at $url and at the network"; fi
  fail 3 "$1: $2 answers $3 for $timeout seconds: $(problem); look at the function's log"
}

ask() {
  local options=()
  if [[ -n $3 ]]; then
    options+=(--header 'Content-Type: application/json' --header "Idempotency-Key: smoke-$RANDOM$RANDOM$RANDOM" --data "$3")
  fi
  if [[ -n $token ]]; then printf 'header = "Authorization: Bearer %s"\n' "$token"; fi |
    curl --disable --silent --config - --proto '=https,http' --connect-timeout 10 --max-time 35 --max-filesize 1000000 \
      --request "$1" ${options[@]+"${options[@]}"} --output "$answer" --write-out '%{http_code}' "$url$2"
}

# Of the answer, a text or a number at the top; of a page, of the settings that it holds. Node.js reads it, which every
# build has.
member_of() {
  node -e '
    const text = require("fs").readFileSync(process.argv[1], "utf8");
    const [, settings] = /<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(text) ?? [];
    const value = JSON.parse(settings ?? text)?.[process.argv[2]];
    if (typeof value !== "string" && typeof value !== "number") process.exit(1);
    process.stdout.write(String(value));' "$answer" "${1?}" 2>/dev/null
}

problem() { head -c 500 "$answer" | tr -c '[:print:]' ' '; }

get_token() {
  local given=${SMOKE_TOKEN-}
  [[ -n $given ]] || given=$(token_of_client) || exit
  [[ $given =~ ^[A-Za-z0-9._~+/=-]+$ ]] || fail 2 'SMOKE_TOKEN is no bearer token: it holds a space, a quotation mark or a line break'
  printf '%s' "$given"
}

token_of_client() {
  local endpoint=${SMOKE_TOKEN_URL-} id=${SMOKE_CLIENT_ID-} secret=${SMOKE_CLIENT_SECRET-} more=${SMOKE_TOKEN_PARAMETERS-} pool identity given status
  if [[ -n $endpoint ]]; then
    :
  elif pool=$(physical_id UserPool); then
    id=$(physical_id UserPoolClient) || fail 1 "AWS did not say the client of $stack: $(aws_error)"
    secret=$(call_aws cognito-idp describe-user-pool-client --user-pool-id "$pool" --client-id "$id" --query UserPoolClient.ClientSecret) ||
      fail 1 "AWS did not give the client's secret: $(aws_error)"
    identity=$(call_aws cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackId') ||
      fail 1 "AWS did not say the id of $stack: $(aws_error)"
    endpoint=https://inventory-${identity##*/}.auth.$region.amazoncognito.com/oauth2/token
  elif [[ $(aws_error) == *'does not exist'* ]]; then
    read_client
  else
    fail 1 "AWS did not say whether $stack has a user pool: $(aws_error)"
  fi
  [[ $endpoint =~ ^(https://[A-Za-z0-9.-]+(:[0-9]+)?|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[A-Za-z0-9._~-]+)*/?$ ]] ||
    fail 2 "the issuer's address is not https://...: $(printf %q "$endpoint")"
  [[ -n $id && -n $secret && ! $id$secret =~ [[:cntrl:]\"\\] ]] || fail 2 'the id or the secret of the client is missing, or holds what no client has'
  [[ $more =~ ^[A-Za-z0-9._~%+=\&:/-]*$ ]] || fail 2 'what the issuer wants to know is written as in a URL, name=value&name=value'
  status=$(printf 'user = "%s:%s"\n' "$id" "$secret" | curl --disable --silent --config - --proto '=https,http' --connect-timeout 10 --max-time 30 \
    --retry 3 --data "grant_type=client_credentials${more:+&$more}" --output "$answer" --write-out '%{http_code}' "$endpoint") || status=000
  [[ $status == 200 ]] || fail 1 "the issuer of tokens answers $status to the client $id"
  given=$(member_of access_token) || fail 1 'the issuer of tokens answers without an access_token'
  : >"$answer"
  printf '%s' "$given"
}

physical_id() {
  call_aws cloudformation describe-stack-resource --stack-name "$stack" --logical-resource-id "$1" \
    --query StackResourceDetail.PhysicalResourceId
}

# Sets endpoint, id, secret and more. The secret passes through the answer's file, which nobody else reads.
read_client() {
  call_aws secretsmanager get-secret-value --secret-id "$stack-smoke" --query SecretString >"$answer" ||
    fail 2 "$stack takes tokens of an issuer of your own: keep an OAuth 2 client in the secret $stack-smoke ($0 --help says how), or set SMOKE_TOKEN, or SMOKE_TOKEN_URL, SMOKE_CLIENT_ID and SMOKE_CLIENT_SECRET ($(aws_error))"
  if ! { endpoint=$(member_of tokenUrl) && id=$(member_of clientId) && secret=$(member_of clientSecret); }; then
    fail 2 "the secret $stack-smoke is not {\"tokenUrl\":\"...\",\"clientId\":\"...\",\"clientSecret\":\"...\"}"
  fi
  more=$(member_of tokenParameters) || more=''
  : >"$answer"
}

main "$@"
