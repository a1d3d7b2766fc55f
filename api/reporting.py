"""Issued reports for routes: as rows, as documents, as files."""

from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import Response

from analytics.assessment.report_documents import report_document
from api.services import Services
from quotawatt.documents.model import Document, Language
from quotawatt.issued import Issued
from quotawatt.spans import local_date

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def issued_item(report: Issued) -> dict[str, Any]:
    """What is known of an issued report without what it says."""
    return {
        "number": report.number,
        "kind": report.kind,
        "subject": report.subject,
        "period": report.period,
        "edition": report.edition,
        "sha256": report.sha256,
        "note": report.note,
        "issued_by": report.issued_by,
        "issued_at": report.issued_at,
        "corrects": report.corrects,
        "late": bool(report.content.get("late")),
    }


def issued_document(services: Services, report: Issued, language: Language) -> Document:
    """The document of an issued report, drawn from its snapshot alone."""
    issued_on = local_date(report.issued_at, ZoneInfo(services.settings.timezone))
    return report_document(report.content, language, report.number, issued_on)


def document_response(name: str, made: bytes | str) -> Response:
    """A Word file to keep (bytes), or a page to look at and print (text)."""
    if isinstance(made, str):
        return Response(made, media_type="text/html; charset=utf-8")
    disposition = f"attachment; filename*=UTF-8''{quote(name)}.docx"
    return Response(made, media_type=_WORD, headers={"Content-Disposition": disposition})
