// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {call} from '../common/api';
import {day_text, dicom_day} from '../common/language';
import {Notice, useTask} from '../common/parts';
import {QrCode} from '../common/qr';
import {failure_text, house_of, now_ms, usePage, type MadeShare, type Recipient, type Share, type Study} from './page';

/** A share of this moment: what it is of is on the screen still. */
export interface Made {
  share: MadeShare;
  recipient: Recipient;
  study: Pick<Study, 'StudyDate' | 'Modalities'> | null;
}

/** Seconds until nobody can undo it any more; 0 from then on. */
function useSecondsUntil(moment: string): number {
  const left = () => Math.max(0, Math.ceil((Date.parse(moment) - now_ms()) / 1000));
  const [seconds, set_seconds] = useState(left);
  useEffect(() => {
    const timer = setInterval(() => set_seconds(left()), 500);
    return () => clearInterval(timer);
  }, [moment]);
  return seconds;
}

/** While nobody sees it yet it can be undone as if it had not been. */
export function Undo({share, onUndone}: {share: Share; onUndone: (share: Share) => void}) {
  const {text} = usePage();
  const {runs, error, run} = useTask();
  const seconds = useSecondsUntil(share.NotBefore);
  if (share.RevokedAt) return <Notice tone="warn">{text.undone}</Notice>;
  if (seconds === 0) return <Notice tone="ok">{share.NeedsApproval && !share.ApprovedAt ? text.awaits : text.visible_now}</Notice>;
  const undo = () => run(async () => onUndone(await call<Share>('POST', `api/shares/${share.ID}/revoke`, {Reason: text.undo_reason})));
  return (
    <>
      <div class="row">
        <strong aria-live="off">{text.visible_in(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`)}</strong>
        <button type="button" disabled={runs} onClick={() => void undo()}>{text.undo}</button>
      </div>
      {share.NeedsApproval && !share.ApprovedAt && <p>{text.awaits}</p>}
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
    </>
  );
}

export function Done({made, onNext}: {made: Made; onNext: () => void}) {
  const {text} = usePage();
  const [share, set_share] = useState<Share>(made.share);
  const [copied, set_copied] = useState('');
  const {recipient} = made;
  const copy = (name: string, words: string) => navigator.clipboard.writeText(words).then(() => set_copied(name), () => set_copied('failed'));
  return (
    <main>
      <div class="no-print stack">
        <h1>{text.shared_with(house_of(recipient), recipient.Organisation ? recipient.Name : '')}</h1>
        <Undo share={share} onUndone={set_share} />
        {!share.RevokedAt && <div class="row">
          <button type="button" onClick={() => print()}>{text.print_letter}</button>
          <button type="button" onClick={() => void copy('mail', text.mail(house_of(recipient), made.share.Link))}>{text.copy_mail}</button>
          <button type="button" onClick={() => void copy('address', made.share.Link)}>{text.copy_address}</button>
          <button type="button" class="primary" onClick={onNext}>{text.next}</button>
        </div>}
        {share.RevokedAt && <div class="row"><button type="button" class="primary" onClick={onNext}>{text.next}</button></div>}
        {copied !== '' && <p role="status">{copied === 'failed' ? text.not_copied : text.copied}</p>}
      </div>
      {!share.RevokedAt && <Letter made={made} />}
    </main>
  );
}

/** A4. It names no patient and no finding: it goes by post, and may go astray. */
function Letter({made: {share, recipient, study}}: {made: Made}) {
  const {text, language, settings} = usePage();
  const day = study && dicom_day(study.StudyDate);
  return (
    <article class="card letter" aria-label={text.letter}>
      <p>{text.to(house_of(recipient), recipient.Organisation ? [recipient.Department, recipient.Name].filter(Boolean).join(' ') : '')}</p>
      <p class="from">{settings.Institution}<br />{settings.Contact}</p>
      <h2>{text.letter_title}</h2>
      <p>{text.letter_text}</p>
      <dl>
        {study && <><dt>{text.study}</dt><dd>{day && typeof day !== 'string' ? day_text(day, language) : study.StudyDate} {study.Modalities.join(' ')}</dd></>}
        <dt>{text.until}</dt><dd>{day_text(new Date(share.ExpiresAt), language)}</dd>
        <dt>{text.number}</dt><dd class="id">{share.ID.slice(0, 8).toUpperCase()}</dd>
      </dl>
      <div class="open">
        <QrCode text={share.Link} label={text.qr_label} />
        <ol>{text.steps.map(each => <li key={each}>{each}</li>)}</ol>
      </div>
      <p class="id secret">{share.Link}</p>
      {share.Assurance === 'link' && <p><strong>{text.link_is_key}</strong></p>}
    </article>
  );
}
