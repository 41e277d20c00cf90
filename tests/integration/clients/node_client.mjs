// SPDX-License-Identifier: GPL-3.0-or-later
// Reads one call of calls.mjs a line from standard input, and writes what came of it a line.
//   node node_client.mjs CA [CERTIFICATE KEY]
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createInterface } from 'node:readline';
import dicomweb from 'dicomweb-client';
import XMLHttpRequest from 'xhr2';
import { call } from './calls.mjs';

const [ca, cert, key] = process.argv.slice(2).map(file => readFileSync(file));
XMLHttpRequest.nodejsSet({ httpsAgent: new Agent({ ca, cert, key, keepAlive: true }) });
globalThis.XMLHttpRequest = XMLHttpRequest;
console.debug = console.error;  // standard output is for answers

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await call(dicomweb.api.DICOMwebClient, JSON.parse(line))));
process.exit(0);
