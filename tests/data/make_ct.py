#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the CT studies that tests, demo and bench use: nobody's data, always the same bytes.

    make_ct.py --out DIR

    DIR/large/   one study, 3 series of 300 images, 512 x 512 x 16 bit (479 MB of pixels)
    DIR/small/   the same with 3 series of 3 images, another patient
    DIR/utf8/    one series of 3 images of a third patient, in UTF-8

large and small are Japanese: series 1 and 2 in `\\ISO 2022 IR 87`, series 3 in
`ISO 2022 IR 13\\ISO 2022 IR 87`, whose first name group is half-width kana.

Each directory has a manifest.json:

    Study, Patient, Series: [{Uid, Instances: [{Uid, File, PixelSha256}]}]
    Planted: [{Where, Text, Forms: [hex]}]

`Planted` is every identifier that was put into the header, with each form of bytes in which it could
survive: as encoded in the file, in UTF-8, in JSON's \\u escapes, half-width kana as JIS X 0201.
Every UID starts with the arc for examples, 2.999 (ITU-T X.660), which is planted too.

What is there already and was made by this very script is left alone.
"""
import argparse
import copy
import hashlib
import json
import pathlib
import shutil

import numpy
from pydicom.charset import encode_string, convert_encodings
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
JIS = ["", "ISO 2022 IR 87"]
KANA_AND_JIS = ["ISO 2022 IR 13", "ISO 2022 IR 87"]
UTF8 = ["ISO_IR 192"]
ROWS = COLUMNS = 512


class Patient:
    """One invented person and the numbers that hang on them."""

    def __init__(self, number, latin, kanji, kana, half_width, birth_date):
        self.number = number
        self.patient_id = f"HOSP-{number:07d}"
        self.latin, self.kanji, self.kana, self.half_width = latin, kanji, kana, half_width
        self.birth_date = birth_date
        self.arc = f"2.999.{number}"

    def name(self, character_set):
        first = self.half_width if character_set == KANA_AND_JIS else self.latin
        return f"{first}={self.kanji}={self.kana}"


LARGE = Patient(1000401, "Sakaguchi^Itsuko", "坂口^伊都子", "さかぐち^いつこ",
                "ｻｶｸﾞﾁ^ｲﾂｺ", "19580317")
SMALL = Patient(1000402, "Kurosawa^Tetsuzo", "黒澤^鉄三", "くろさわ^てつぞう",
                "ｸﾛｻﾜ^ﾃﾂｿﾞｳ", "19471128")
MODERN = Patient(1000403, "Takahashi^Chidori", "髙橋^千鳥", "たかはし^ちどり",
                 "ﾀｶﾊｼ^ﾁﾄﾞﾘ", "19830709")


class Planted:
    """Remembers every identifier and the bytes in which it could be found again."""

    def __init__(self):
        self._forms = {}

    def text(self, where, value, character_set):
        """Returns `value`; remembers it whole and, for names, each component of each group."""
        parts = {value}
        for group in value.split("="):
            parts.add(group)
            parts.update(group.split("^"))
        for part in parts:
            if len(part.encode("utf-8")) >= 6:
                self._add(where, part, character_set)
        return value

    def _add(self, where, text, character_set):
        forms = {text.encode("utf-8"), json.dumps(text)[1:-1].encode("ascii")}
        try:
            forms.add(encode_string(text, convert_encodings(character_set)))
        except UnicodeError:
            pass
        if all("｡" <= c <= "ﾟ" or c in "^= " for c in text):
            forms.add(text.encode("shift_jis"))
        self._forms.setdefault((where, text), set()).update(forms)

    def listing(self):
        return [{"Where": where, "Text": text, "Forms": sorted(form.hex() for form in forms)}
                for (where, text), forms in sorted(self._forms.items())]


class Header:
    """Writes one series' data set, planting as it goes."""

    def __init__(self, patient, series_number, character_set, planted):
        self.patient, self.series_number = patient, series_number
        self.character_set, self.planted = character_set, planted
        self.study_uid = f"{patient.arc}.1"
        self.series_uid = f"{patient.arc}.1.{series_number}"

    def plant(self, dataset, keyword, value):
        setattr(dataset, keyword, self.planted.text(keyword, value, self.character_set))

    def dataset(self):
        ds = Dataset()
        ds.SpecificCharacterSet = self.character_set
        self._image(ds)
        self._patient(ds)
        self._study(ds)
        self._equipment(ds)
        self._nested(ds)
        self._private(ds)
        self._overlay_and_curve(ds)
        return ds

    def _image(self, ds):
        ds.SOPClassUID = CT_IMAGE_STORAGE
        ds.Modality = "CT"
        ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        ds.BurnedInAnnotation = "NO"
        ds.SamplesPerPixel = 1
        ds.PhotometricInterpretation = "MONOCHROME2"
        ds.Rows, ds.Columns = ROWS, COLUMNS
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
        ds.PixelSpacing = ["0.703125", "0.703125"]
        ds.SliceThickness = "1.0"
        ds.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
        ds.WindowCenter, ds.WindowWidth = ["40", "-600"], ["400", "1500"]
        ds.WindowCenterWidthExplanation = ["MEDIASTINUM", "LUNG"]
        ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "-1024", "1", "HU"
        ds.KVP, ds.XRayTubeCurrent, ds.ExposureTime, ds.Exposure = "120", "230", "500", "115"
        ds.DataCollectionDiameter, ds.ReconstructionDiameter = "500", "360"
        ds.DistanceSourceToDetector, ds.DistanceSourceToPatient = "1040", "570"
        ds.GantryDetectorTilt, ds.TableHeight, ds.RotationDirection = "0", "151.5", "CW"
        ds.FilterType, ds.ConvolutionKernel, ds.FocalSpots = "BODY", "FC13", "0.9"
        ds.SpiralPitchFactor, ds.SingleCollimationWidth, ds.TotalCollimationWidth = 0.9, 0.5, 40.0
        ds.TableSpeed, ds.TableFeedPerRotation, ds.CTDIvol = 66.0, 33.0, 11.25
        ds.PatientPosition, ds.BodyPartExamined, ds.ScanOptions = "HFS", "CHEST", "HELICAL"
        ds.PositionReferenceIndicator = ""
        ds.LossyImageCompression = "00"

    def _patient(self, ds):
        person = self.patient
        self.plant(ds, "PatientName", person.name(self.character_set))
        self.plant(ds, "PatientID", person.patient_id)
        self.plant(ds, "IssuerOfPatientID", "SHIRAKABA-HOSPITAL")
        self.plant(ds, "PatientBirthDate", person.birth_date)
        self.plant(ds, "PatientBirthTime", "034517.271828")
        ds.PatientSex = "F"
        ds.PatientAge = "065Y"
        ds.PatientSize, ds.PatientWeight = "1.583", "52.4"
        self.plant(ds, "OtherPatientIDs", f"CARD-{person.number}-77")
        self.plant(ds, "OtherPatientNames", f"Kyusei{person.latin}={person.kanji}旧姓={person.kana}")
        self.plant(ds, "PatientBirthName", f"Born{person.latin}")
        self.plant(ds, "PatientMotherBirthName", f"Mother{person.latin}")
        # 目 is 0x4C5C in JIS X 0208: a backslash that separates no values.
        self.plant(ds, "PatientAddress", "長野県白樺市湖畔町七丁目二番地")
        self.plant(ds, "PatientTelephoneNumbers", "+81-26-555-0142")
        self.plant(ds, "CountryOfResidence", "Shirakabania")
        self.plant(ds, "RegionOfResidence", "Kohan-cho 7")
        self.plant(ds, "EthnicGroup", "EthnicGroupValue")
        self.plant(ds, "Occupation", "HaikuPoetValue")
        self.plant(ds, "MilitaryRank", "MilitaryRankValue")
        self.plant(ds, "BranchOfService", "BranchOfServiceValue")
        self.plant(ds, "PatientReligiousPreference", "ReligiousPreferenceValue")
        self.plant(ds, "MedicalRecordLocator", f"SHELF-{person.number}-B")
        self.plant(ds, "AdditionalPatientHistory", f"既往歴 {person.kanji.replace('^', '')} 氏")
        self.plant(ds, "PatientComments", f"娘の電話 090-5550-{person.number}")
        self.plant(ds, "MedicalAlerts", "AlertNamedInHeader")
        self.plant(ds, "Allergies", "AllergyNamedInHeader")
        self.plant(ds, "ResponsiblePerson", "Hogosha^Shinrui")
        ds.ResponsiblePersonRole = "PARENT"
        self.plant(ds, "ResponsibleOrganization", "ResponsibleOrganizationValue")
        ds.SmokingStatus = "UNKNOWN"

    def _study(self, ds):
        number = self.patient.number
        ds.StudyInstanceUID, ds.SeriesInstanceUID = self.study_uid, self.series_uid
        ds.FrameOfReferenceUID = f"{self.patient.arc}.9.1"
        ds.SynchronizationFrameOfReferenceUID = f"{self.patient.arc}.9.2"
        ds.InstanceCreatorUID = f"{self.patient.arc}.9.3"
        ds.SeriesNumber = self.series_number
        for keyword in ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate",
                        "InstanceCreationDate", "PerformedProcedureStepStartDate"):
            self.plant(ds, keyword, "20240117")
        for keyword in ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime",
                        "InstanceCreationTime", "PerformedProcedureStepStartTime"):
            self.plant(ds, keyword, "091532.104")
        self.plant(ds, "AcquisitionDateTime", "20240117091532.104000+0900")
        ds.TimezoneOffsetFromUTC = "+0900"
        self.plant(ds, "AccessionNumber", f"ACC{number}")
        self.plant(ds, "StudyID", f"ST{number}")
        self.plant(ds, "StudyDescription", f"胸部ＣＴ {self.patient.kanji.replace('^', '')}様")
        self.plant(ds, "SeriesDescription", f"SeriesDescription{self.series_number}-{number}")
        self.plant(ds, "ProtocolName", f"Protocol for {self.patient.latin}")
        self.plant(ds, "ImageComments", "CommentOnImageValue")
        self.plant(ds, "PerformedProcedureStepID", f"PPS{number}")
        self.plant(ds, "PerformedProcedureStepDescription", "StepDescriptionValue")
        self.plant(ds, "RequestedProcedureDescription", "RequestedProcedureValue")
        self.plant(ds, "RequestedContrastAgent", "RequestedContrastAgentValue")
        self.plant(ds, "ContrastBolusAgent", "ContrastBolusAgentValue")
        self.plant(ds, "StudyComments", "StudyCommentsValue")
        self.plant(ds, "ReasonForStudy", "ReasonForStudyValue")
        self.plant(ds, "AdmissionID", f"ADM{number}")
        self.plant(ds, "AdmittingDate", "20240116")
        self.plant(ds, "AdmittingDiagnosesDescription", "AdmittingDiagnosisValue")
        self.plant(ds, "CurrentPatientLocation", "Ward-Shirakaba-5F")
        self.plant(ds, "PatientState", "PatientStateValue")
        self.plant(ds, "PlacerOrderNumberImagingServiceRequest", f"PLACER{number}")
        self.plant(ds, "FillerOrderNumberImagingServiceRequest", f"FILLER{number}")
        for keyword, name in (("ReferringPhysicianName", "Shimotsuki^Masako=霜月^雅子=しもつき^まさこ"),
                              ("PerformingPhysicianName", "Kamiyama^Rintaro"),
                              ("PhysiciansOfRecord", "Kirokuya^Hajime"),
                              ("NameOfPhysiciansReadingStudy", "Nishigori^Yomuko=錦織^読子"),
                              ("RequestingPhysician", "Higashida^Iraiko"),
                              ("OperatorsName", "Minamoto^Satsue=源^撮枝=みなもと^さつえ")):
            self.plant(ds, keyword, name)

    def _equipment(self, ds):
        ds.Manufacturer = "Example Works"
        ds.SoftwareVersions = ["1.0"]
        ds.ManufacturerModelName = "Scanner 64"  # kept: pixel rules go by it
        self.plant(ds, "InstitutionName", "白樺湖総合病院")
        self.plant(ds, "InstitutionAddress", "長野県白樺市病院町一番地")
        self.plant(ds, "InstitutionalDepartmentName", "RadiologyDepartmentValue")
        self.plant(ds, "StationName", "STATION-CT-7")
        self.plant(ds, "DeviceSerialNumber", "SERIAL-88231-X")
        self.plant(ds, "PlateID", "PLATE-5512-Q")
        self.plant(ds, "GantryID", "GANTRY-1142-Z")
        self.plant(ds, "DetectorID", "DETECTOR-7781")
        ds.DeviceUID = f"{self.patient.arc}.9.4"
        self.plant(ds, "DateOfLastCalibration", "20231224")
        self.plant(ds, "TimeOfLastCalibration", "063011.482913")
        self.plant(ds, "PerformedStationAETitle", "AET_SHIRAKABA")
        self.plant(ds, "PerformedStationName", "PERFORMED-STN")
        self.plant(ds, "PerformedLocation", "PERFORMED-LOC")

    def _item(self, **values):
        item = Dataset()
        for keyword, value in values.items():
            if not keyword.endswith("UID"):
                self.planted.text(keyword, value, self.character_set)
            setattr(item, keyword, value)
        return item

    def _nested(self, ds):
        """Sequences three deep, with identifiers on every level."""
        number, arc = self.patient.number, self.patient.arc
        kanji = self.patient.kanji.replace("^", "")
        inner = self._item(PersonName="Okunoin^Saishin=奥之院^最深", InstitutionName="InnermostClinic")
        middle = self._item(CodeMeaning="MiddleMeaningValue", CodeValue="C-MIDDLE",
                            CodingSchemeDesignator="99MIDDLE")
        middle.PersonIdentificationCodeSequence = Sequence([inner])
        outer = self._item(InstitutionName="OuterClinicValue", PersonAddress="OuterAddressValue")
        outer.PersonIdentificationCodeSequence = Sequence([middle, copy.deepcopy(middle)])
        ds.ReferringPhysicianIdentificationSequence = Sequence([outer])
        protocol = self._item(CodeMeaning="ProtocolMeaningValue", CodeValue="C-PROTO",
                              CodingSchemeDesignator="99PROTO")
        ds.RequestAttributesSequence = Sequence([self._item(
            RequestedProcedureID=f"RP{number}", ScheduledProcedureStepID=f"SPS{number}",
            ScheduledProcedureStepDescription=f"予定 {kanji}",
            AccessionNumber=f"ACC{number}", StudyInstanceUID=f"{arc}.8.1")])
        ds.RequestAttributesSequence[0].ScheduledProtocolCodeSequence = Sequence([protocol])
        ds.ReferencedStudySequence = Sequence([self._item(
            ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1", ReferencedSOPInstanceUID=f"{arc}.8.2")])
        ds.OtherPatientIDsSequence = Sequence([self._item(
            PatientID=f"OTHER-{number}", IssuerOfPatientID="OTHER-ISSUER-VALUE")])
        ds.OtherPatientIDsSequence[0].TypeOfPatientID = "TEXT"
        was = self._item(PatientName="Kyumeian^Henkou", PatientID=f"FORMER-{number}")
        ds.OriginalAttributesSequence = Sequence([self._item(
            SourceOfPreviousValues="PREVIOUS-SOURCE", AttributeModificationDateTime="20240118120000",
            ModifyingSystem="MODIFYING-SYSTEM")])
        ds.OriginalAttributesSequence[0].ReasonForTheAttributeModification = "COERCE"
        ds.OriginalAttributesSequence[0].ModifiedAttributesSequence = Sequence([was])
        icon = Dataset()
        icon.SamplesPerPixel, icon.PhotometricInterpretation = 1, "MONOCHROME2"
        icon.Rows = icon.Columns = 8
        icon.BitsAllocated, icon.BitsStored, icon.HighBit, icon.PixelRepresentation = 8, 8, 7, 0
        icon.PixelData = self.planted.text("IconImageSequence", "IconWithNameBurnedIn", UTF8).encode(
            ).ljust(64, b".")
        ds.IconImageSequence = Sequence([icon])

    def _private(self, ds):
        """Blocks of text, bytes, numbers and a private sequence; a block inside an item too."""
        number, person = self.patient.number, self.patient
        plain = ds.private_block(0x0009, "SEKISHO TEST HEADER", create=True)
        plain.add_new(0x01, "LO", self.planted.text("0009,1001", f"PrivateName {person.latin}", JIS))
        plain.add_new(0x02, "UN", self.planted.text("0009,1002", f"UN-{person.patient_id}",
                                                    JIS).encode().ljust(20))
        plain.add_new(0x03, "UI", f"{person.arc}.7.1")
        plain.add_new(0x04, "PN", self.planted.text("0009,1004", "Hisokada^Watako=密田^私子",
                                                    self.character_set))
        plain.add_new(0x05, "DA", self.planted.text("0009,1005", "20240115", JIS))
        numbers = ds.private_block(0x0019, "SEKISHO TEST NUMBERS", create=True)
        for element in range(0x10, 0x60):
            numbers.add_new(element, "DS", f"{number}.{element}")
        self.planted.text("0019,xx10", f"{number}.", JIS)
        kana = self.planted.text("0029,1010", person.half_width, KANA_AND_JIS)
        blob = ds.private_block(0x0029, "SEKISHO TEST BLOB", create=True)
        blob.add_new(0x10, "OB", kana.encode("shift_jis").ljust(256, b"\0"))
        inside = self._item(PatientName=person.name(self.character_set))
        inner = inside.private_block(0x0029, "SEKISHO TEST INNER", create=True)
        inner.add_new(0x01, "LT", self.planted.text("0029,xx01", f"InnerPrivate{number}", JIS))
        blob.add_new(0x20, "SQ", Sequence([inside]))

    def _overlay_and_curve(self, ds):
        ds.add_new(0x60000010, "US", 64)
        ds.add_new(0x60000011, "US", 64)
        ds.add_new(0x60000022, "LO", self.planted.text("6000,0022", "OverlayOfPatientValue", JIS))
        ds.add_new(0x60000040, "CS", "G")
        ds.add_new(0x60000050, "SS", [1, 1])
        ds.add_new(0x60000100, "US", 1)
        ds.add_new(0x60000102, "US", 0)
        ds.add_new(0x60001500, "LO", self.planted.text("6000,1500", "OverlayLabelValue", JIS))
        drawn = self.planted.text("6000,3000", "OverlayBitsSpellAName", UTF8).encode()
        ds.add_new(0x60003000, "OW", drawn.ljust(512, b"\0"))
        ds.add_new(0x50000022, "LO", self.planted.text("5000,0022", "CurveOfPatientValue", JIS))
        curve = self.planted.text("5000,3000", "CurveDataSpellsAName", UTF8).encode()
        ds.add_new(0x50003000, "OW", curve.ljust(64, b"\0"))

    def add_image(self, base, number, count, pixels):
        """The data set of image `number` (from 1) of `count`; it refers to its neighbours."""
        ds = copy.copy(base)
        ds.SOPInstanceUID = self.instance_uid(number)
        ds.InstanceNumber = number
        ds.AcquisitionNumber = 1
        ds.ImagePositionPatient = ["-180", "-180", f"{-number:.1f}"]
        ds.SliceLocation = f"{-number:.1f}"
        ds.SourceImageSequence = Sequence([
            self._item(ReferencedSOPClassUID=CT_IMAGE_STORAGE,
                       ReferencedSOPInstanceUID=self.instance_uid(neighbour))
            for neighbour in (number - 1, number + 1) if 1 <= neighbour <= count])
        ds.add_new(0x7FE00010, "OW", pixels)
        trailer = self.planted.text("FFFC,FFFC", f"TrailingPadding{self.patient.number}", UTF8)
        ds.add_new(0xFFFCFFFC, "OB", trailer.encode().ljust(64, b"\0"))
        return ds

    def instance_uid(self, number):
        return f"{self.series_uid}.{number}"


def pixels_of(base, random):
    """12 bits of a smooth phantom with noise, as a scanner's are: 2 bytes, never more than 0x0FFF."""
    noise = random.integers(0, 96, size=base.shape, dtype=numpy.uint16)
    return (base + noise).astype("<u2").tobytes()


def phantom(series_number):
    y, x = numpy.mgrid[-1:1:ROWS * 1j, -1:1:COLUMNS * 1j]
    body = numpy.where(x * x / 0.8 + y * y / 0.5 < 1, 1024 + 60 * series_number, 24)
    lungs = numpy.where((abs(x) - 0.4) ** 2 / 0.06 + y * y / 0.16 < 1, -700, 0)
    return numpy.clip(body + lungs + 40 * numpy.cos(9 * x) * numpy.sin(7 * y), 0, 3900).astype(
        numpy.uint16)


def write(path, dataset):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = "2.999.1"
    meta.SourceApplicationEntityTitle = "AET_SOURCE"
    file = FileDataset(None, dataset, preamble=b"PREAMBLE-OF-A-SCANNER".ljust(128, b"\0"),
                       file_meta=meta, is_little_endian=True, is_implicit_VR=False)
    dcmwrite(path, file, write_like_original=False)


def make_study(directory, patient, character_sets, images):
    """One series for each of `character_sets`, of `images` images each."""
    directory.mkdir(parents=True)
    planted = Planted()
    planted.text("preamble", "PREAMBLE-OF-A-SCANNER", UTF8)
    planted.text("0002,0016", "AET_SOURCE", UTF8)
    planted.text("every UID", f"{patient.arc}.", UTF8)
    series = []
    for series_number, character_set in enumerate(character_sets, start=1):
        header = Header(patient, series_number, character_set, planted)
        base, picture = header.dataset(), phantom(series_number)
        random = numpy.random.default_rng([patient.number, series_number])
        instances = []
        for number in range(1, images + 1):
            pixels = pixels_of(picture, random)
            name = f"ct-{series_number}-{number:03d}.dcm"
            write(directory / name, header.add_image(base, number, images, pixels))
            instances.append({"Uid": header.instance_uid(number), "File": name,
                              "PixelSha256": hashlib.sha256(pixels).hexdigest()})
        series.append({"Uid": header.series_uid, "Instances": instances})
    manifest = {"Study": f"{patient.arc}.1", "Patient": patient.patient_id, "Series": series,
                "Planted": planted.listing()}
    (directory / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


STUDIES = {
    "large": (LARGE, [JIS, JIS, KANA_AND_JIS], 300),
    "small": (SMALL, [JIS, JIS, KANA_AND_JIS], 3),
    "utf8": (MODERN, [UTF8], 3),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    out = parser.parse_args().out
    recipe = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    for name, (patient, character_sets, images) in STUDIES.items():
        made = out / name / "recipe"
        if made.exists() and made.read_text(encoding="utf-8") == recipe:
            continue
        print(f"Making {len(character_sets) * images} CT images in {out / name}", flush=True)
        shutil.rmtree(out / name, ignore_errors=True)
        make_study(out / name, patient, character_sets, images)
        made.write_text(recipe, encoding="utf-8")


if __name__ == "__main__":
    main()
