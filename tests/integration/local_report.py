# SPDX-License-Identifier: GPL-3.0-or-later
"""A report whose containers, images and coordinates are named by local codes."""
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"


def dataset(**elements):
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def local(meaning):
    return [dataset(CodeValue="L1", CodingSchemeDesignator="99LOCAL", CodeMeaning=meaning)]


def content():
    """What the report holds, and the image that it is about."""
    image = dataset(ReferencedSOPClassUID=CT_IMAGE, ReferencedSOPInstanceUID=generate_uid())
    mark = dataset(
        RelationshipType="CONTAINS", ValueType="SCOORD", ConceptNameCodeSequence=local("Mark"),
        GraphicType="POINT", GraphicData=[1.0, 2.0],
        ContentSequence=[dataset(RelationshipType="SELECTED FROM", ValueType="IMAGE",
                                 ReferencedSOPSequence=[image])])
    shown = dataset(RelationshipType="CONTAINS", ValueType="IMAGE", ReferencedSOPSequence=[image],
                    ConceptNameCodeSequence=local("Image of our ward"))
    return dataset(RelationshipType="CONTAINS", ValueType="CONTAINER", ContinuityOfContent="SEPARATE",
                   ConceptNameCodeSequence=local("Box"), ContentSequence=[shown, mark]), image


def write_local_report(path):
    box, image = content()
    series = dataset(ReferencedSOPSequence=[image], SeriesInstanceUID=generate_uid())
    study = dataset(ReferencedSeriesSequence=[series], StudyInstanceUID=generate_uid())
    report = dataset(
        SpecificCharacterSet="ISO_IR 192", SOPClassUID=COMPREHENSIVE_SR, Modality="SR",
        SOPInstanceUID=generate_uid(), SeriesInstanceUID=generate_uid(),
        StudyInstanceUID=study.StudyInstanceUID, PatientName="Report^Local", PatientID="1",
        PatientBirthDate="", PatientSex="", StudyDate="20240117", StudyTime="091500", StudyID="1",
        AccessionNumber="1", ReferringPhysicianName="", SeriesNumber=1, InstanceNumber=1,
        Manufacturer="Maker", ManufacturerModelName="Model", DeviceSerialNumber="1",
        SoftwareVersions="1", ContentDate="20240117", ContentTime="091500",
        CompletionFlag="COMPLETE", VerificationFlag="UNVERIFIED",
        ReferencedPerformedProcedureStepSequence=[], PerformedProcedureCodeSequence=[],
        CurrentRequestedProcedureEvidenceSequence=[study], ValueType="CONTAINER",
        ContinuityOfContent="SEPARATE", ConceptNameCodeSequence=local("Report of our ward"),
        ContentSequence=[box])
    report.file_meta = FileMetaDataset()
    report.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    report.file_meta.MediaStorageSOPClassUID = report.SOPClassUID
    report.file_meta.MediaStorageSOPInstanceUID = report.SOPInstanceUID
    report.is_little_endian, report.is_implicit_VR = True, False
    report.save_as(path, write_like_original=False)
    return path
