// SPDX-License-Identifier: GPL-3.0-or-later
import {encode} from 'uqr';

/** 30 mm wide on paper; the quiet zone of four modules (ISO/IEC 18004 §5.3.8) is part of it. */
export function QrCode({text, label}: {text: string; label: string}) {
  const {data, size} = encode(text, {ecc: 'M', border: 4});
  const path = data.map((row, y) => row.map((is_dark, x) => (is_dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}><path d={path} /></svg>;
}
