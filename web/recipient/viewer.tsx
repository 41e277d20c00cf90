// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useRef, useState} from 'preact/hooks';
import {Notice} from '../common/parts';
import {names, number, pages_of, root_of, search, tags, value, type DataSet, type Share} from './dicomweb';
import {address_of} from './entry';
import {FrameStore, type Frame, type Window} from './frames';
import {failure_text, usePage} from './page';
import {listen, type Moves} from './gestures';

const presets = {
  soft: {center: 40, width: 400},
  lung: {center: -600, width: 1500},
  bone: {center: 400, width: 1800},
  brain: {center: 40, width: 80},
} as const;

interface Contents {
  study: DataSet;
  modality: string;
  frames: Frame[];
  window: Window | null;
}

/** Every frame of a series in the order in which it was taken. */
async function contents_of(share: string, study: string, series: string, signal: AbortSignal): Promise<Contents> {
  const root = root_of(share);
  const path = `${root}/studies/${study}/series/${series}`;
  const [studies, all_series, instances] = await Promise.all([
    search(`${root}/studies?StudyInstanceUID=${study}`, signal),
    search(`${root}/studies/${study}/series?SeriesInstanceUID=${series}`, signal),
    pages_of(`${path}/instances`, signal),
  ]);
  instances.sort((a, b) => number(a, tags.instance_number) - number(b, tags.instance_number));
  const frames = instances.filter(each => number(each, tags.rows) > 0).flatMap(each => {
    const count = Math.max(1, number(each, tags.frames));
    return Array.from({length: count}, (_, at) => ({path: `${path}/instances/${value(each, tags.instance)}/frames/${at + 1}`}));
  });
  const [first] = instances;
  const [header = {}] = first ? await search(`${path}/instances/${value(first, tags.instance)}/metadata`, signal).catch(() => []) : [];
  const width = number(header, '00281051');
  return {
    study: studies[0] ?? {},
    modality: value(all_series[0] ?? {}, tags.modality),
    frames,
    window: width > 0 ? {center: number(header, '00281050'), width} : null,
  };
}

/** Frames that the server has drawn, one after another. */
export function Viewer({share, study, series}: {share: Share; study: string; series: string}) {
  const {text} = usePage();
  const [contents, set_contents] = useState<Contents | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const [attempt, set_attempt] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    set_error(null);
    contents_of(share.ID, study, series, gone.signal).then(set_contents, failure => gone.signal.aborted || set_error(failure));
    return () => gone.abort();
  }, [share.ID, study, series, attempt]);
  const patient = contents && names(contents.study, tags.patient_name)[0];
  return (
    <main class="viewer">
      <div class="viewer-bar">
        <a href={address_of({name: 'share', share: share.ID})}>{text.back}</a>
        <h1>{patient} <span class="id">{contents && value(contents.study, tags.patient_id)}</span></h1>
        {share.IntendedUse === 'reference' && <span class="badge">{text.reference}</span>}
      </div>
      {error !== null && <Notice tone="danger">
        {failure_text(error, text, text.unavailable)}
        <div><button type="button" onClick={() => set_attempt(attempt + 1)}>{text.again}</button></div>
      </Notice>}
      {!contents && !error && <p role="status">{text.loading}</p>}
      {contents?.frames.length === 0 && <p>{text.no_images}</p>}
      {contents && contents.frames.length > 0 && <Stack key={series} {...contents} />}
    </main>
  );
}

function Stack({frames, modality, window: own_window}: Contents) {
  const {text} = usePage();
  const stage = useRef<HTMLDivElement>(null);
  const [at, set_at] = useState(0);
  const [window, set_window] = useState<Window | null>(null);
  const [view, set_view] = useState({zoom: 1, x: 0, y: 0});
  const [shown, set_shown] = useState('');
  const [error, set_error] = useState<unknown>(null);
  const [loaded, set_loaded] = useState(0);
  const [attempt, set_attempt] = useState(0);
  const [store] = useState(() => new FrameStore(frames));

  const step = (by: number) => set_at(now => Math.min(frames.length - 1, Math.max(0, now + by)));
  const zoom_by = (factor: number) => set_view(now => ({...now, zoom: Math.min(16, Math.max(1, now.zoom * factor))}));
  const reset = () => {
    set_view({zoom: 1, x: 0, y: 0});
    set_window(null);
  };
  const shade = (across: number, down: number) => set_window(now => {
    const from = now ?? own_window;
    if (!from) return now;
    const grain = Math.max(1, from.width / 256);
    return {center: Math.round(from.center + down * grain), width: Math.max(1, Math.round(from.width + across * grain))};
  });

  useEffect(() => () => store.clear(), [store]);
  // One picture is under way at a time, and what is wanted by then is next: a hand is faster than a line.
  const wanted = useRef({at, window});
  const is_fetching = useRef(false);
  const follow = async () => {
    if (is_fetching.current) return;
    is_fetching.current = true;
    for (let now; now !== wanted.current;) {
      now = wanted.current;
      try {
        set_shown(await store.get(now.at, now.window));
        set_error(null);
      } catch (failure) {
        set_error(failure);
      }
    }
    is_fetching.current = false;
    void store.fetch_ahead(wanted.current.at, wanted.current.window, set_loaded);
  };
  useEffect(() => {
    const box = stage.current?.getBoundingClientRect();
    store.size(box ? Math.min(box.width, box.height) * Math.min(2, devicePixelRatio) : 512);
    wanted.current = {at, window};
    void follow();
  }, [at, window, attempt]);

  useEffect(() => {
    if (!stage.current) return;
    const moves: Moves = {
      step,
      zoom: zoom_by,
      shade,
      move: (x, y) => set_view(now => ({...now, x: now.x + x, y: now.y + y})),
      reset,
      first: () => set_at(0),
      last: () => set_at(frames.length - 1),
    };
    return listen(stage.current, moves);
  }, []);
  // The only inline style there is; a policy without 'unsafe-inline' lets scripts set it, and no markup.
  useEffect(() => {
    const image = stage.current?.querySelector('img');
    if (image) image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`;
  }, [view, shown]);

  return (
    <>
      <div ref={stage} class="stage" tabIndex={0} role="group" aria-label={text.viewer_keys}>
        {shown && <img src={shown} alt={text.image_of(at + 1, frames.length)} draggable={false} />}
        {error !== null && <Notice tone="danger">
          {text.image_of(at + 1, frames.length)}: {failure_text(error, text, text.unavailable)}
          <div><button type="button" onClick={() => set_attempt(attempt + 1)}>{text.again}</button></div>
        </Notice>}
      </div>
      <div class="viewer-bar">
        <output class="id">{at + 1}/{frames.length}</output>
        {frames.length > 1 && <input class="grow" type="range" min={0} max={frames.length - 1} value={at} aria-label={text.image_number}
          onInput={event => set_at(Number(event.currentTarget.value))} />}
        <span class="small" aria-hidden="true">{loaded < frames.length && text.loaded(loaded)}</span>
        <button type="button" aria-label={text.smaller} onClick={() => zoom_by(0.8)}>−</button>
        <button type="button" aria-label={text.larger} onClick={() => zoom_by(1.25)}>+</button>
        {modality === 'CT' && (Object.keys(presets) as (keyof typeof presets)[]).map(name =>
          <button key={name} type="button" aria-pressed={window === presets[name]} onClick={() => set_window(presets[name])}>{text.windows[name]}</button>)}
        <button type="button" onClick={reset}>{text.reset_view}</button>
      </div>
    </>
  );
}
