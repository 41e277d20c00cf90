#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schema of OpenAPI cannot see in docs/openapi.yaml.

Every $ref leads somewhere, every component is used, operation ids are unique, and every operation
says what it answers when it refuses. Prints one line for each problem and exits with 1.
`--self-test` shows that each kind of problem is found.
"""
import sys

import yaml

import checking

VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}


def references_in(node):
    """Yields every $ref below `node`."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def operations_of(description):
    for path, item in description.get("paths", {}).items():
        for verb, operation in item.items():
            if verb in VERBS:
                yield f"{verb.upper()} {path}", operation


def problems_of(description):
    known = {f"#/components/{kind}/{name}" for kind, things in description["components"].items()
             for name in things}
    used = set(references_in(description))
    needs = [*description.get("security", []),
             *(need for _, operation in operations_of(description)
               for need in operation.get("security", []))]
    used |= {f"#/components/securitySchemes/{name}" for need in needs for name in need}
    for reference in sorted(used - known):
        yield f"{reference} leads nowhere"
    for component in sorted(known - used):
        yield f"{component} is not used"
    seen = set()
    for name, operation in operations_of(description):
        identifier = operation.get("operationId")
        if identifier is None or identifier in seen:
            yield f"{name}: operationId {identifier} is missing or stands twice"
        seen.add(identifier)
        if not any(str(status).startswith("2") for status in operation["responses"]):
            yield f"{name}: no answer for success"
        if not any(str(status)[0] in "45" for status in operation["responses"]):
            yield f"{name}: no answer for a refusal"


def self_test():
    operation = {"operationId": "a", "security": [{"Key": []}], "responses": {"200": {"$ref": "#/components/responses/Good"},
                                                   "404": {}}}
    good = {"paths": {"/a": {"get": operation}}, "components": {"responses": {"Good": {}}, "securitySchemes": {"Key": {}}}}
    wrong = {
        "leads nowhere": {**good, "paths": {"/a": {"get": {**operation, "responses": {
            "200": {"$ref": "#/components/responses/Good"}, "400": {"$ref": "#/x"}}}}}},
        "is not used": {**good, "components": {"responses": {"Good": {}, "Idle": {}}}},
        "stands twice": {**good, "paths": {"/a": {"get": operation, "post": operation}}},
        "for success": {**good, "paths": {"/a": {"get": {**operation, "responses": {
            "404": {"$ref": "#/components/responses/Good"}}}}}},
        "for a refusal": {**good, "paths": {"/a": {"get": {**operation, "responses": {
            "200": {"$ref": "#/components/responses/Good"}}}}}},
    }
    missed = [kind for kind, description in wrong.items()
              if not any(kind in problem for problem in problems_of(description))]
    for kind in missed:
        print(f"self-test: a problem of the kind '{kind}' was not found")
    for problem in problems_of(good):
        print(f"self-test: a good description was reported: {problem}")
    return not missed and not list(problems_of(good))


def problems_below(root):
    return problems_of(yaml.safe_load((root / "docs/openapi.yaml").read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(checking.run(__doc__.splitlines()[0], problems_below, self_test,
                          "docs/openapi.yaml: consistent"))
