"""The JSON schema of a device profile, for editors that check and complete YAML by it."""

import json

from collectors.specs import Profile


def profile_schema() -> str:
    """The schema (JSON Schema 2020-12) as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Profile.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
