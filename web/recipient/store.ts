// SPDX-License-Identifier: GPL-3.0-or-later
// STOW-RS of one object (PS3.18 §10.5), with what a bar shows of it.
import {ours, refusal, Refused} from '../common/api';
import {items, number, root_of, type DataSet} from './dicomweb';

/** Why the door did not take an object: a failure reason of docs/dicomweb.md. */
export class NotStored extends Error {
  constructor(readonly reason: number) {
    super(`not stored: ${reason.toString(16)}`);
  }
}

function reason_of(answer: DataSet): number {
  const [failed] = [...items(answer, '00081198'), ...items(answer, '0008119A')];
  return failed ? number(failed, '00081197') : 0;
}

/** Returns once it is stored. Throws NotStored, Refused, and an AbortError where `signal` has ended it. */
export function store(share: string, object: Blob, tell: (part: number) => void, signal: AbortSignal): Promise<void> {
  const boundary = crypto.randomUUID();
  const body = new Blob([`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`, object, `\r\n--${boundary}--\r\n`]);
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();  // fetch() tells nothing of what it has sent
    request.open('POST', `${root_of(share)}/studies`);
    request.setRequestHeader('Accept', 'application/dicom+json');
    request.setRequestHeader('Content-Type', `multipart/related; type="application/dicom"; boundary=${boundary}`);
    for (const [name, text] of Object.entries(ours)) request.setRequestHeader(name, text);
    request.upload.onprogress = ({loaded, total}) => tell(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 200) return done();
      let answer: DataSet = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // Not a Store Instances Response: the status alone says what there is to say.
      }
      fail(request.status === 202 || request.status === 409 ? new NotStored(reason_of(answer)) : refusal(request.status));
    };
    request.onerror = () => fail(new Refused(0));
    request.onabort = () => fail(new DOMException('', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), {once: true});
    request.send(body);
  });
}
