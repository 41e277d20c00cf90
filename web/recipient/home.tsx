// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {day_text} from '../common/language';
import {tags, value, type DataSet, type Share} from './dicomweb';
import {address_of} from './entry';
import {usePage} from './page';
import {Patient, search_studies, StudyTitle} from './study';

/** What is live, newest first, with what is in it. */
export function Home({shares}: {shares: Share[]}) {
  const {text} = usePage();
  return (
    <main>
      <h1>{text.home}</h1>
      {shares.length === 0 && <p class="card">{text.nothing_shared}</p>}
      {shares.length > 0 && <ul class="list">{shares.map(share => <li key={share.ID}><ShareCard share={share} /></li>)}</ul>}
    </main>
  );
}

function ShareCard({share}: {share: Share}) {
  const {text, language} = usePage();
  const [studies, set_studies] = useState<DataSet[] | null>(null);
  const [failed, set_failed] = useState(false);
  useEffect(() => {
    if (!share.IsEnough || !share.Permissions.some(each => each === 'view' || each === 'download')) return;
    const gone = new AbortController();
    search_studies(share.ID, gone.signal).then(set_studies, () => gone.signal.aborted || set_failed(true));
    return () => gone.abort();
  }, [share.ID, share.IsEnough]);
  return (
    <article class="card">
      {!studies && !failed && share.IsEnough && <p role="status">{text.loading}</p>}
      {studies?.map(study => <StudyLine key={value(study, tags.study)} study={study} share={share} />)}
      {failed && <p>{text.unavailable}</p>}
      {!share.IsEnough && <p>{share.Assurance === 'certificate' ? text.needs_certificate : text.needs_more}</p>}
      <div class="row small">
        <span class="badge">{share.IntendedUse === 'reading' ? text.reading : text.reference}</span>
        <span>{text.until} <time dateTime={share.ExpiresAt}>{day_text(new Date(share.ExpiresAt), language)}</time></span>
      </div>
    </article>
  );
}

function StudyLine({study, share}: {study: DataSet; share: Share}) {
  return (
    <div>
      <h2><a href={address_of({name: 'share', share: share.ID})}><StudyTitle study={study} /></a></h2>
      <Patient study={study} />
    </div>
  );
}
