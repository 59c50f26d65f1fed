"""Reads and renders the template as CloudFormation's own SAM transform would, on stdin and stdout as JSON.

{"read": folder}                                  template.yaml with its intrinsics in their long form, and samconfig.toml
{"render": [{"template": …, "parameters": …}]}    each as {"template": the transformed one} or {"error": why there is none}

Runs in the SAM CLI's own .venv; needs no network and no account.
"""

import copy
import json
import os
import sys

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"  # the transform asks for the partition only

import tomlkit  # noqa: E402
from boto3.session import Session  # noqa: E402
from samcli.yamlhelper import yaml_parse  # noqa: E402
from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator import translator as translation  # noqa: E402

PSEUDO = {"AWS::Region": "us-east-1", "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}


def read(folder):
    with open(os.path.join(folder, "template.yaml"), encoding="utf-8") as file:
        template = yaml_parse(file.read())
    with open(os.path.join(folder, "samconfig.toml"), encoding="utf-8") as file:
        configuration = tomlkit.load(file).unwrap()
    return {"template": template, "configuration": configuration}


def with_uploaded_code(template):
    """The transform takes code from S3 only, where `sam package` puts it."""
    folders = [(template.get("Globals", {}).get("Function"), "CodeUri")]
    for resource in template["Resources"].values():
        folders += [(resource.get("Properties"), "CodeUri"), (resource.get("Properties"), "ContentUri")]
    for properties, key in folders:
        if isinstance(properties, dict) and isinstance(properties.get(key), str):
            properties[key] = "s3://artifacts/" + properties[key]
    return template


def render(template, parameters):
    try:
        translator = translation.Translator({}, Parser(), boto_session=SESSION)
        return {"template": translator.translate(with_uploaded_code(template), {**PSEUDO, **parameters})}
    except Exception as error:  # whatever it refuses, the caller is told
        return {"error": str(getattr(error, "message", error)) or repr(error)}


SESSION = Session(region_name="us-east-1")
# The same each time, and a quarter of the time of a rendering.
policy_templates = translation.make_policy_template_for_function_plugin()
translation.make_policy_template_for_function_plugin = lambda: policy_templates

request = json.load(sys.stdin)
if "read" in request:
    answer = read(request["read"])
else:
    answer = [render(copy.deepcopy(each["template"]), each["parameters"]) for each in request["render"]]
json.dump(answer, sys.stdout)
