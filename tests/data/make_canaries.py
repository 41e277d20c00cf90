#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a study full of canaries: identifiers of which each is unique, wherever one can stand.

    make_canaries.py --out DIR

Every row of PS3.15 Table E.1-1, at the top level and in nested items, every group of a person name,
private blocks, unknown elements, overlays, curves, preamble, file meta information and trailing
padding; in every class of transfer syntax and seven character sets; as CT, Secondary Capture, SR
and encapsulated PDF. The bytes are written here, since no library writes all of that.

Every canary is a number of its own, in one of a few disguises; survivors() knows them again in
whatever answer, log or file.
"""
import argparse
import csv
import datetime
import pathlib
import re
import struct
import zlib
from dataclasses import dataclass, field

TABLE = pathlib.Path(__file__).resolve().parents[2] / "anonymization/tables/ps3.15-table-e1-1.tsv"
ARC = "2.999"  # the arc for examples (ITU-T X.660)

# --- syntaxes and SOP classes -----------------------------------------------------------------


@dataclass(frozen=True)
class Syntax:
    name: str
    uid: str
    explicit: bool = True
    order: str = "<"
    deflated: bool = False
    encapsulated: bool = False


SYNTAXES = [
    Syntax("implicit", "1.2.840.10008.1.2", explicit=False),
    Syntax("explicit", "1.2.840.10008.1.2.1"),
    Syntax("big-endian", "1.2.840.10008.1.2.2", order=">"),
    Syntax("deflated", "1.2.840.10008.1.2.1.99", deflated=True),
    Syntax("rle", "1.2.840.10008.1.2.5", encapsulated=True),
]
CT = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"

# --- character sets ---------------------------------------------------------------------------

KANJI, HALF_WIDTH = "〇一二三四五六七八九", "ｱｲｳｴｵｶｷｸｹｺ"
HANGUL, CHINESE, LATIN = "영일이삼사오육칠팔구", "零壹贰叁肆伍陆柒捌玖", "àâçéèêîôùü"


def jis(text):
    """The bytes of JIS X 0208 in G0, without escapes."""
    return bytes(byte & 0x7F for byte in text.encode("euc_jp"))


@dataclass(frozen=True)
class CharacterSet:
    """How digits are written in the script of the set, in the groups of a name and elsewhere."""

    name: str
    value: str
    digits: str
    encode: object
    first_digits: str = ""  # of the first group of a name, where it is not plain Latin
    first_encode: object = None


CHARACTER_SETS = [
    CharacterSet("ir13-87", "ISO 2022 IR 13\\ISO 2022 IR 87", KANJI,
                 lambda text: b"\x1b$B" + jis(text) + b"\x1b(J", HALF_WIDTH,
                 lambda text: text.encode("shift_jis")),
    CharacterSet("ir87", "\\ISO 2022 IR 87", KANJI, lambda text: b"\x1b$B" + jis(text) + b"\x1b(B"),
    # Not in the standard, but in archives: Shift-JIS under the name of its single-byte part.
    CharacterSet("shift-jis", "ISO_IR 13", KANJI, lambda text: text.encode("shift_jis"), HALF_WIDTH,
                 lambda text: text.encode("shift_jis")),
    CharacterSet("ir149", "\\ISO 2022 IR 149", HANGUL,
                 lambda text: b"\x1b$)C" + text.encode("euc_kr")),
    CharacterSet("gb18030", "GB18030", CHINESE, lambda text: text.encode("gb18030")),
    CharacterSet("utf-8", "ISO_IR 192", KANJI, lambda text: text.encode("utf-8")),
    CharacterSet("latin-1", "ISO_IR 100", LATIN, lambda text: text.encode("latin-1"), LATIN,
                 lambda text: text.encode("latin-1")),
]

# --- canaries ---------------------------------------------------------------------------------

FIRST_DATE = datetime.date(1601, 1, 1)  # no clock and no dummy is that old
DATES_END = datetime.date(1900, 1, 1)


def forms_of(digits):
    """The byte strings in which these ten letters can come out, each in the order 0 to 9."""
    codecs = [lambda text: text.encode("utf-8"), lambda text: b"\\u%04x" % ord(text),
              lambda text: b"\\u%04X" % ord(text)]
    codecs += {KANJI: [jis, lambda text: text.encode("shift_jis"),
                       lambda text: text.encode("euc_jp")],
               HALF_WIDTH: [lambda text: text.encode("shift_jis")],
               HANGUL: [lambda text: text.encode("euc_kr")],
               CHINESE: [lambda text: text.encode("gb18030")],
               LATIN: [lambda text: text.encode("latin-1")]}[digits]
    return [[codec(digit) for digit in digits] for codec in codecs]


class Script:
    """Finds numbers that are written in one script and one encoding."""

    def __init__(self, letters):
        self._digit_of = {letter: str(index) for index, letter in enumerate(letters)}
        self._letter = re.compile(b"|".join(map(re.escape, letters)))
        self._number = re.compile(b"(?:" + self._letter.pattern + b"){8}")

    def numbers(self, data):
        for match in self._number.finditer(data):
            yield "".join(self._digit_of[letter] for letter in self._letter.findall(match.group()))


ASCII_NUMBERS = re.compile(rb"(?:ZQ|zq|2\.999\.|(?<![\d.])2\.?718)(?=(\d{8}))")
SWAPPED = re.compile(rb"QZ(\d{8})")  # as 16-bit numbers in big endian order
TIMES = re.compile(rb"031415\.(\d{6})")
# Not a part of a name, a UID or a hash that happens to have these digits.
DATES = re.compile(rb"(?<![\w.])(1[6-8]\d{6})(?=031415|(?!\d\d|[A-Za-z]{2}))")
SCRIPTS = [Script(letters) for digits in (KANJI, HALF_WIDTH, HANGUL, CHINESE, LATIN)
           for letters in forms_of(digits)]


def numbers_in(data):
    """Everything in `data` that looks like a canary's number."""
    for pattern, kind in ((ASCII_NUMBERS, ""), (TIMES, "time "), (DATES, "date ")):
        yield from (kind + match.group(1).decode("ascii") for match in pattern.finditer(data))
    for match in SWAPPED.finditer(data):
        yield swapped(match.group(1), "US").decode("ascii")
    for script in SCRIPTS:
        yield from script.numbers(data)


@dataclass
class Flock:
    """All canaries that were planted: number → where. An index counts them in all disguises."""

    planted: dict = field(default_factory=dict)

    def next(self, where, kind=""):
        """A new number: eight digits; for "time " six; for "date " a day."""
        index = len(self.planted)
        number = {"": lambda: f"{31415926 + 7 * index}", "time ": lambda: f"{index:06}",
                  "date ": lambda: f"{FIRST_DATE + datetime.timedelta(index % 109_000):%Y%m%d}"}
        text = number[kind]()
        while kind + text in self.planted:  # days are used again before they are all used
            index += 1
            text = number[kind]()
        self.planted[kind + text] = where
        return text

    def survivors(self, data):
        """"Where: number" of every canary in these bytes."""
        return sorted(f"{self.planted[number]}: {number}"
                      for number in set(numbers_in(data)) if number in self.planted)


# --- data sets --------------------------------------------------------------------------------
# An element is (tag, VR, value): bytes in little endian order, or a list of items; an item is a list
# of elements.

LONG_VRS = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
UNIT_BYTES = {"US": 2, "SS": 2, "OW": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8}
UNDEFINED = 0xFFFFFFFF


def padded(value, vr):
    unit = max(UNIT_BYTES.get(vr, 2), 2)
    pad = b"\0" if vr in ("UI", "OB", "UN") else b" "
    return value + pad * (-len(value) % unit)


def swapped(value, vr):
    unit = UNIT_BYTES.get(vr, 1)
    return b"".join(value[at:at + unit][::-1] for at in range(0, len(value), unit))


def header(tag, vr, length, syntax):
    begin = struct.pack(syntax.order + "HH", tag >> 16, tag & 0xFFFF)
    if not syntax.explicit:
        return begin + struct.pack(syntax.order + "I", length)
    if vr in LONG_VRS:
        return begin + vr.encode("ascii") + struct.pack(syntax.order + "HI", 0, length)
    return begin + vr.encode("ascii") + struct.pack(syntax.order + "H", length)


def mark(tag, length, syntax):
    return struct.pack(syntax.order + "HHI", tag >> 16, tag & 0xFFFF, length)


def encoded(elements, syntax):
    return b"".join(encoded_element(*element, syntax)
                    for element in sorted(elements, key=lambda element: element[0]))


def encoded_element(tag, vr, value, syntax):
    if not isinstance(value, list):
        value = padded(value, vr)
        value = swapped(value, vr) if syntax.order == ">" else value
        return header(tag, vr, len(value), syntax) + value
    items = []
    for item in value:
        content = encoded(item, syntax)
        items.append(mark(0xFFFEE000, len(content), syntax) + content)
    if tag % 3:  # both ways to end a sequence
        content = b"".join(items)
        return header(tag, "SQ", len(content), syntax) + content
    return (header(tag, "SQ", UNDEFINED, syntax) + b"".join(items) +
            mark(0xFFFEE0DD, 0, syntax))


def part10(elements, pixels, sop_class, instance, syntax, flock):
    """`pixels` is the encoded pixel element with its place: it stands before what is above 7FE0."""
    meta_syntax = SYNTAXES[1]
    private = text_of(flock.next("0002,0102")).encode("ascii")
    meta = encoded([
        (0x00020001, "OB", b"\0\1"), (0x00020002, "UI", sop_class.encode("ascii")),
        (0x00020003, "UI", instance.encode("ascii")), (0x00020010, "UI", syntax.uid.encode("ascii")),
        (0x00020012, "UI", uid_of(flock.next("0002,0012")).encode("ascii")),
        *((tag, vr, text_of(flock.next(f"0002,{tag & 0xFFFF:04X}")).encode("ascii"))
          for tag, vr in ((0x00020013, "SH"), (0x00020016, "AE"), (0x00020017, "AE"),
                          (0x00020018, "AE"))),
        (0x00020100, "UI", uid_of(flock.next("0002,0100")).encode("ascii")),
        (0x00020102, "OB", private)], meta_syntax)
    length = encoded([(0x00020000, "UL", struct.pack("<I", len(meta)))], meta_syntax)
    preamble = text_of(flock.next("preamble")).encode("ascii").ljust(128, b"\0")
    before = encoded([element for element in elements if element[0] < 0x7FE00000], syntax)
    after = encoded([element for element in elements if element[0] >= 0x7FE00000], syntax)
    dataset = before + pixels + after
    if syntax.deflated:
        deflate = zlib.compressobj(wbits=-15)
        dataset = deflate.compress(dataset) + deflate.flush()
        dataset += b"\0" * (len(dataset) % 2)
    return preamble + b"DICM" + length + meta + dataset


def text_of(number):
    return f"ZQ{number}"


def uid_of(number):
    return f"{ARC}.{number}"


# --- planting ---------------------------------------------------------------------------------


def table_rows():
    """(tag, VR, place) of every row that can stand in a data set."""
    with open(TABLE, encoding="utf-8") as lines:
        table = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        rows = [(row["tag"], row["vr"]) for row in table]
    for tag, vr in rows:
        if re.fullmatch("[0-9A-F]{8}", tag) and tag[:4] not in ("0000", "0002"):
            yield int(tag, 16), vr
    # Rows of repeating groups; that of all private elements has a planting of its own.
    for group in (0x5000, 0x501E):
        yield from ((group << 16 | 0x0022, "LO"), (group << 16 | 0x2500, "LO"),
                    (group << 16 | 0x3000, "OW"))
    for group in (0x6000, 0x601E):
        yield from ((group << 16 | 0x0022, "LO"), (group << 16 | 0x1500, "LO"),
                    (group << 16 | 0x3000, "OW"), (group << 16 | 0x4000, "LT"))


# BodyPartExamined, ScanOptions, PatientPosition, ViewPosition, PatientOrientation, Laterality, …
TYPED_CODES = (0x00089007, 0x00180015, 0x00180020, 0x00180022, 0x00185100, 0x00185101, 0x00189004,
               0x00200020, 0x00200060, 0x00281040, 0x00540039)
BUILD = (0x00101023, 0x00101024, 0x001811A0)  # MeasuredAPDimension, …Lateral…, BodyPartThickness


class Planter:
    """Plants in one object, in one character set."""

    def __init__(self, flock, place, character_set):
        self.flock, self.place, self.set = flock, place, character_set

    def element(self, tag, vr, where=""):
        place = f"{self.place} {where}{tag >> 16:04X},{tag & 0xFFFF:04X}"
        if vr == "SQ":
            inside = f"{where}{tag >> 16:04X},{tag & 0xFFFF:04X} > "
            return tag, "SQ", [[self.element(0x00100010, "PN", inside),
                                self.element(0x00100020, "LO", inside),
                                self.element(0x0020000D, "UI", inside)]]
        return tag, vr, self.value(vr, place)

    def value(self, vr, place):
        new = self.flock.next
        if vr == "PN":
            return b"=".join(self.name_group(place, group) for group in range(3))
        if vr == "DA":
            return new(place, "date ").encode("ascii")
        if vr == "DT":
            return f"{new(place, 'date ')}031415.{new(place, 'time ')}".encode("ascii")
        if vr == "TM":
            return f"031415.{new(place, 'time ')}".encode("ascii")
        if vr in ("DS", "IS", "AS"):
            return f"2718{new(place)}".encode("ascii")
        if vr == "UI":
            return uid_of(new(place)).encode("ascii")
        if vr in ("LO", "LT", "SH", "ST", "UC", "UT"):
            national = self.set.encode(self.written(new(place), self.set.digits))
            return text_of(new(place)).encode("ascii") + b" " + national
        return text_of(new(place)).encode("ascii")

    def name_group(self, place, group):
        if group > 0:
            return b"^".join(self.set.encode(self.written(self.flock.next(f"{place} group {group}"),
                                                          self.set.digits)) for _ in range(2))
        family = text_of(self.flock.next(f"{place} group 0")).encode("ascii")
        number = self.flock.next(f"{place} group 0")
        if not self.set.first_digits:
            return family + b"^" + text_of(number).encode("ascii")
        return family + b"^" + self.set.first_encode(self.written(number, self.set.first_digits))

    @staticmethod
    def written(number, digits):
        return "".join(digits[int(digit)] for digit in number)

    def whole_table(self, where="", without=()):
        # Group 0004 belongs to directories; a reader of images may refuse it at the top level.
        return [self.element(tag, "OW" if vr == "OB/OW" else vr, where)
                for tag, vr in table_rows()
                if tag not in without and (where or tag >= 0x00080000) and
                not (where and tag >= 0x7FE00000)]

    def beyond_table(self, where="", without=()):
        """What no row names: codes that people type into, local codes, codes in pieces, and the
        build of the patient."""
        typed = [self.element(tag, "CS", where) for tag in TYPED_CODES if tag not in without]
        build = [self.element(tag, "DS", where) for tag in BUILD if tag not in without]
        meaning = self.element(0x00080104, "LO", where + "code ")
        pieces = {0x00082218: [self.element(0x00080100, "SH", where + "code "),
                               (0x00080102, "SH", b"99LOCAL"), meaning],
                  0x00089215: [self.element(0x00080104, "LO", where + "meaning alone ")],
                  0x00081032: [(0x00080102, "SH", b"DCM"),
                               self.element(0x00080104, "LO", where + "without value ")]}
        return typed + build + [(tag, "SQ", [item]) for tag, item in pieces.items()
                                if tag not in without]

    def private(self, group, where=""):
        base = group << 16
        return [(base | 0x0010, "LO", self.value("AE", f"{self.place} {where}{group:04X},0010")),
                *(self.element(base | 0x1001 + index, vr, where)
                  for index, vr in enumerate(("LO", "PN", "UI", "DA", "OB", "UN", "DS", "SQ", "UT")))]

    def unknown(self):
        return [self.element(tag, vr) for tag, vr in (
            (0x0008FFF0, "LO"), (0x00129999, "UN"), (0x0066FFF0, "SQ"), (0x70000010, "LO"))]

    def sequence_as_un(self):
        """A sequence that is written as UN: its items are implicit VR little endian."""
        item = encoded([self.element(0x00100010, "PN", "UN > "),
                        self.element(0x00081155, "UI", "UN > ")], SYNTAXES[0])
        return 0x00082112, "UN", mark(0xFFFEE000, len(item), SYNTAXES[0]) + item


# --- objects ----------------------------------------------------------------------------------


@dataclass
class Made:
    """One file."""

    name: str
    series: str
    content: bytes
    instance: str
    planted: int  # canaries in it


# SecondaryCaptureDeviceID and what else is of one: an image with such pixels is held back.
OF_CAPTURES = [*range(0x00181010, 0x0018101C), 0x00181022, 0x00181023]


class Study:
    """Makes the files of one study of one patient."""

    def __init__(self):
        self.flock = Flock()
        self.patient = text_of(self.flock.next("PatientID"))
        self.uid = uid_of(self.flock.next("StudyInstanceUID"))
        self.files = []

    def add(self, name, series, sop_class, syntax, character_set, more, pixels=b"", without=()):
        before = len(self.flock.planted)
        instance = uid_of(self.flock.next(f"{name} SOPInstanceUID"))
        planter = Planter(self.flock, name, character_set)
        own = {0x00080005: ("CS", character_set.value), 0x00080016: ("UI", sop_class),
               0x00080018: ("UI", instance), 0x00100020: ("LO", self.patient),
               0x0020000D: ("UI", self.uid), 0x0020000E: ("UI", series)}
        elements = [(tag, vr, value.encode("ascii")) for tag, (vr, value) in own.items()]
        elements += more(planter)
        as_un = syntax.explicit and syntax.order == "<"
        if as_un:
            elements.append(planter.sequence_as_un())
        used = {element[0] for element in elements}
        elements += planter.whole_table(without=used | set(without))
        elements += planter.beyond_table(without={element[0] for element in elements})
        for extra in (planter.private(0x0009), planter.private(0x0029), planter.unknown()):
            elements += extra
        elements.append((0x00081115, "SQ", [[(0x0008114A, "SQ", [
            planter.whole_table("nested ", without={0x00081115, 0x0008114A}) +
            planter.beyond_table("nested ", without={tag for tag, _ in table_rows()}) +
            planter.private(0x0009, "nested ")])]]))
        content = part10(elements, pixels, sop_class, instance, syntax, self.flock)
        self.files.append(Made(name, series, content, instance, len(self.flock.planted) - before))

    def new_series(self, name):
        return uid_of(self.flock.next(f"{name} SeriesInstanceUID"))

    def add_images(self):
        for syntax in SYNTAXES:
            series = self.new_series(syntax.name)
            for character_set in CHARACTER_SETS:
                self.add(f"ct-{syntax.name}-{character_set.name}", series, CT, syntax,
                         character_set, image("CT"), pixel_element(syntax), OF_CAPTURES)

    def add_secondary_captures(self):
        series = self.new_series("capture")
        for character_set in CHARACTER_SETS:
            self.add(f"capture-{character_set.name}", series, SECONDARY_CAPTURE, SYNTAXES[1],
                     character_set, image("OT", (0x00080064, "CS", b"WSD")),
                     pixel_element(SYNTAXES[1]))

    def add_reports(self):
        series = self.new_series("report")
        for character_set in CHARACTER_SETS:
            self.add(f"report-{character_set.name}", series, COMPREHENSIVE_SR, SYNTAXES[1],
                     character_set, report)

    def add_documents(self):
        series = self.new_series("document")
        for character_set in CHARACTER_SETS:
            self.add(f"document-{character_set.name}", series, ENCAPSULATED_PDF, SYNTAXES[1],
                     character_set, document)


def us(value):
    return struct.pack("<H", value)


def image(modality, *more):
    def elements(_):
        return [(0x00080008, "CS", b"ORIGINAL\\PRIMARY\\AXIAL"),
                (0x00080060, "CS", modality.encode("ascii")), (0x00280002, "US", us(1)),
                (0x00280004, "CS", b"MONOCHROME2"), (0x00280010, "US", us(16)),
                (0x00280011, "US", us(16)), (0x00280100, "US", us(16)), (0x00280101, "US", us(12)),
                (0x00280102, "US", us(11)), (0x00280103, "US", us(0)),
                (0x00280301, "CS", b"NO"), *more]
    return elements


def pixel_element(syntax):
    if not syntax.encapsulated:
        return encoded([(0x7FE00010, "OW", us(0x0123) * 256)], syntax)
    # Two segments, each twice 128 equal bytes (PS3.5 Annex G).
    frame = struct.pack("<16I", 2, 64, 68, *[0] * 13) + b"\x81\x01\x81\x01\x81\x23\x81\x23"
    return (header(0x7FE00010, "OB", UNDEFINED, syntax) + mark(0xFFFEE000, 0, syntax) +
            mark(0xFFFEE000, len(frame), syntax) + frame + mark(0xFFFEE0DD, 0, syntax))


def report(planter):
    """Content items of every value type, of concepts with and without rules."""
    def code(value, scheme, meaning):
        return [[(0x00080100, "SH", value), (0x00080102, "SH", scheme), (0x00080104, "LO", meaning)]]

    def item(value_type, concept, *elements):
        return [(0x0040A010, "CS", b"CONTAINS"), (0x0040A040, "CS", value_type),
                (0x0040A043, "SQ", code(*concept)), *elements]

    finding, person = (b"121071", b"DCM", b"Finding"), (b"121008", b"DCM", b"Person Observer Name")
    plant = planter.element
    own = (plant(0x00080100, "SH", "SR local ")[2], b"99LOCAL",
           plant(0x00080104, "LO", "SR local ")[2])
    items = []
    for concept in (finding, person, own):
        items += [
            item(b"TEXT", concept, plant(0x0040A160, "UT", "SR ")),
            item(b"PNAME", concept, plant(0x0040A123, "PN", "SR ")),
            item(b"DATE", concept, plant(0x0040A121, "DA", "SR ")),
            item(b"TIME", concept, plant(0x0040A122, "TM", "SR ")),
            item(b"DATETIME", concept, plant(0x0040A120, "DT", "SR ")),
            item(b"UIDREF", concept, plant(0x0040A124, "UI", "SR ")),
            item(b"CODE", concept, (0x0040A168, "SQ", code(b"R-00339", b"SRT", b"No"))),
            item(b"CODE", concept, (0x0040A168, "SQ", code(*own))),
            item(b"NUM", concept, (0x0040A300, "SQ", [[
                (0x004008EA, "SQ", code(*own)), (0x0040A30A, "DS", b"7")]])),
            item(b"IMAGE", concept, (0x00081199, "SQ", [[
                (0x00081150, "UI", CT.encode("ascii")), plant(0x00081155, "UI", "SR ")]])),
            item(b"CONTAINER", concept, (0x0040A730, "SQ", [
                item(b"TEXT", concept, plant(0x0040A160, "UT", "SR deep "))]))]
    return [(0x00080060, "CS", b"SR"), (0x0040A040, "CS", b"CONTAINER"),
            (0x0040A043, "SQ", code(b"126000", b"DCM", b"Imaging Measurement Report")),
            (0x0040A050, "CS", b"SEPARATE"), (0x0040A491, "CS", b"COMPLETE"),
            (0x0040A493, "CS", b"UNVERIFIED"), (0x0040A730, "SQ", items)]


def document(planter):
    text = text_of(planter.flock.next(f"{planter.place} in the PDF")).encode("ascii")
    return [(0x00080060, "CS", b"DOC"), (0x00420012, "LO", b"application/pdf"),
            planter.element(0x00420010, "ST"),
            (0x00420011, "OB", b"%PDF-1.4\n% " + text + b"\n%%EOF\n")]


def make_study():
    study = Study()
    study.add_images()
    study.add_secondary_captures()
    study.add_reports()
    study.add_documents()
    return study


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True)
    study = make_study()
    for made in study.files:
        (out / f"{made.name}.dcm").write_bytes(made.content)
    print(f"{len(study.flock.planted)} canaries in {len(study.files)} files")


if __name__ == "__main__":
    main()
