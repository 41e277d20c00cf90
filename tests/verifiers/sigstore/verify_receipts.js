// SPDX-License-Identifier: GPL-3.0-or-later

// Verifies receipts and the checkpoints in them with code that Sekisho's authors did not write: the
// library by which npm verifies where packages come from.
//
//	node verify_receipts.js KEY < FILES
//
// FILES is JSON: a list of tlog-proofs with their entries. Prints a list of verdicts: null where the
// receipt holds, else why not.
//
// @sigstore/verify knows transparency logs as Rekor's. It verifies a log entry in two steps: the
// checkpoint's signature with the inclusion proof, and then what kind of thing the entry signs
// (dsse, hashedrekord, intoto). An access is none of these, so the second step always refuses, with
// a code and a message of its own; that it is reached means that the first step held.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { VerificationError, Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410, before the 32 bytes
const INCLUDED = 'unsupported kind: undefined';

class Refused extends Error {}

function refuseUnless(condition, why) {
  if (!condition) throw new Refused(why);
}

/// Node reads base64 of any shape; a proof has one shape.
function decoded(base64) {
  const bytes = Buffer.from(base64, 'base64');
  refuseUnless(bytes.toString('base64') === base64, 'not base64');
  return bytes;
}

/// The one log that is trusted, from its verifier key "<origin>+<hash>+<base64 of 0x01 and the key>".
function trustedLog(line) {
  const [, origin, hash, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line);
  const key = decoded(encoded);
  const id = createHash('sha256').update(`${origin}\n`).update(key).digest();
  refuseUnless(id.toString('hex', 0, 4) === hash, 'not the hash of the key');
  const rawBytes = Buffer.concat([ED25519_SPKI, key.subarray(1)]);
  createPublicKey({ key: rawBytes, format: 'der', type: 'spki' }); // throws for what is none
  return { origin, log: { baseUrl: origin, logId: { keyId: id }, publicKey: { rawBytes } } };
}

function trusting({ log }) {
  const root = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [log], ctlogs: [] };
  const signer = { log: { rawBytes: log.publicKey.rawBytes.toString('base64') } };
  return new Verifier(toTrustMaterial(root, signer),
    { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 });
}

/// A receipt as an entry of a transparency log. What the library is lenient about is held to its
/// format here: the origin that is pinned, and the spelling of numbers and of base64.
function logEntry(text, origin) {
  const [head, ...rest] = text.split('\n\n');
  const [first, extra, index, ...hashes] = head.split('\n');
  refuseUnless(first === FIRST_LINE && extra?.startsWith('extra '), 'no tlog-proof with its entry');
  refuseUnless(/^index (0|[1-9]\d{0,15})$/.test(index), 'no index');
  const [note, signatures] = rest;
  refuseUnless(rest.length === 2 && /^[^\n]+\n(0|[1-9]\d{0,15})\n[^\n]+$/.test(note), 'no checkpoint');
  const [name, , root] = note.split('\n');
  refuseUnless(name === origin && decoded(root).length === 32, 'no checkpoint of this log');
  refuseUnless(signatures.endsWith('\n'), 'no signature');
  for (const line of signatures.slice(0, -1).split('\n')) {
    refuseUnless(/^— [^ +]+ [^ ]+$/.test(line), 'no signature');
    decoded(line.split(' ')[2]);
  }
  return {
    kindVersion: {},
    canonicalizedBody: decoded(extra.slice('extra '.length)),
    inclusionProof: {
      logIndex: index.slice('index '.length),
      hashes: hashes.map((hash) => decoded(hash)),
      checkpoint: { envelope: `${note}\n\n${signatures}` },
    },
  };
}

/// Throws where the receipt does not hold.
function verify(verifier, entry) {
  const entity = toSignedEntity({
    content: {
      $case: 'messageSignature',
      messageSignature: { messageDigest: { digest: Buffer.alloc(32) }, signature: Buffer.alloc(64) },
    },
    verificationMaterial: {
      content: { $case: 'publicKey', publicKey: { hint: 'log' } },
      tlogEntries: [entry],
    },
  });
  try {
    verifier.verify(entity);
  } catch (error) {
    if (error.code === 'TLOG_BODY_ERROR' && error.message === INCLUDED) return;
    throw error;
  }
  throw new Error('the library took an access for something that Rekor holds');
}

function verdict(verifier, origin, text) {
  try {
    verify(verifier, logEntry(text, origin));
    return null;
  } catch (error) {
    if (error instanceof Refused || error instanceof VerificationError) return error.message;
    throw error;
  }
}

const pinned = trustedLog(process.argv[2]);
const verifier = trusting(pinned);
const texts = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map((text) => verdict(verifier, pinned.origin, text))));
