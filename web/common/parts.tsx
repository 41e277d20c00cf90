// SPDX-License-Identifier: GPL-3.0-or-later
import type {ComponentChildren} from 'preact';
import {useEffect, useId, useRef, useState} from 'preact/hooks';

interface FieldProps {
  label: string;
  value: string;
  onText: (text: string) => void;
  hint?: ComponentChildren;
  autocomplete?: AutoFill;
  autocapitalize?: 'off' | 'characters';
  inputmode?: 'numeric';
  spellcheck?: boolean;
  required?: boolean;
  maxlength?: number;
}

export function Field({label, value, onText, hint, ...more}: FieldProps) {
  const id = useId();
  return (
    <div>
      <label for={id}>{label}</label>
      <input id={id} value={value} onInput={event => onText(event.currentTarget.value)}
        aria-describedby={hint ? `${id}-hint` : undefined} {...more} />
      {hint && <div id={`${id}-hint`} class="small">{hint}</div>}
    </div>
  );
}

/** A password, which is shown to whoever wants to see what they type. */
export function PasswordField({label, value, onText, hint, show, hide, ...more}: FieldProps & {show: string; hide: string}) {
  const id = useId();
  const [shown, set_shown] = useState(false);
  const type = (shown ? 'text' : 'password') as 'password';  // Preact's types want to know which
  return (
    <div>
      <label for={id}>{label}</label>
      <div class="with-button">
        <input id={id} type={type} value={value} autocapitalize="off" spellcheck={false}
          onInput={event => onText(event.currentTarget.value)} aria-describedby={hint ? `${id}-hint` : undefined} {...more} />
        <button type="button" aria-controls={id} onClick={() => set_shown(!shown)}>{shown ? hide : show}</button>
      </div>
      {hint && <div id={`${id}-hint`} class="small">{hint}</div>}
    </div>
  );
}

type Tone = 'ok' | 'warn' | 'danger';

/** What happened, where it happened; screen readers say it. */
export function Notice({tone, children}: {tone: Tone; children: ComponentChildren}) {
  return <div class={`notice ${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>{children}</div>;
}

/** A modal dialog while it is there; `onCancel` where Escape may end it. */
export function Dialog({title, width, onCancel, children}: {title: string; width?: 'wide'; onCancel?: () => void; children: ComponentChildren}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class={width} aria-labelledby={id} onCancel={event => {
      event.preventDefault();
      onCancel?.();
    }}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

/** Runs what a button or a form does, once at a time; says whether it runs and what went wrong. */
export function useTask(): {runs: boolean; error: unknown; run: (work: () => Promise<void>) => Promise<void>} {
  const [runs, set_runs] = useState(false);
  const [error, set_error] = useState<unknown>(null);
  const busy = useRef(false);
  const run = async (work: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    set_runs(true);
    set_error(null);
    try {
      await work();
    } catch (failure) {
      set_error(failure);
    } finally {
      busy.current = false;
      set_runs(false);
    }
  };
  return {runs, error, run};
}

/** A form that the page sends itself. */
export function Form({onSend, children}: {onSend: () => void; children: ComponentChildren}) {
  return (
    <form onSubmit={event => {
      event.preventDefault();
      onSend();
    }}>{children}</form>
  );
}
