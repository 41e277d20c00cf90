// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {call} from '../common/api';
import {day_text, time_text} from '../common/language';
import {Notice} from '../common/parts';
import {failure_text, house_of, query, usePage, type Recipient, type Share, type ShareStatus} from './page';

interface Found {
  Shares: Share[];
  Next?: string;
}

const tabs: (ShareStatus | '')[] = ['live', 'pending', 'awaiting', 'expired', 'revoked', ''];

const known = new Map<string, Promise<Recipient>>();
/** Each is asked for once, however many shares are theirs. */
export function recipient_of(id: string): Promise<Recipient> {
  let found = known.get(id);
  if (!found) {
    found = call<Recipient>('GET', `api/recipients/${id}`);
    found.catch(() => known.delete(id));
    known.set(id, found);
  }
  return found;
}
export const forget_recipient = (id: string): boolean => known.delete(id);

/** `awaiting`: only those that somebody else has to approve, oldest first. */
export function Shares({awaiting}: {awaiting: boolean}) {
  const {text} = usePage();
  const [status, set_status] = useState<ShareStatus | ''>(awaiting ? 'awaiting' : 'live');
  const [found, set_found] = useState<Found | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const ask = async (after: string) => {
    set_error(null);
    try {
      const page = await call<Found>('GET', `api/shares?${query({status, order: awaiting ? 'asc' : 'desc', limit: '50', after})}`);
      set_found(before => (after && before ? {...page, Shares: [...before.Shares, ...page.Shares]} : page));
    } catch (failure) {
      set_error(failure);
    }
  };
  useEffect(() => void ask(''), [status]);
  return (
    <>
      <h1>{awaiting ? text.places.approvals : text.places.shares}</h1>
      {!awaiting && <div class="row" role="group" aria-label={text.status}>
        {tabs.map(each => <button key={each} type="button" aria-pressed={each === status} onClick={() => set_status(each)}>{each ? text.statuses[each] : text.all}</button>)}
      </div>}
      {error !== null && <Notice tone="danger">{failure_text(error, text)}<div><button type="button" onClick={() => void ask('')}>{text.again}</button></div></Notice>}
      {!found && error === null && <p role="status">{text.loading}</p>}
      {found?.Shares.length === 0 && <p>{text.no_shares}</p>}
      {found && found.Shares.length > 0 && <ul class="table">
        {found.Shares.map(share => <li key={share.ID}><ShareRow share={share} /></li>)}
      </ul>}
      {found?.Next && <button type="button" onClick={() => void ask(found.Next ?? '')}>{text.more}</button>}
    </>
  );
}

function ShareRow({share}: {share: Share}) {
  const {text, language} = usePage();
  return (
    <a class="share-row" href={`#share/${share.ID}`}>
      <RecipientOf id={share.Recipient} />
      <span><span class="id">{share.Scope.PatientID}</span> {share.Purpose}
        <span class="small"> {time_text(new Date(share.CreatedAt), language)} {share.CreatedBy}</span></span>
      <span><StatusBadge status={share.Status} /> <span class="small">{text.until} {day_text(new Date(share.ExpiresAt), language)}</span></span>
    </a>
  );
}

export function RecipientOf({id}: {id: string}) {
  const [recipient, set_recipient] = useState<Recipient | null>(null);
  useEffect(() => void recipient_of(id).then(set_recipient, () => null), [id]);
  return <span class="who"><strong>{recipient ? house_of(recipient) : '…'}</strong>
    {recipient?.Organisation && <span class="small">{recipient.Name}</span>}</span>;
}

export function StatusBadge({status}: {status: ShareStatus}) {
  const {text} = usePage();
  const tone = status === 'live' ? 'ok' : status === 'pending' || status === 'awaiting' ? 'warn' : '';
  return <span class={`badge ${tone}`}>{text.statuses[status]}</span>;
}
