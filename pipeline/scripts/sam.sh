#!/usr/bin/env bash
# Runs the pinned SAM CLI; makes .venv for it the first time, and again when its requirements change.
#   usage: sam.sh <any SAM command>          SAM_TOOL=cfn-lint sam.sh <any cfn-lint argument>
#   needs: Python 3.10 or later with venv
# To move a pin: edit requirements.in, then  .venv/bin/uv pip compile --universal --no-header --no-annotate \
#   --no-emit-index-url pipeline/requirements.in --output-file pipeline/requirements.txt
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
requirements=$root/pipeline/requirements.txt
venv=$root/.venv
export SAM_CLI_TELEMETRY=${SAM_CLI_TELEMETRY:-0}

install() {
  echo "Installing the SAM CLI into .venv (10 to 60 seconds, once) ..." >&2
  rm -rf "$venv"
  # shellcheck disable=SC2015 # the last part ends the script
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' && python3 -m venv "$venv" || {
    echo "The SAM CLI needs Python 3.10 or later with venv (Debian, Ubuntu: apt-get install python3-venv)." >&2
    exit 1
  }
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9
  "$venv/bin/uv" pip install --quiet --python "$venv" --requirement "$requirements"
  cp "$requirements" "$venv/requirements.txt" # written last: it says that all of it is there
}

if ! cmp -s "$requirements" "$venv/requirements.txt"; then install; fi
exec "$venv/bin/${SAM_TOOL:-sam}" "$@"
