// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of npm's dicomweb-client, told and answered as JSON. The same in Node and in a browser's page.

const base64 = bytes => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
};

const unbase64 = text => Uint8Array.from(atob(text), character => character.charCodeAt(0)).buffer;

// Bytes become {base64, contentType, transferSyntaxUID}, what the client says of a part.
const told = value => {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    const { contentType, transferSyntaxUID } = value;
    return { base64: base64(bytes), contentType, transferSyntaxUID };
  }
  return Array.isArray(value) && !(value[0] && value[0].vr) ? value.map(told) : value;
};

// Gives {result | failed: status or text, answers: what each request was answered}.
export async function call(Client, { options, method, argument }) {
  const answers = [];
  const keep = (request, { method: verb, url }) => {
    request.addEventListener('loadend', () => answers.push({
      verb, url, status: request.status, receipt: request.getResponseHeader('Sekisho-Receipt') }));
    return request;
  };
  const client = new Client({ ...options, verbose: false, requestHooks: [keep] });
  if (argument.datasets) argument.datasets = argument.datasets.map(unbase64);
  try {
    return { result: told(await client[method](argument)), answers };
  } catch (error) {
    return { failed: error.status ?? String(error), answers };
  }
}
