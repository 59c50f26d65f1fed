#!/usr/bin/env bash
# The AppSpec of a shift of traffic: what an alias points to, what it is to point to, and the hook that is asked before.
#   usage: appspec.sh state <dev|stage|prod> [<resource> ...]
#            prints a line for each function that takes traffic, or for those: resource, function, alias, version
#          appspec.sh render <dev|stage|prod> --before <file> --output <folder> [--no-hook]
#            writes appspec-<resource>.yml for each function whose alias points elsewhere than in the file, which is what
#            `state` said before a deployment
#          appspec.sh print --resource <id> --name <function> --alias <alias> --current <version> --target <version> [--hook <function>]
#          appspec.sh validate <file> [--read <Resource|Name|Alias|CurrentVersion|TargetVersion|Hook>]
#            of the file as a whole: it is an AppSpec as rendered here, or says which line is not; --read prints one value
#   exit:  0 done, 1 not valid or AWS could not be asked, 2 wrong arguments, 3 a shift is under way
# shellcheck disable=SC2016,SC2034 # the backquotes are JMESPath's, and the values are read by their names
# shellcheck source=pipeline/scripts/environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

main() {
  case ${1-} in
    --help) print_help ;;
    state | render | validate) "$@" ;;
    print) shift && print_appspec "$@" ;;
    '') wrong_usage 'what to do: state, render, print or validate' ;;
    *) wrong_usage "state, render, print or validate, not $(printf %q "$1")" ;;
  esac
}

state() {
  [[ $# -ge 1 ]] || wrong_usage 'state of which environment?'
  local resource query='' arns arn answer version weights
  enter_environment "$1"
  shift
  [[ $# -gt 0 ]] || set -- "${aliases[@]}"
  for resource in "$@"; do
    [[ " ${aliases[*]} " == *" $resource "* && $resource != *' '* ]] || wrong_usage "$(printf %q "$resource") takes no traffic, only ${aliases[*]} do"
    query+="${query:+, }Outputs[?OutputKey=='${resource}Alias'].OutputValue | [0]"
  done
  answer=$(call_aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].[$query]") ||
    fail 1 "AWS did not say what $stack has put out: $(aws_error)"
  IFS=$'\t' read -r -a arns <<<"$answer"
  for resource in "$@"; do
    arn=${arns[0]}
    arns=("${arns[@]:1}")
    [[ $arn == *:function:*:* ]] || fail 1 "$stack has no output ${resource}Alias: it was not deployed from this template"
    answer=$(call_aws lambda get-alias --function-name "${arn%:*}" --name "${arn##*:}" \
      --query '[FunctionVersion, to_string(RoutingConfig.AdditionalVersionWeights || `{}`)]') ||
      fail 1 "AWS did not say what the alias $arn points to: $(aws_error)"
    IFS=$'\t' read -r version weights <<<"$answer"
    [[ $version =~ ^[0-9]+$ ]] || fail 1 "the alias $arn points to $version, which is no version"
    [[ $weights == '{}' ]] || fail 3 "traffic of $arn is being shifted ($weights); wait for the deployment, or stop it in CodeDeploy"
    arn=${arn#*:function:}
    printf '%s %s %s %s\n' "$resource" "${arn%:*}" "${arn##*:}" "$version"
  done
}

output_of() {
  local value
  value=$(call_aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]") ||
    fail 1 "AWS did not say what $stack has put out: $(aws_error)"
  [[ -n $value && $value != None ]] || fail 1 "$stack has no output $1: it was not deployed from this template"
  printf '%s\n' "$value"
}

render() {
  local named='' before='' folder='' hook=yes resource name alias version previous states
  while [[ $# -gt 0 ]]; do
    case $1 in
      --before) need_value "$@" && before=$2 && shift ;;
      --output) need_value "$@" && folder=$2 && shift ;;
      --no-hook) hook='' ;;
      *) [[ -z $named ]] || wrong_usage "too many arguments: $(printf %q "$1")" && check_environment "$1" && named=$1 ;;
    esac
    shift
  done
  [[ -n $before && -n $folder ]] || wrong_usage 'render needs --before and --output'
  [[ -r $before ]] || fail 1 "there is no file $(printf %q "$before"): it is what \`appspec.sh state\` said before the deployment"
  states=$(state "$named")
  enter_environment "$named"
  if [[ -n $hook ]]; then hook=$(output_of PreTrafficHook); fi
  mkdir -p -- "$folder"
  while read -r resource name alias version; do
    previous=$(awk -v resource="$resource" '$1 == resource { print $4 }' "$before")
    if [[ -z $previous || $previous == "$version" ]]; then continue; fi
    print_appspec --resource "$resource" --name "$name" --alias "$alias" --current "$previous" --target "$version" \
      ${hook:+--hook "$hook"} >"$folder/appspec-$resource.yml"
    echo "$folder/appspec-$resource.yml: $name:$alias from version $previous to $version" >&2
  done <<<"$states"
}

# What may stand for a placeholder of appspec.yml. A name may also be an ARN.
pattern_of() {
  case $1 in
    Resource | Alias) echo '[A-Za-z][A-Za-z0-9_-]{0,127}' ;;
    Name | Hook) echo '[A-Za-z0-9_:-]{1,170}' ;;
    CurrentVersion | TargetVersion) echo '[1-9][0-9]{0,18}' ;;
    *) fail 1 "appspec.yml has the placeholder $1, which appspec.sh does not know" ;;
  esac
}

print_appspec() {
  local Resource='' Name='' Alias='' CurrentVersion='' TargetVersion='' Hook='' text key rendered
  while [[ $# -gt 0 ]]; do
    need_value "$@"
    case $1 in
      --resource) Resource=$2 ;;
      --name) Name=$2 ;;
      --alias) Alias=$2 ;;
      --current) CurrentVersion=$2 ;;
      --target) TargetVersion=$2 ;;
      --hook) Hook=$2 ;;
      *) wrong_usage "there is no option $(printf %q "$1")" ;;
    esac
    shift 2
  done
  text=$(shape)
  if [[ -z $Hook ]]; then text=${text%$'\n'Hooks:*}; fi
  for key in Resource Name Alias CurrentVersion TargetVersion Hook; do
    [[ $text == *"\${$key}"* ]] || continue
    [[ ${!key} =~ ^$(pattern_of "$key")$ ]] || fail 2 "$(printf %q "${!key}") is no $key of an AppSpec"
    text=${text//"\${$key}"/${!key}}
  done
  rendered=$(mktemp)
  temporary+=("$rendered")
  printf '%s\n' "$text" >"$rendered"
  validate "$rendered" || exit
  cat "$rendered"
}

# appspec.yml without its comment.
shape() { grep -v '^#' "$root/pipeline/appspec.yml"; }

# Line by line against appspec.yml, since only what is rendered here is ever started: stricter than YAML, and with
# nothing to install where a rollback is urgent.
validate() {
  local file=${1-} wanted='' line pattern key found='' number=0 value
  [[ -n $file ]] || wrong_usage 'validate which file?'
  shift
  if [[ $# -gt 0 ]]; then
    [[ $1 == --read && $# -eq 2 ]] || wrong_usage "validate takes a file and --read, not $(printf %q "$1")"
    wanted=$2
    [[ $wanted =~ ^(Resource|Name|Alias|CurrentVersion|TargetVersion|Hook)$ ]] || wrong_usage "an AppSpec has no $(printf %q "$wanted")"
  fi
  [[ -f $file && -r $file ]] || fail 1 "there is no file $(printf %q "$file")"
  local -a lines=() shapes=()
  while IFS= read -r line || [[ -n $line ]]; do if [[ $line != '#'* ]]; then lines+=("$line"); fi; done <"$file"
  while IFS= read -r line; do shapes+=("$line"); done < <(shape)
  local count=${#lines[@]} current='' target=''
  [[ $count -eq ${#shapes[@]} || $count -eq $((${#shapes[@]} - 2)) ]] ||
    fail 1 "$file is no AppSpec of one function: it has $count lines, where appspec.yml has ${#shapes[@]}, or two less without a hook"
  for ((number = 0; number < count; number++)); do
    pattern=${shapes[number]}
    key=''
    if [[ $pattern =~ \$\{([A-Za-z]+)\} ]]; then key=${BASH_REMATCH[1]}; fi
    pattern=${pattern//./\\.}
    if [[ -n $key ]]; then pattern=${pattern/"\${$key}"/"($(pattern_of "$key"))"}; fi
    [[ ${lines[number]} =~ ^$pattern$ ]] || fail 1 "$file: not \"${shapes[number]}\" but $(printf %q "${lines[number]}")"
    [[ -n $key ]] || continue
    value=${BASH_REMATCH[1]}
    if [[ $key == CurrentVersion ]]; then current=$value; fi
    if [[ $key == TargetVersion ]]; then target=$value; fi
    if [[ $key == "$wanted" ]]; then found=$value; fi
  done
  [[ $current != "$target" ]] || fail 1 "$file: the current version and the target are both $current; there is nothing to shift"
  if [[ -n $wanted ]]; then printf '%s\n' "$found"; fi
}

main "$@"
