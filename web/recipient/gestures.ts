// SPDX-License-Identifier: GPL-3.0-or-later
/** What somebody wants of the picture. */
export interface Moves {
  step: (by: number) => void;
  zoom: (factor: number) => void;
  shade: (across: number, down: number) => void;
  move: (x: number, y: number) => void;
  reset: () => void;
  first: () => void;
  last: () => void;
}

const step_pixels = 24;

const keys: Record<string, (moves: Moves) => void> = {
  ArrowDown: moves => moves.step(1),
  ArrowRight: moves => moves.step(1),
  ArrowUp: moves => moves.step(-1),
  ArrowLeft: moves => moves.step(-1),
  PageDown: moves => moves.step(10),
  PageUp: moves => moves.step(-10),
  Home: moves => moves.first(),
  End: moves => moves.last(),
  '+': moves => moves.zoom(1.25),
  '-': moves => moves.zoom(0.8),
  '0': moves => moves.reset(),
};

/** Wheel: through the stack, with Ctrl zoom. Drag: brightness, with Shift or another button the place. One finger: through the stack; two: zoom
 * and place. Gives what ends it. */
export function listen(stage: HTMLElement, moves: Moves): () => void {
  const pointers = new Map<number, PointerEvent>();
  let left = 0;
  let wheeled = 0;

  const on_key = (event: KeyboardEvent) => {
    const found = event.altKey || event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (!found) return;
    event.preventDefault();
    found(moves);
  };
  const on_wheel = (event: WheelEvent) => {
    event.preventDefault();
    if (event.ctrlKey) return moves.zoom(Math.exp(-event.deltaY / 200));
    // A notch is a step; a touch pad's many small ones add up to one.
    wheeled += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 100 : Math.sign(event.deltaY);
    const steps = Math.abs(event.deltaY) >= 100 ? Math.sign(event.deltaY) : Math.trunc(wheeled);
    if (steps !== 0) {
      wheeled = 0;
      moves.step(steps);
    }
  };
  const on_down = (event: PointerEvent) => {
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    left = 0;
  };
  const pinch = (now: PointerEvent, before: PointerEvent) => {
    const other = [...pointers.values()].find(each => each.pointerId !== now.pointerId);
    if (!other) return;
    const apart = (one: PointerEvent) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (apart(before) > 0) moves.zoom(apart(now) / apart(before));
    moves.move((now.clientX - before.clientX) / 2, (now.clientY - before.clientY) / 2);
  };
  const on_move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    pointers.set(event.pointerId, event);
    const across = event.clientX - before.clientX;
    const down = event.clientY - before.clientY;
    if (pointers.size === 2) return pinch(event, before);
    if (event.pointerType === 'touch') {
      left += down;
      const steps = Math.trunc(left / step_pixels);
      left -= steps * step_pixels;
      if (steps !== 0) moves.step(steps);
    } else if (event.shiftKey || event.buttons !== 1) {
      moves.move(across, down);
    } else {
      moves.shade(across, down);
    }
  };
  const on_up = (event: PointerEvent) => pointers.delete(event.pointerId);
  const on_menu = (event: Event) => event.preventDefault();

  const ended = new AbortController();
  const {signal} = ended;
  stage.addEventListener('keydown', on_key, {signal});
  stage.addEventListener('wheel', on_wheel, {passive: false, signal});
  stage.addEventListener('pointerdown', on_down, {signal});
  stage.addEventListener('pointermove', on_move, {signal});
  stage.addEventListener('pointerup', on_up, {signal});
  stage.addEventListener('pointercancel', on_up, {signal});
  stage.addEventListener('contextmenu', on_menu, {signal});
  return () => ended.abort();
}
