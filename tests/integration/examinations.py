# SPDX-License-Identifier: GPL-3.0-or-later
"""Small examinations of one invented patient, in several modalities and character sets."""
import io
from dataclasses import dataclass

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

PATIENT = "12345678"
NAME = "Yamada^Hanako=山田^花子=やまだ^はなこ"
CLASSES = {"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4",
           "DX": "1.2.840.10008.5.1.4.1.1.1.1"}
JIS = ["", "ISO 2022 IR 87"]
UTF8 = "ISO_IR 192"


@dataclass
class Examination:
    """One study with one series of `images` images."""

    number: int
    modality: str
    date: str
    description: str
    character_set: object = UTF8
    images: int = 2

    @property
    def uid(self):
        return f"2.999.77.{self.number}"

    def files(self):
        return [self._file(image) for image in range(1, self.images + 1)]

    def _file(self, image):
        sop_class, uid = CLASSES[self.modality], f"{self.uid}.1.{image}"
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = sop_class, uid
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = FileDataset(None, self._header(sop_class, uid, image), file_meta=meta,
                           preamble=b"\0" * 128)
        data.is_little_endian, data.is_implicit_VR = True, False
        stream = io.BytesIO()
        data.save_as(stream, write_like_original=False)
        return stream.getvalue()

    def _header(self, sop_class, uid, image):
        data = Dataset()
        data.SpecificCharacterSet = self.character_set
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        data.SOPClassUID, data.SOPInstanceUID = sop_class, uid
        data.StudyDate, data.StudyTime, data.Modality = self.date, "101500", self.modality
        data.StudyDescription = self.description
        data.PatientName, data.PatientID = NAME, PATIENT
        data.StudyInstanceUID, data.SeriesInstanceUID = self.uid, f"{self.uid}.1"
        data.SeriesNumber, data.InstanceNumber = 1, image
        data.BurnedInAnnotation = "NO"
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.Rows = data.Columns = 16
        data.BitsAllocated = data.BitsStored = 16
        data.HighBit, data.PixelRepresentation = 15, 0
        data.PixelData = bytes(2 * 16 * 16)
        return data


CHEST = Examination(1, "CT", "20260115", "胸部単純", JIS)
HEAD = Examination(2, "MR", "20260203", "頭部MRA")
KNEE = Examination(3, "DX", "20260310", "右膝関節 2方向")
ALL = (CHEST, HEAD, KNEE)
