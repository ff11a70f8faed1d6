"""How the pixels of a stack came to be, by their headers: scanned, cleaned by the scanner, ours.

One header of the stack is read for it. A series that this program derived is known by the equipment
it names; whoever passes it on keeps that.

Source: PS3.3 C.7.5.2 (Contributing Equipment), C.7.6.1.1.3 (derivation), C.12.2 (Common Instance
Reference); private elements by GE's, Philips' and Siemens' conformance statements, and for MR by
the samples of neurolabusc/dcm_qa_cs_dl, which say what each scanner wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.verdict import Doubt
from workstation.dicom.elements import DamagedError, DataEndsError, Wanted, items, scan
from workstation.dicom.frames import Frame
from workstation.dicom.headers import Header, HeaderError, read_header
from workstation.dicom.sop_classes import is_capture
from workstation.dicom.tags import Tag

MAKER = "Prelim"
"""Manufacturer of the equipment that a derived series of ours names."""

OUR_WORDS = "AI-derived:"
"""How descriptions of ours begin."""

CONVERSION_TYPE = 0x00080064
CONTRIBUTING_EQUIPMENT = 0x0018A001
CONTRIBUTION_DESCRIPTION = 0x0018A003
DERIVATION_DESCRIPTION = 0x00082111
REFERENCED_SERIES = 0x00081115
SOURCE_IMAGE_EVIDENCE = 0x00089154
SOFTWARE_VERSIONS = 0x00181020
RECONSTRUCTION_ALGORITHM = 0x00189315

CREATOR_0053, CREATOR_01F7, CREATOR_0021 = 0x00530010, 0x01F70010, 0x00210011
GE_ANNOTATION, GE_MODE = 0x00531040, 0x00531041
GE_CONFIGURATION, GE_LEVEL = 0x00531042, 0x00531043
GE_DEEP_LEARNING = 0x004310CA
IDOSE_LEVEL = 0x01F7109B
SIEMENS_TYPES, SIEMENS_STEPS, SIEMENS_FRAME = 0x00211175, 0x00211176, 0x002111FE

_TOP = Wanted(
    frozenset(
        {
            Tag.SPECIFIC_CHARACTER_SET,
            Tag.MANUFACTURER,
            Tag.SERIES_DESCRIPTION,
            Tag.PROTOCOL_NAME,
            Tag.IMAGE_COMMENTS,
            Tag.CONVOLUTION_KERNEL,
            Tag.FILTER_TYPE,
            Tag.SCAN_OPTIONS,
            Tag.IMAGE_TYPE,
            Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
            Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
            Tag.CREATOR_0043,
            CONVERSION_TYPE,
            RECONSTRUCTION_ALGORITHM,
            DERIVATION_DESCRIPTION,
            CONTRIBUTING_EQUIPMENT,
            REFERENCED_SERIES,
            SOURCE_IMAGE_EVIDENCE,
            CREATOR_0053,
            GE_ANNOTATION,
            GE_MODE,
            GE_CONFIGURATION,
            GE_LEVEL,
            GE_DEEP_LEARNING,
            CREATOR_01F7,
            IDOSE_LEVEL,
            CREATOR_0021,
            SIEMENS_TYPES,
            SIEMENS_STEPS,
        }
    )
)
_EQUIPMENT = Wanted(
    frozenset(
        {
            Tag.MANUFACTURER,
            Tag.MANUFACTURER_MODEL_NAME,
            CONTRIBUTION_DESCRIPTION,
            SOFTWARE_VERSIONS,
        }
    )
)
_SERIES = Wanted(frozenset({Tag.SERIES_INSTANCE_UID, REFERENCED_SERIES}))
_GROUPS = Wanted(frozenset({Tag.CT_RECONSTRUCTION_SEQUENCE, SIEMENS_FRAME}))
_GROUP = Wanted(
    frozenset({Tag.CONVOLUTION_KERNEL, RECONSTRUCTION_ALGORITHM, SIEMENS_TYPES, SIEMENS_STEPS})
)

CLEANERS = (
    ("iDose", r"i-?dose"),
    ("ASiR-V", r"asir[- ]?v"),
    ("ASiR", r"asir"),
    ("Veo", r"\bveo\b"),
    ("TrueFidelity", r"true ?fidelity|\bdlir\b|\bdl-[lmh]\b"),
    ("SAFIRE", r"safire"),
    ("ADMIRE", r"admire"),
    ("QIR", r"\bqir\b"),
    ("AIDR 3D", r"aidr"),
    ("AiCE", r"\baice\b"),
    ("PIQE", r"\bpiqe\b"),
    ("IMR", r"\bimr\b"),
    ("Precise Image", r"precise ?image"),
    ("KARL 3D", r"\bkarl\b"),
    ("PixelShine", r"pixel ?shine"),
    ("ClariCT", r"clari ?ct|claripi"),
    ("Subtle", r"subtle ?(mr|hd|pet|synth|medical)"),
    ("AIR Recon DL", r"air[ _]?recon[ _]?dl|\bardl\b"),
    ("Sonic DL", r"sonic ?dl"),
    ("Deep Resolve", r"deep ?resolve"),
    ("SmartSpeed", r"smart ?speed"),
    ("DeepRecon", r"deep ?recon"),
    ("Swift MR", r"swift ?mr"),
    ("denoising", r"de-?nois"),
    ("iterative reconstruction", r"\biterative\b"),
    ("deep learning", r"deep ?learning"),
)
"""Names of methods against noise, and how they are written in headers, small letters.

Not here: FIRST (Canon) and IRIS (Siemens), which are words of other meaning as well.
"""

SIEMENS_MARKS = {
    "DRB": "Deep Resolve Boost",
    "DRG": "Deep Resolve Gain",
    "DRS": "Deep Resolve Sharp",
}
"""Values of Image Type that Siemens MR writes; Sharp interpolates, the others remove noise."""

DERIVED = "DERIVED"
"""First value of Image Type of computed pixels, ours among them."""

CAPTURES = frozenset(
    {"SCREEN SAVE", "SCREEN_SAVE", "SCREENSAVE", "SCREEN CAPTURE", "SCREENSHOT", "SNAPSHOT"}
)
"""Values of Image Type of captures that scanners store among their cross sections."""

_PACK = re.compile(r"model pack (\S{1,64}) (\S{1,32}), sha256 ([0-9a-f]{64})")
_STRENGTH = re.compile(r"strength ([01](?:\.\d+)?)\b")
_SIEMENS_STRENGTH = re.compile(r"[1-5]")


def known_history(frames: Sequence[Frame]) -> Provenance:
    """Return what is to be known of a stack before it is opened: whether a model of ours made it.

    No file is read again for what is stored as scanned; :func:`history_of` tells more of it.
    """
    imaging = frames[0].imaging
    image_type = imaging.contrast.image_type
    if image_type[:1] == (DERIVED,):
        return history_of(frames)
    return Provenance(image_type=image_type, is_capture=is_capture(imaging.sop_class_uid))


def history_of(frames: Sequence[Frame]) -> Provenance:
    """Return how the pixels of a stack came to be, without notes; one header is read for it.

    What cannot be read counts as not said: the header was readable when the stack was made.
    """
    imaging = frames[0].imaging
    image_type = imaging.contrast.image_type
    try:
        header = read_header(frames[0].file, _TOP)
        history = _history(header, image_type)
    except (HeaderError, DamagedError, DataEndsError):
        return Provenance(image_type=image_type, is_capture=is_capture(imaging.sop_class_uid))
    captured = (
        is_capture(imaging.sop_class_uid),
        bool(header.text(CONVERSION_TYPE)),
        not CAPTURES.isdisjoint(image_type),
    )
    return replace(history, is_capture=any(captured))


def doubt_of(provenance: Provenance) -> Doubt | None:
    """Return the sentence that tells a reader that a model made the pixels; None if none did."""
    if provenance.kind is not PixelKind.ENHANCED:
        return None
    pack = str(provenance.pack) if provenance.pack else "an unnamed model"
    text = (
        f"A model made these pixels ({pack}, strength {provenance.strength:.0%}): nothing is "
        "measured or drafted on them."
    )
    return Doubt("enhanced", text)


def _history(header: Header, image_type: tuple[str, ...]) -> Provenance:
    processing = _processing(header, image_type)
    ours = _our_words(header)
    if ours is None:
        return Provenance(image_type=image_type, processing=processing)
    pack, strength = _PACK.search(ours), _STRENGTH.search(ours)
    return Provenance(
        kind=PixelKind.ENHANCED,
        source_series_uid=_source_series(header),
        pack=PackRef(*pack.groups()) if pack else None,
        strength=min(float(strength[1]), 1.0) if strength else 1.0,
        image_type=image_type,
        processing=processing,
    )


def _our_words(header: Header) -> str | None:
    """Return how a derived image of ours describes what was done; None for any other."""
    for item in _items(header, CONTRIBUTING_EQUIPMENT, _EQUIPMENT):
        if item.text(Tag.MANUFACTURER) == MAKER:
            words = item.words(CONTRIBUTION_DESCRIPTION)
            return words if _PACK.search(words) else header.words(DERIVATION_DESCRIPTION)
    words = header.words(DERIVATION_DESCRIPTION)
    return words if words.startswith(OUR_WORDS) and _PACK.search(words) else None


def _source_series(header: Header) -> str:
    for tag in (REFERENCED_SERIES, SOURCE_IMAGE_EVIDENCE):
        for item in _items(header, tag, _SERIES):
            inner = next(_items(item, REFERENCED_SERIES, _SERIES), item)
            if uid := inner.text(Tag.SERIES_INSTANCE_UID):
                return uid
    return ""


def _items(header: Header, tag: int, wanted: Wanted) -> Iterator[Header]:
    raw = header.values.get(tag, b"")
    for start, end in items(raw, header.encoding):
        yield header.nested(scan(raw, start, header.encoding, wanted, end=end).values)


def _processing(header: Header, image_type: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the methods against noise that a header tells of, each once."""
    found = [*_by_words(header), *_by_kernel(header), *_by_private(header)]
    for group in _frame_groups(header):
        found += [*_by_words(group), *_by_siemens(group, ()), *_by_kernel(group)]
    found += _by_siemens(header, image_type)
    names = list(dict.fromkeys(found))
    # Plain words say less than a name that is there as well.
    plain = {"denoising", "iterative reconstruction", "deep learning"}
    return tuple(name for name in names if name not in plain) or tuple(names)


def _by_words(header: Header) -> list[str]:
    texts = [
        header.words(tag)
        for tag in (
            Tag.SERIES_DESCRIPTION,
            Tag.PROTOCOL_NAME,
            Tag.IMAGE_COMMENTS,
            Tag.CONVOLUTION_KERNEL,
            Tag.FILTER_TYPE,
            RECONSTRUCTION_ALGORITHM,
            DERIVATION_DESCRIPTION,
        )
    ]
    for item in _items(header, CONTRIBUTING_EQUIPMENT, _EQUIPMENT):
        if item.text(Tag.MANUFACTURER) != MAKER:
            texts += [item.words(tag) for tag in _EQUIPMENT.little.values()]
    joined = " | ".join(text for text in texts if not text.startswith(OUR_WORDS)).lower()
    names = [name for name, pattern in CLEANERS if re.search(pattern, joined)]
    return [name for name in names if name != "ASiR" or "ASiR-V" not in names]


def _by_kernel(header: Header) -> list[str]:
    """Return Siemens' iterative reconstruction: its level is a second value of the kernel."""
    kernel = header.texts(Tag.CONVOLUTION_KERNEL)
    is_level = len(kernel) == 2 and _SIEMENS_STRENGTH.fullmatch(kernel[1])
    return [f"iterative reconstruction, level {kernel[1]}"] if is_level else []


def _by_private(header: Header) -> list[str]:
    found = []
    if header.text(CREATOR_0053).startswith("GEHC_CT_ADVAPP"):
        words = " ".join(header.words(tag) for tag in (GE_ANNOTATION, GE_CONFIGURATION)).strip()
        level = header.words(GE_LEVEL).strip()
        if words and words.lower() not in {"none", "off", "0", "fbp"}:
            found.append(_ge_name(words, level))
    if header.text(Tag.CREATOR_0043).startswith("GEMS_PARM"):
        deep = header.texts(GE_DEEP_LEARNING)
        if deep and not deep[-1].lower().startswith(("off", "none", "0")) and any(deep):
            found.append("AIR Recon DL")
    if header.text(CREATOR_01F7).startswith("ELSCINT1") and (header.number(IDOSE_LEVEL) or 0) > 0:
        found.append("iDose")
    return found


def _ge_name(words: str, level: str) -> str:
    low = f"{words} {level}".lower()
    name = next((name for name, pattern in CLEANERS if re.search(pattern, low)), "")
    if not name and re.match(r"(ss|av|ar)\d", low):
        name = "ASiR-V" if low.startswith(("av", "ar")) else "ASiR"
    return name or "iterative reconstruction"


def _by_siemens(header: Header, image_type: tuple[str, ...]) -> list[str]:
    values = {*image_type, *header.texts(SIEMENS_TYPES)}
    found = [name for mark, name in SIEMENS_MARKS.items() if mark in values]
    steps = " ".join(header.texts(SIEMENS_STEPS)).lower()
    if "iterativedenoising" in steps.replace(" ", "") and not found:
        found.append("iterative denoising")
    return found


def _frame_groups(header: Header) -> Iterator[Header]:
    """Yield what the groups of the first frame, and of all frames, say of the reconstruction."""
    for tag in (Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE):
        for item in _items(header, tag, _GROUPS):
            for group in (Tag.CT_RECONSTRUCTION_SEQUENCE, SIEMENS_FRAME):
                yield from _items(item, group, _GROUP)
            break
