"""A file handed in by a form, and how OpenAPI describes it."""

from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from api.importing import Upload
from quotawatt.errors import InputError

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


async def uploaded_file(request: Request) -> Upload:
    """The form's file; the size is limited on the way. Raises InputError where there is none.

    To be called by a dependency that has its permit already, so that nothing is read for others.
    """
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InputError("a form must have a file by the name of 'file', got none")
        return Upload(file.filename or "", await file.read())
