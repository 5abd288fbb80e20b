"""The part of SARIF 2.1.0 that Clearcut writes, as a JSON Schema in our own words (OASIS standard, sections named).

Closed where the standard's schema is closed, so that a property it does not know is found.
"""

from __future__ import annotations


def _closed(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_TEXT = {"type": "string"}
_INDEX = {"type": "integer", "minimum": -1}
_BAG = {"type": "object", "properties": {"tags": {"type": "array", "items": _TEXT, "uniqueItems": True}}}
_URI = {"type": "string", "pattern": r"^([a-zA-Z][a-zA-Z0-9+.-]*:)?[\w\-./~%!$&'()*+;=@:]*$"}
_MESSAGE = _closed(["text"], text={"type": "string", "minLength": 1})  # 3.11
_LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10
_ARTIFACT_LOCATION = _closed([], uri=_URI, index=_INDEX)  # 3.4

SCHEMA: dict[str, object] = _closed(
    ["version", "runs"],  # 3.13
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "items": _closed(
            ["tool"],  # 3.14
            tool=_closed(
                ["driver"],  # 3.18
                driver=_closed(
                    ["name"],  # 3.19
                    name=_TEXT,
                    version=_TEXT,
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": _closed(
                            ["id"],  # 3.49
                            id=_TEXT,
                            shortDescription=_MESSAGE,
                            help=_MESSAGE,
                            defaultConfiguration=_closed([], level=_LEVEL),
                            properties=_BAG,
                        ),
                    },
                ),
            ),
            invocations={
                "type": "array",
                "items": _closed(
                    ["executionSuccessful"],  # 3.20
                    executionSuccessful={"type": "boolean"},
                    endTimeUtc={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
                ),
            },
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            artifacts={
                "type": "array",
                "uniqueItems": True,
                "items": _closed(
                    [],  # 3.24
                    location=_ARTIFACT_LOCATION,
                    hashes={"type": "object", "additionalProperties": _TEXT},
                ),
            },
            properties=_BAG,
            results={
                "type": "array",
                "items": _closed(
                    ["message"],  # 3.27
                    ruleId=_TEXT,
                    ruleIndex=_INDEX,
                    level=_LEVEL,
                    message=_MESSAGE,
                    locations={
                        "type": "array",
                        "items": _closed(
                            [],  # 3.28
                            physicalLocation=_closed(
                                ["artifactLocation"], artifactLocation=_ARTIFACT_LOCATION
                            ),
                            logicalLocations={
                                "type": "array",
                                "uniqueItems": True,
                                "items": _closed(
                                    [], name=_TEXT, fullyQualifiedName=_TEXT, kind=_TEXT
                                ),  # 3.33
                            },
                        ),
                    },
                    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
                    suppressions={
                        "type": "array",
                        "uniqueItems": True,
                        "items": _closed(
                            ["kind"],  # 3.35
                            kind={"enum": ["inSource", "external"]},
                            status={"enum": ["accepted", "underReview", "rejected"]},
                            justification=_TEXT,
                        ),
                    },
                    properties=_BAG,
                ),
            },
        ),
    },
) | {"$schema": "http://json-schema.org/draft-07/schema#"}
SCHEMA["properties"]["$schema"] = {"type": "string"}  # type: ignore[index]
