"""The tables of the library as they are now; the steps to them are in ``versions``."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, UniqueConstraint

METADATA = MetaData()

STUDIES = Table(
    "studies",
    METADATA,
    Column("study_uid", String, primary_key=True),
    Column("patient_name", String, nullable=False),
    Column("patient_id", String, nullable=False),
    Column("birth_date", String, nullable=False),
    Column("sex", String, nullable=False),
    Column("accession_number", String, nullable=False),
    Column("study_date", String, nullable=False),
    Column("description", String, nullable=False),
    Column("modalities", String, nullable=False),
    Column("instances", Integer, nullable=False),
    Column("sources", Text, nullable=False),  # JSON list of the paths it was opened from
    Column("opened_at", String, nullable=False, index=True),  # ISO 8601, UTC
)

REPORT_EVENTS = Table(
    "report_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("report_id", String, nullable=False, index=True),
    Column("study_uid", String, nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("event", Text, nullable=False),  # JSON of report.canonical
    UniqueConstraint("report_id", "sequence"),
)

STUDY_MARKS = Table(
    "study_marks",
    METADATA,
    Column("study_key", String, primary_key=True),  # digest of study and patient
    Column("marks", Text, nullable=False),  # JSON of library.marks
)
