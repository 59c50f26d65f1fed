"""What CloudFormation's own handlers say that they call: types on stdin as a JSON list, {action: [types]} on stdout.

Reads the provider schemas that lie in cfn-lint; needs no network and no account.
"""

import json
import sys

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

actions = {}
for name in json.load(sys.stdin):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", name).schema
    for handler, each in schema.get("handlers", {}).items():
        for action in each.get("permissions", []) if handler != "list" else []:
            actions.setdefault(action, []).append(name)
json.dump(actions, sys.stdout)
