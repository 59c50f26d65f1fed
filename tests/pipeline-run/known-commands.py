"""Prints what the AWS CLI would not understand of the calls on stdin, one JSON list of arguments a line: it builds its commands
from the same models as botocore."""
import json
import sys

import botocore.session
import jmespath
from botocore import xform_name

session = botocore.session.get_session()
services = {"deploy": "codedeploy"}  # the CLI's own name
everywhere = {"region", "output", "query", "no-paginate"}


def fault(words):
    options = [word[2:] for word in words if word.startswith("--")]
    service, operation = named(words)
    if (service, operation) == ("codeartifact", "login"):
        return None
    if "--query" in words:
        jmespath.compile(words[words.index("--query") + 1])
    model = session.get_service_model(services.get(service, service))
    if operation == "wait":
        return None if "deployment-successful" in words else "no such waiter"
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        return "no such operation"
    shape = model.operation_model(names[operation]).input_shape
    members = {xform_name(name, "-") for name in shape.members}
    unknown = [option for option in options if option not in members | everywhere]
    missing = [name for name in shape.required_members if xform_name(name, "-") not in options]
    return f"unknown {unknown}, missing {missing}" if unknown or missing else None


def named(words):
    rest = list(words)
    while rest[0].startswith("--"):
        del rest[:2]
    return rest[:2]


for line in sys.stdin:
    words = json.loads(line)
    found = fault(words)
    if found:
        print(" ".join(words), "->", found)
