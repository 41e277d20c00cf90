// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/content_class.h"

#include <algorithm>
#include <array>

namespace sekisho::anonymization {
namespace {

/// What all storage SOP classes begin with.
constexpr std::string_view kStorageRoot = "1.2.840.10008.5.1.4.1.1.";

struct Row {
  std::string_view uid;  ///< after kStorageRoot
  ContentClass content;
};

using enum ContentClass;

/// Sorted by text. Left out on purpose, and so withheld: Raw Data (private content), standalone
/// overlays and curves, protocols, inventories, spectroscopy, ophthalmic measurements, DICOS,
/// DICONDE and whatever later editions add.
constexpr auto kRows = std::to_array<Row>({
    {"1", plain_image},             // Computed Radiography Image
    {"1.1", plain_image},           // Digital X-Ray - For Presentation
    {"1.1.1", plain_image},         // Digital X-Ray - For Processing
    {"1.2", plain_image},           // Digital Mammography X-Ray - For Presentation
    {"1.2.1", plain_image},         // Digital Mammography X-Ray - For Processing
    {"1.3", plain_image},           // Digital Intra-Oral X-Ray - For Presentation
    {"1.3.1", plain_image},         // Digital Intra-Oral X-Ray - For Processing
    {"104.1", document},            // Encapsulated PDF
    {"104.2", document},            // Encapsulated CDA
    {"104.3", document},            // Encapsulated STL
    {"104.4", document},            // Encapsulated OBJ
    {"104.5", document},            // Encapsulated MTL
    {"11.1", derived_object},       // Grayscale Softcopy Presentation State
    {"11.10", derived_object},      // Segmented Volume Rendering Volumetric Presentation State
    {"11.11", derived_object},      // Multiple Volume Rendering Volumetric Presentation State
    {"11.12", derived_object},      // Variable Modality LUT Softcopy Presentation State
    {"11.2", derived_object},       // Color Softcopy Presentation State
    {"11.3", derived_object},       // Pseudo-Color Softcopy Presentation State
    {"11.4", derived_object},       // Blending Softcopy Presentation State
    {"11.5", derived_object},       // XA/XRF Grayscale Softcopy Presentation State
    {"11.6", derived_object},       // Grayscale Planar MPR Volumetric Presentation State
    {"11.7", derived_object},       // Compositing Planar MPR Volumetric Presentation State
    {"11.8", derived_object},       // Advanced Blending Presentation State
    {"11.9", derived_object},       // Volume Rendering Volumetric Presentation State
    {"12.1", annotated_image},      // X-Ray Angiographic Image
    {"12.1.1", annotated_image},    // Enhanced XA Image
    {"12.2", annotated_image},      // X-Ray Radiofluoroscopic Image
    {"12.2.1", annotated_image},    // Enhanced XRF Image
    {"12.3", annotated_image},      // X-Ray Angiographic Bi-Plane Image
    {"128", plain_image},           // Positron Emission Tomography Image
    {"128.1", plain_image},         // Legacy Converted Enhanced PET Image
    {"13.1.1", annotated_image},    // X-Ray 3D Angiographic Image
    {"13.1.2", annotated_image},    // X-Ray 3D Craniofacial Image
    {"13.1.3", plain_image},        // Breast Tomosynthesis Image
    {"13.1.4", plain_image},        // Breast Projection X-Ray - For Presentation
    {"13.1.5", plain_image},        // Breast Projection X-Ray - For Processing
    {"130", plain_image},           // Enhanced PET Image
    {"14.1", annotated_image},      // Intravascular Optical Coherence Tomography - For Presentation
    {"14.2", annotated_image},      // Intravascular Optical Coherence Tomography - For Processing
    {"2", plain_image},             // CT Image
    {"2.1", plain_image},           // Enhanced CT Image
    {"2.2", plain_image},           // Legacy Converted Enhanced CT Image
    {"2.3", plain_image},           // CT - For Processing
    {"2.4", plain_image},           // Enhanced CT - For Processing
    {"2.5", plain_image},           // Legacy Converted Enhanced CT - For Processing
    {"20", plain_image},            // Nuclear Medicine Image
    {"3", annotated_image},         // Ultrasound Multi-frame Image
    {"3.1", annotated_image},       // Ultrasound Multi-frame Image
    {"30", derived_object},         // Parametric Map
    {"4", plain_image},             // MR Image
    {"4.1", plain_image},           // Enhanced MR Image
    {"4.3", plain_image},           // Enhanced MR Color Image
    {"4.4", plain_image},           // Legacy Converted Enhanced MR Image
    {"481.1", annotated_image},     // RT Image
    {"481.10", derived_object},     // RT Physician Intent
    {"481.11", derived_object},     // RT Segment Annotation
    {"481.12", derived_object},     // RT Radiation Set
    {"481.13", derived_object},     // C-Arm Photon-Electron Radiation
    {"481.14", derived_object},     // Tomotherapeutic Radiation
    {"481.15", derived_object},     // Robotic-Arm Radiation
    {"481.16", derived_object},     // RT Radiation Record Set
    {"481.17", derived_object},     // RT Radiation Salvage Record
    {"481.18", derived_object},     // Tomotherapeutic Radiation Record
    {"481.19", derived_object},     // C-Arm Photon-Electron Radiation Record
    {"481.2", derived_object},      // RT Dose
    {"481.20", derived_object},     // Robotic Radiation Record
    {"481.21", derived_object},     // RT Radiation Set Delivery Instruction
    {"481.22", derived_object},     // RT Treatment Preparation
    {"481.23", annotated_image},    // Enhanced RT Image
    {"481.24", annotated_image},    // Enhanced Continuous RT Image
    {"481.25", derived_object},     // RT Patient Position Acquisition Instruction
    {"481.3", derived_object},      // RT Structure Set
    {"481.4", derived_object},      // RT Beams Treatment Record
    {"481.5", derived_object},      // RT Plan
    {"481.6", derived_object},      // RT Brachy Treatment Record
    {"481.7", derived_object},      // RT Treatment Summary Record
    {"481.8", derived_object},      // RT Ion Plan
    {"481.9", derived_object},      // RT Ion Beams Treatment Record
    {"5", plain_image},             // Nuclear Medicine Image
    {"6", annotated_image},         // Ultrasound Image
    {"6.1", annotated_image},       // Ultrasound Image
    {"6.2", annotated_image},       // Enhanced US Volume
    {"6.3", annotated_image},       // Photoacoustic Image
    {"66.1", derived_object},       // Spatial Registration
    {"66.2", derived_object},       // Spatial Fiducials
    {"66.3", derived_object},       // Deformable Spatial Registration
    {"66.4", derived_object},       // Segmentation
    {"66.5", derived_object},       // Surface Segmentation
    {"66.6", derived_object},       // Tractography Results
    {"66.7", derived_object},       // Label Map Segmentation
    {"66.8", derived_object},       // Height Map Segmentation
    {"67", derived_object},         // Real World Value Mapping
    {"7", captured_image},          // Secondary Capture Image
    {"7.1", captured_image},        // Multi-frame Single Bit Secondary Capture Image
    {"7.2", captured_image},        // Multi-frame Grayscale Byte Secondary Capture Image
    {"7.3", captured_image},        // Multi-frame Grayscale Word Secondary Capture Image
    {"7.4", captured_image},        // Multi-frame True Color Secondary Capture Image
    {"77.1", annotated_image},      // VL - Trial
    {"77.1.1", annotated_image},    // VL Endoscopic Image
    {"77.1.1.1", video},            // Video Endoscopic Image
    {"77.1.2", annotated_image},    // VL Microscopic Image
    {"77.1.2.1", video},            // Video Microscopic Image
    {"77.1.3", annotated_image},    // VL Slide-Coordinates Microscopic Image
    {"77.1.4", annotated_image},    // VL Photographic Image
    {"77.1.4.1", video},            // Video Photographic Image
    {"77.1.5.1", annotated_image},  // Ophthalmic Photography 8 Bit Image
    {"77.1.5.2", annotated_image},  // Ophthalmic Photography 16 Bit Image
    {"77.1.5.3", derived_object},   // Stereometric Relationship
    {"77.1.5.4", annotated_image},  // Ophthalmic Tomography Image
    {"77.1.5.5",
     annotated_image},  // Wide Field Ophthalmic Photography Stereographic Projection Image
    {"77.1.5.6", annotated_image},  // Wide Field Ophthalmic Photography 3D Coordinates Image
    {"77.1.5.7", annotated_image},  // Ophthalmic Optical Coherence Tomography En Face Image
    {"77.1.6", annotated_image},    // VL Whole Slide Microscopy Image
    {"77.1.7", annotated_image},    // Dermoscopic Photography Image
    {"77.1.8", annotated_image},    // Confocal Microscopy Image
    {"77.1.9", annotated_image},    // Confocal Microscopy Tiled Pyramidal Image
    {"77.2", annotated_image},      // VL Multi-frame - Trial
    {"79.1", structured_report},    // Macular Grid Thickness and Volume Report
    {"81.1", annotated_image},      // Ophthalmic Thickness Map
    {"82.1", annotated_image},      // Corneal Topography Map
    {"88.1", structured_report},    // Text SR - Trial
    {"88.11", structured_report},   // Basic Text SR
    {"88.2", audio},                // Audio SR - Trial
    {"88.22", structured_report},   // Enhanced SR
    {"88.3", structured_report},    // Detail SR - Trial
    {"88.33", structured_report},   // Comprehensive SR
    {"88.34", structured_report},   // Comprehensive 3D SR
    {"88.35", structured_report},   // Extensible SR
    {"88.4", structured_report},    // Comprehensive SR - Trial
    {"88.40", structured_report},   // Procedure Log
    {"88.50", structured_report},   // Mammography CAD SR
    {"88.59", structured_report},   // Key Object Selection Document
    {"88.65", structured_report},   // Chest CAD SR
    {"88.67", structured_report},   // X-Ray Radiation Dose SR
    {"88.68", structured_report},   // Radiopharmaceutical Radiation Dose SR
    {"88.69", structured_report},   // Colon CAD SR
    {"88.70", structured_report},   // Implantation Plan SR
    {"88.71", structured_report},   // Acquisition Context SR
    {"88.72", structured_report},   // Simplified Adult Echo SR
    {"88.73", structured_report},   // Patient Radiation Dose SR
    {"88.74", structured_report},   // Planned Imaging Agent Administration SR
    {"88.75", structured_report},   // Performed Imaging Agent Administration SR
    {"88.76", structured_report},   // Enhanced X-Ray Radiation Dose SR
    {"88.77", structured_report},   // Waveform Annotation SR
    {"9.1.1", waveform},            // 12-lead ECG Waveform
    {"9.1.2", waveform},            // General ECG Waveform
    {"9.1.3", waveform},            // Ambulatory ECG Waveform
    {"9.1.4", waveform},            // General 32-bit ECG Waveform
    {"9.2.1", waveform},            // Hemodynamic Waveform
    {"9.3.1", waveform},            // Cardiac Electrophysiology Waveform
    {"9.4.1", audio},               // Basic Voice Audio Waveform
    {"9.4.2", audio},               // General Audio Waveform
    {"9.5.1", waveform},            // Arterial Pulse Waveform
    {"9.6.1", waveform},            // Respiratory Waveform
    {"9.6.2", waveform},            // Multi-channel Respiratory Waveform
    {"9.7.1", waveform},            // Routine Scalp Electroencephalogram Waveform
    {"9.7.2", waveform},            // Electromyogram Waveform
    {"9.7.3", waveform},            // Electrooculogram Waveform
    {"9.7.4", waveform},            // Sleep Electroencephalogram Waveform
    {"9.8.1", waveform},            // Body Position Waveform
});
static_assert(std::ranges::is_sorted(kRows, {}, &Row::uid));

}  // namespace

ContentClass content_class(std::string_view sop_class_uid) {
  if (!sop_class_uid.starts_with(kStorageRoot)) return unknown;
  const std::string_view tail = sop_class_uid.substr(kStorageRoot.size());
  const auto row = std::ranges::lower_bound(kRows, tail, {}, &Row::uid);
  return row != kRows.end() && row->uid == tail ? row->content : unknown;
}

}  // namespace sekisho::anonymization
