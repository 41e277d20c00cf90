// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {call, Refused} from '../common/api';
import {day_text, time_text} from '../common/language';
import {Dialog, Field, Form, Notice, useTask} from '../common/parts';
import {Undo, type Made} from './done';
import {failure_text, may, query, useAnswer, usePage, type MadeShare, type Share} from './page';
import {Entries, type Entry} from './records';
import {recipient_of, RecipientOf, StatusBadge} from './shares';

type Act = 'revoke' | 'wrong_place' | 'again' | 'reject';

/** One share: how it stands, who opened it as far as the caller may know, and how it ends. */
export function SharePage({id, onMade}: {id: string; onMade: (made: Made) => void}) {
  const {text, language, caller} = usePage();
  const {answer, error, again} = useAnswer<Share>(id ? `api/shares/${id}` : null);
  const [share, set_share] = useState<Share | null>(null);
  const [act, set_act] = useState<Act | null>(null);
  const [was_wrong, set_was_wrong] = useState(false);
  const task = useTask();
  useEffect(() => set_share(answer), [answer]);
  if (error !== null || !id) return <Notice tone="danger">{error instanceof Refused && error.status === 404 || !id ? text.not_there : failure_text(error, text)}<div><button type="button" onClick={again}>{text.again}</button></div></Notice>;
  if (!share) return <p role="status">{text.loading}</p>;
  const is_over = share.Status === 'expired' || share.Status === 'revoked';
  const may_stop = may(caller, 'share', 'approve', 'administer') && !is_over;
  const approve = () => task.run(async () => set_share(await call<Share>('POST', `api/shares/${id}/approve`, {})));
  const finish = (after: Share) => {
    set_was_wrong(act === 'wrong_place');
    set_share(after);
    set_act(null);
  };
  return (
    <>
      <h1><RecipientOf id={share.Recipient} /></h1>
      <div class="card">
        <div class="row"><StatusBadge status={share.Status} /><span>{text.until} {day_text(new Date(share.ExpiresAt), language)}</span></div>
        {share.Status === 'pending' && <Undo share={share} onUndone={set_share} />}
        {share.Status === 'awaiting' && <p>{text.awaits}</p>}
        <dl>
          {share.Scope.PatientID && <><dt>{text.patient_id}</dt><dd class="id">{share.Scope.PatientID}</dd></>}
          <dt>{text.purpose}</dt><dd>{share.Purpose || '–'} ({text.uses[share.IntendedUse]})</dd>
          <dt>{text.permission}</dt><dd>{share.Permissions.map(each => text.permissions[each]).join(text.comma)}</dd>
          <dt>{text.assurance}</dt><dd>{text.assurances[share.Assurance]}</dd>
          <dt>{text.profile}</dt><dd>{share.Profile}</dd>
          <dt>{text.shared_at}</dt><dd>{time_text(new Date(share.CreatedAt), language)} {share.CreatedBy}</dd>
          {share.ApprovedAt && <><dt>{text.approved_at}</dt><dd>{time_text(new Date(share.ApprovedAt), language)} {share.ApprovedBy}</dd></>}
          {share.RevokedAt && <><dt>{text.revoked_at}</dt><dd>{time_text(new Date(share.RevokedAt), language)} {share.RevokeReason}</dd></>}
          <dt>{text.number}</dt><dd class="id">{share.ID.slice(0, 8).toUpperCase()}</dd>
        </dl>
        {task.error !== null && <Notice tone="danger">{failure_text(task.error, text)}</Notice>}
        <div class="row no-print">
          {share.Status === 'awaiting' && may(caller, 'approve') && share.CreatedBy !== caller.Name && <>
            <button type="button" class="primary" disabled={task.runs} onClick={() => void approve()}>{text.approve}</button>
            <button type="button" onClick={() => set_act('reject')}>{text.reject}</button></>}
          {may(caller, 'share') && <button type="button" onClick={() => set_act('again')}>{text.share_again}</button>}
          {may_stop && <button type="button" onClick={() => set_act('revoke')}>{text.revoke}</button>}
          {may_stop && <button type="button" class="danger" onClick={() => set_act('wrong_place')}>{text.wrong_place}</button>}
        </div>
      </div>
      {was_wrong && <Notice tone="warn">{text.wrong_place_done}
        <div class="no-print"><button type="button" onClick={() => print()}>{text.print_sheet}</button></div></Notice>}
      <Opened share={share} key={share.Status} />
      {act === 'again' && <Again share={share} onCancel={() => set_act(null)} onMade={onMade} />}
      {act && act !== 'again' && <Ending share={share} act={act} onCancel={() => set_act(null)} onEnded={finish} />}
    </>
  );
}

/** What the log has of it; reading that is on record, so it is asked for. */
function Opened({share}: {share: Share}) {
  const {text, caller} = usePage();
  const [is_open, set_is_open] = useState(false);
  const log = useAnswer<{Entries: Entry[]; Next?: number}>(is_open ? `api/audit?${query({share: share.ID, limit: '200'})}` : null);
  if (!may(caller, 'audit')) return <p class="small">{text.ask_auditor}</p>;
  return (
    <section class="card">
      <h2>{text.what_happened}</h2>
      {!is_open && <div><p class="small">{text.looking_is_on_record}</p><button type="button" onClick={() => set_is_open(true)}>{text.show_records}</button></div>}
      {is_open && !log.answer && log.error === null && <p role="status">{text.loading}</p>}
      {log.error !== null && <Notice tone="danger">{failure_text(log.error, text)}</Notice>}
      {log.answer && <Entries entries={log.answer.Entries} />}
      {log.answer?.Next !== undefined && <a href="#records">{text.more_in_records}</a>}
    </section>
  );
}

function Ending({share, act, onCancel, onEnded}: {share: Share; act: Exclude<Act, 'again'>; onCancel: () => void; onEnded: (share: Share) => void}) {
  const {text} = usePage();
  const [reason, set_reason] = useState(act === 'wrong_place' ? text.wrong_place : '');
  const {runs, error, run} = useTask();
  const path = act === 'reject' ? 'reject' : 'revoke';
  return (
    <Dialog title={text.ends[act]} onCancel={onCancel}>
      <p>{text.ends_text[act]}</p>
      <Form onSend={() => void run(async () => onEnded(await call<Share>('POST', `api/shares/${share.ID}/${path}`, {Reason: reason})))}>
        <Field label={text.reason} value={reason} onText={set_reason} required maxlength={500} autocomplete="off" />
        {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
        <div class="row"><button class="primary" disabled={runs}>{text.ends[act]}</button>
          <button type="button" onClick={onCancel}>{text.cancel}</button></div>
      </Form>
    </Dialog>
  );
}

interface Risky {
  Risks: {Code: string; Text: {ja: string; en: string}}[];
  Acknowledgement: string;
}

/** The same to the same recipient for another while. Its risks are shown before anything is made. */
function Again({share, onCancel, onMade}: {share: Share; onCancel: () => void; onMade: (made: Made) => void}) {
  const {text, language} = usePage();
  const [risky, set_risky] = useState<Risky | null>(null);
  const [is_ticked, set_is_ticked] = useState(false);
  const {runs, error, run} = useTask();
  const send = () => run(async () => {
    try {
      const made = await call<MadeShare>('POST', `api/shares/${share.ID}/reissue`, risky ? {Acknowledgement: risky.Acknowledgement} : {});
      onMade({share: made, recipient: await recipient_of(made.Recipient), study: null});
    } catch (failure) {
      if (!(failure instanceof Refused && failure.status === 409 && 'Acknowledgement' in failure.body)) throw failure;
      set_risky(failure.body as unknown as Risky);
      set_is_ticked(false);
    }
  });
  return (
    <Dialog title={text.share_again} onCancel={onCancel}>
      <p><RecipientOf id={share.Recipient} /></p>
      <p>{text.share_again_text}</p>
      {risky && <>
        <ul>{risky.Risks.map(each => <li key={each.Code} class="notice warn">{each.Text[language]}</li>)}</ul>
        <label class="tick"><input type="checkbox" checked={is_ticked} onChange={event => set_is_ticked(event.currentTarget.checked)} /><span>{text.i_saw}</span></label>
      </>}
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      <div class="row"><button type="button" class="primary" disabled={runs || (risky !== null && !is_ticked)} onClick={() => void send()}>{text.share_again}</button>
        <button type="button" onClick={onCancel}>{text.cancel}</button></div>
    </Dialog>
  );
}
