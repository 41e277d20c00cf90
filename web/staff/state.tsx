// SPDX-License-Identifier: GPL-3.0-or-later
import {time_text} from '../common/language';
import {Notice} from '../common/parts';
import {failure_text, useAnswer, usePage} from './page';

/** GET /status */
interface Status {
  Version: string;
  Doors: {Gateway?: {Open: boolean}};
  Log?: {Condition?: 'sound' | 'saving' | 'full' | 'broken'; Size?: number};
  Witnesses?: {Overdue: boolean; WitnessedAt?: string};
  Mail?: {Waiting: number; GivenUp: number; Trouble: string};
  Problems: string[];
}

/** How everything is, and what to do about what is wrong: the door says that itself, in a sentence each. */
export function State() {
  const {text, language} = usePage();
  const {answer, error, again} = useAnswer<Status>('api/status');
  return (
    <>
      <h1>{text.places.state}</h1>
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      {!answer && error === null && <p role="status">{text.loading}</p>}
      {answer && <section class="card">
        {answer.Problems.length === 0 ? <Notice tone="ok">{text.all_is_well}</Notice> : <Notice tone="danger">{text.something_is_wrong}
          <ul>{answer.Problems.map(each => <li key={each} lang="en">{each}</li>)}</ul></Notice>}
        <dl>
          <dt>{text.door}</dt><dd>{answer.Doors.Gateway?.Open ? text.open : text.shut}</dd>
          {answer.Log?.Condition && <><dt>{text.log}</dt><dd>{text.conditions[answer.Log.Condition]}{answer.Log.Size !== undefined && text.entries(answer.Log.Size)}</dd></>}
          {answer.Witnesses && <><dt>{text.witnesses}</dt><dd>{answer.Witnesses.Overdue ? text.overdue : answer.Witnesses.WitnessedAt && time_text(new Date(answer.Witnesses.WitnessedAt), language)}</dd></>}
          {answer.Mail && <><dt>{text.mails}</dt><dd>{text.mail_state(answer.Mail.Waiting, answer.Mail.GivenUp)} {answer.Mail.Trouble}</dd></>}
          <dt>{text.version}</dt><dd>{answer.Version}</dd>
        </dl>
      </section>}
      <div><button type="button" onClick={again}>{text.again}</button></div>
    </>
  );
}
