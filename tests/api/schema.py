# SPDX-License-Identifier: Apache-2.0
"""Holds answers against the schemas of the OpenAPI document: as much of JSON Schema as it uses."""

import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
KNOWN = {"$ref", "type", "enum", "const", "oneOf", "anyOf", "minimum", "maximum", "minLength",
         "maxLength", "pattern", "format", "items", "minItems", "maxItems", "properties",
         "required", "additionalProperties", "minProperties", "description", "default", "example"}


class Document:
    def __init__(self, document):
        self.document = document

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return node

    def operation(self, method, path):
        return self.document["paths"][path][method.lower()]

    def schema_of(self, method, path, status, media=None):
        """None when the document names no such body; KeyError when it names no such answer."""
        answer = self.resolve(self.operation(method, path)["responses"][str(status)])
        content = answer.get("content", {})
        media = media or ("application/json" if int(status) < 400 else "application/problem+json")
        return content.get(media, {}).get("schema")

    def faults(self, value, schema, at=""):
        unknown = set(schema) - KNOWN
        if unknown:
            return [f"{at}: the checker does not know {sorted(unknown)}"]
        if "$ref" in schema:
            return self.faults(value, self.resolve(schema), at)
        found = self.type_faults(value, schema, at)
        if found:
            return found
        for key in ("oneOf", "anyOf"):
            if key in schema:
                fits = [not self.faults(value, option, at) for option in schema[key]]
                if sum(fits) == 0 or (key == "oneOf" and sum(fits) != 1):
                    found.append(f"{at}: fits {sum(fits)} of {key}")
        return found + self.value_faults(value, schema, at)

    def type_faults(self, value, schema, at):
        names = schema.get("type", [])
        names = [names] if isinstance(names, str) else names
        for name in names:
            if name == "integer" and isinstance(value, int) and not isinstance(value, bool):
                return []
            if name == "number" and isinstance(value, (int, float)) and not isinstance(value, bool):
                return []
            if name in TYPES and isinstance(value, TYPES[name]):
                return []
        return [f"{at}: {value!r} is no {names}"] if names else []

    def value_faults(self, value, schema, at):
        found = []

        def need(ok, what):
            if not ok:
                found.append(f"{at}: {value!r} {what}")

        if "enum" in schema:
            need(value in schema["enum"], f"not in {schema['enum']}")
        if "const" in schema:
            need(value == schema["const"], f"is not {schema['const']!r}")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            need(value >= schema.get("minimum", value), "too small")
            need(value <= schema.get("maximum", value), "too large")
        if isinstance(value, str):
            need(re.search(schema.get("pattern", ""), value), f"is not {schema.get('pattern')}")
            if schema.get("format") == "date-time":
                need(TIME.fullmatch(value), "is no time")
        if isinstance(value, list):
            need(len(value) >= schema.get("minItems", 0), "too short")
            need(len(value) <= schema.get("maxItems", len(value)), "too long")
            for i, item in enumerate(value):
                found += self.faults(item, schema.get("items", {}), f"{at}/{i}")
        if isinstance(value, dict):
            found += self.object_faults(value, schema, at)
        return found

    def object_faults(self, value, schema, at):
        found = [f"{at}: {key} is missing" for key in schema.get("required", []) if key not in value]
        properties = schema.get("properties", {})
        extra = schema.get("additionalProperties", True)
        for key, item in value.items():
            if key in properties:
                found += self.faults(item, properties[key], f"{at}/{key}")
            elif extra is False:
                found.append(f"{at}: {key} is not in the document")
            elif isinstance(extra, dict):
                found += self.faults(item, extra, f"{at}/{key}")
        return found
