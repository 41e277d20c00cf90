// SPDX-License-Identifier: GPL-3.0-or-later
// Standard input: samples of 16 bits, little endian, one component. Standard output: their HTJ2K stream,
// lossless, by OpenJPH, the reference implementation.
//   node encode_htj2k.mjs WIDTH HEIGHT SIGNED
import { readFileSync, writeSync } from 'node:fs';
import factory from '@cornerstonejs/codec-openjph';

const [width, height, isSigned] = process.argv.slice(2).map(Number);
const { HTJ2KEncoder } = await factory();
const encoder = new HTJ2KEncoder();
const shape = { width, height, bitsPerSample: 16, componentCount: 1, isSigned: Boolean(isSigned),
  isUsingColorTransform: false };
encoder.getDecodedBuffer(shape).set(readFileSync(0));
encoder.setQuality(true, 0);
encoder.encode();
writeSync(1, encoder.getEncodedBuffer());
process.exit(0);
