// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM files as readers give them back: Part 10, Explicit VR Little Endian, text in UTF-8 (PS3.10 §7, PS3.5 §7.1.2).
import {value, type DataSet} from './dicomweb';

type Bytes = Uint8Array<ArrayBuffer>;
type Content = string | number | Bytes | Element[][];
/** Tag, VR and what it holds: of SQ its items, of US and UL a number. */
type Element = readonly [tag: number, vr: string, content: Content];

const explicit_vr = '1.2.840.10008.1.2.1';
const jpeg_baseline = '1.2.840.10008.1.2.4.50';
const undefined_length = 0xffffffff;
const item = 0xfffee000;
const sequence_end = 0xfffee0dd;

const utf8 = new TextEncoder();

function joined(parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A number in little endian. */
function little(number: number, size: 2 | 4): Bytes {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (size === 2) view.setUint16(0, number, true);
  else view.setUint32(0, number, true);
  return bytes;
}

const tag_bytes = (tag: number): Bytes => joined([little(tag >>> 16, 2), little(tag & 0xffff, 2)]);
const item_bytes = (content: Bytes): Bytes => joined([tag_bytes(item), little(content.length, 4), content]);

/** Of even length (PS3.5 §6.2): UIDs and bytes end in a zero, texts in a space. */
function even(bytes: Bytes, vr: string): Bytes {
  return bytes.length % 2 === 0 ? bytes : joined([bytes, new Uint8Array([vr === 'UI' || vr === 'OB' ? 0 : 0x20])]);
}

function content_bytes(vr: string, content: Content): Bytes {
  if (typeof content === 'string') return even(utf8.encode(content), vr);
  if (typeof content === 'number') return little(content, vr === 'US' ? 2 : 4);
  if (content instanceof Uint8Array) return even(content, vr);
  return joined(content.map(elements => item_bytes(data_set(elements))));
}

function element_bytes([tag, vr, content]: Element): Bytes {
  const bytes = content_bytes(vr, content);
  const is_long = ['OB', 'SQ', 'UT'].includes(vr);
  return joined([tag_bytes(tag), utf8.encode(vr), ...(is_long ? [little(0, 2), little(bytes.length, 4)] : [little(bytes.length, 2)]), bytes]);
}

const data_set = (elements: Element[]): Bytes => joined([...elements].sort(([a], [b]) => a - b).map(element_bytes));

/** A UID of a random UUID (PS3.5 §B.2). */
export const new_uid = (): string => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;

function file(sop_class: string, instance: string, transfer_syntax: string, body: Bytes[]): Blob {
  const meta = data_set([
    [0x00020001, 'OB', new Uint8Array([0, 1])],
    [0x00020002, 'UI', sop_class],
    [0x00020003, 'UI', instance],
    [0x00020010, 'UI', transfer_syntax],
    [0x00020012, 'UI', '2.25.8748015730710083030970200270871525647'],
    [0x00020013, 'SH', 'SEKISHO_PAGE'],
  ]);
  return new Blob([new Uint8Array(128), utf8.encode('DICM'), element_bytes([0x00020000, 'UL', meta.length]), meta, ...body], {type: 'application/dicom'});
}

/** What is made, of which study as the share shows it, by whom. */
export interface Origin {
  study: DataSet;
  author: string;
  series: string;
  number: number;
}

const pad = (number: number): string => String(number).padStart(2, '0');

/** Patient, study, series and equipment; the archive's own identity is put in their place by the door. */
function frame_of({study, series, number}: Origin, sop_class: string, instance: string, modality: string): Element[] {
  const now = new Date();
  const date = `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`;
  const time = `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`;
  const name = study['00100010']?.Value?.[0];
  const groups = name !== null && typeof name === 'object' ? (name as {Alphabetic?: string; Ideographic?: string; Phonetic?: string}) : {};
  const full_name = [groups.Alphabetic, groups.Ideographic, groups.Phonetic].map(group => group ?? '').join('=').replace(/=+$/, '');
  return [
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080016, 'UI', sop_class],
    [0x00080018, 'UI', instance],
    [0x00080020, 'DA', value(study, '00080020')],
    [0x00080023, 'DA', date],
    [0x00080030, 'TM', value(study, '00080030')],
    [0x00080033, 'TM', time],
    [0x00080050, 'SH', value(study, '00080050')],
    [0x00080060, 'CS', modality],
    [0x00080070, 'LO', 'Sekisho'],
    [0x00080090, 'PN', ''],
    [0x00100010, 'PN', full_name],
    [0x00100020, 'LO', value(study, '00100020')],
    [0x00100030, 'DA', value(study, '00100030')],
    [0x00100040, 'CS', value(study, '00100040')],
    [0x0020000d, 'UI', value(study, '0020000D')],
    [0x0020000e, 'UI', series],
    [0x00200010, 'SH', value(study, '00200010')],
    [0x00200011, 'IS', '1'],
    [0x00200013, 'IS', String(number)],
  ];
}

const code = (text: string, scheme: string, meaning: string): Element[][] => [[
  [0x00080100, 'SH', text],
  [0x00080102, 'SH', scheme],
  [0x00080104, 'LO', meaning],
]];

const text_item = (concept: Element[][], text: string): Element[] => [
  [0x0040a010, 'CS', 'CONTAINS'],
  [0x0040a040, 'CS', 'TEXT'],
  [0x0040a043, 'SQ', concept],
  [0x0040a160, 'UT', text],
];

/** Basic Text SR (PS3.3 §A.35.1). */
export function report_file(origin: Origin, findings: string, conclusion: string): Blob {
  const sop_class = '1.2.840.10008.5.1.4.1.1.88.11';
  const instance = new_uid();
  const items: Element[][] = [[
    [0x0040a010, 'CS', 'HAS OBS CONTEXT'],
    [0x0040a040, 'CS', 'PNAME'],
    [0x0040a043, 'SQ', code('121008', 'DCM', 'Person Observer Name')],
    [0x0040a123, 'PN', origin.author.replaceAll(/[\\=^]/g, ' ')],
  ]];
  if (findings) items.push(text_item(code('121071', 'DCM', 'Finding'), findings));
  if (conclusion) items.push(text_item(code('121077', 'DCM', 'Conclusion'), conclusion));
  const body = data_set([
    ...frame_of(origin, sop_class, instance, 'SR'),
    [0x00081111, 'SQ', []],
    [0x0040a040, 'CS', 'CONTAINER'],
    [0x0040a043, 'SQ', code('18748-4', 'LN', 'Diagnostic Imaging Report')],
    [0x0040a050, 'CS', 'SEPARATE'],
    [0x0040a372, 'SQ', []],
    [0x0040a491, 'CS', 'COMPLETE'],
    [0x0040a493, 'CS', 'UNVERIFIED'],
    [0x0040a730, 'SQ', items],
  ]);
  return file(sop_class, instance, explicit_vr, [body]);
}

/** Encapsulated PDF (PS3.3 §A.45.1). The document ends in white space where its length is odd: the element's own padding would not be. */
export async function pdf_file(origin: Origin, document: File): Promise<Blob> {
  const sop_class = '1.2.840.10008.5.1.4.1.1.104.1';
  const instance = new_uid();
  const bytes = new Uint8Array(await document.arrayBuffer());
  const body = data_set([
    ...frame_of(origin, sop_class, instance, 'DOC'),
    [0x0008002a, 'DT', ''],
    [0x00080064, 'CS', 'WSD'],
    [0x00280301, 'CS', 'YES'],
    [0x0040a043, 'SQ', []],
    [0x00420010, 'ST', document.name.slice(0, 200)],
    [0x00420011, 'OB', bytes.length % 2 === 0 ? bytes : joined([bytes, new Uint8Array([0x0a])])],
    [0x00420012, 'LO', 'application/pdf'],
  ]);
  return file(sop_class, instance, explicit_vr, [body]);
}

const largest_side = 8192;

/**
 * Secondary capture (PS3.3 §A.8.1) of whatever picture the browser can read. It is drawn and encoded anew: as baseline JPEG, which
 * every reader has, and without what cameras write beside it (places, names). Throws where the browser cannot read it.
 */
export async function picture_file(origin: Origin, picture: File): Promise<Blob> {
  const sop_class = '1.2.840.10008.5.1.4.1.1.7';
  const instance = new_uid();
  const bitmap = await createImageBitmap(picture);
  const shrink = Math.min(1, largest_side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * shrink));
  canvas.height = Math.max(1, Math.round(bitmap.height * shrink));
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const encoded = await new Promise<Blob | null>(done => canvas.toBlob(done, 'image/jpeg', 0.92));
  if (!encoded) throw new Error('no JPEG');
  const jpeg = new Uint8Array(await encoded.arrayBuffer());
  const head = data_set([
    ...frame_of(origin, sop_class, instance, 'OT'),
    [0x00080064, 'CS', 'WSD'],
    [0x00200020, 'CS', ''],
    [0x00200060, 'CS', ''],
    [0x00280002, 'US', 3],
    [0x00280004, 'CS', 'YBR_FULL_422'],
    [0x00280006, 'US', 0],
    [0x00280010, 'US', canvas.height],
    [0x00280011, 'US', canvas.width],
    [0x00280100, 'US', 8],
    [0x00280101, 'US', 8],
    [0x00280102, 'US', 7],
    [0x00280103, 'US', 0],
    [0x00280301, 'CS', 'YES'],
    [0x00282110, 'CS', '01'],
    [0x00282112, 'DS', ((canvas.width * canvas.height * 3) / jpeg.length).toFixed(2)],
    [0x00282114, 'CS', 'ISO_10918_1'],
  ]);
  // PS3.5 §A.4: an empty offset table, the one frame, the end.
  const pixels = joined([
    tag_bytes(0x7fe00010), utf8.encode('OB'), little(0, 2), little(undefined_length, 4),
    item_bytes(new Uint8Array()), item_bytes(even(jpeg, 'OB')),
    tag_bytes(sequence_end), little(0, 4),
  ]);
  return file(sop_class, instance, jpeg_baseline, [head, pixels]);
}
