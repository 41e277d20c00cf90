// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useId, useState} from 'preact/hooks';
import {call} from '../common/api';
import {Notice} from '../common/parts';
import {failure_text, folded, house_of, may, name_of, query, usePage, type Recipient, type Study} from './page';

const most_cards = 20;

/**
 * One of the directory, never an address that somebody types. Enter in the search field chooses nothing: it is in no
 * form, and the cards are radio buttons.
 */
export function RecipientChoice({study, chosen, onChoose}: {study: Study; chosen: Recipient | null; onChoose: (recipient: Recipient) => void}) {
  const {text, caller} = usePage();
  const group = useId();
  const [words, set_words] = useState('');
  const [found, set_found] = useState<{Recipients: Recipient[]; Next?: string} | null>(null);
  const [error, set_error] = useState<unknown>(null);
  useEffect(() => {
    const gone = new AbortController();
    const timer = setTimeout(() => {
      set_error(null);
      const asked = query({search: words.trim(), status: 'active', look_alikes: 'true', limit: String(most_cards)});
      call<{Recipients: Recipient[]}>('GET', `api/recipients?${asked}`, undefined, gone.signal)
        .then(set_found, failure => gone.signal.aborted || set_error(failure));
    }, found ? 250 : 0);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [words]);
  const referring = folded(name_of(study.ReferringPhysicianName).written).replaceAll(/\s/g, '');
  const rows = found?.Recipients ?? [];
  // Who was chosen stays in sight, whatever is searched for next.
  const cards = chosen && !rows.some(each => each.ID === chosen.ID) ? [chosen, ...rows] : rows;
  return (
    <fieldset class="choice">
      <legend>{text.recipient}</legend>
      <label>{text.find_recipient}<input value={words} autocomplete="off" spellcheck={false}
        onInput={event => set_words(event.currentTarget.value)} /></label>
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      {found && rows.length === 0 && <Notice tone="warn">{text.no_recipient}
        {may(caller, 'administer') && <a href="#recipients">{text.register}</a>}</Notice>}
      {cards.map(each => <label key={each.ID} class="recipient-card">
        <input type="radio" name={group} checked={chosen?.ID === each.ID} onChange={() => onChoose(each)} />
        <RecipientWords recipient={each} />
        {referring !== '' && folded(each.Name).replaceAll(/\s/g, '') === referring && <span class="badge ok">{text.referred}</span>}
        {each.LookAlikes && each.LookAlikes.length > 0 && <span class="badge warn">{text.alike}</span>}
      </label>)}
      {found?.Next && <span class="small">{text.type_more}</span>}
    </fieldset>
  );
}

/** The house first, then who in it, where, and the end of the telephone number. */
export function RecipientWords({recipient}: {recipient: Recipient}) {
  const {text} = usePage();
  const person = recipient.Organisation ? recipient.Name : '';
  const digits = recipient.Telephone.replaceAll(/\D/g, '');
  return (
    <span class="who">
      <strong>{house_of(recipient)}</strong>
      <span class="small">{[recipient.Department, person, recipient.Place, digits && `…${digits.slice(-4)}`].filter(Boolean).join(' · ')}</span>
      {recipient.Status === 'disabled' && <span class="badge warn">{text.disabled}</span>}
    </span>
  );
}
