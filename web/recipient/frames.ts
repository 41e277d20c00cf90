// SPDX-License-Identifier: GPL-3.0-or-later
import {ask} from '../common/api';

export interface Frame {
  path: string;  // of the frame, without /rendered
}

/** PS3.18 §8.3.5.1.4: values after the Modality LUT. */
export interface Window {
  center: number;
  width: number;
}

const kept = 120;
const ahead = 8;

/** Pictures of a series that were fetched, in the memory of this tab alone: the latest are kept. */
export class FrameStore {
  private readonly urls = new Map<string, Promise<string>>();
  private side_pixels = 512;
  private errand = 0;

  constructor(private readonly frames: Frame[]) {}

  /** How large pictures are asked for from now on; small steps ask for none anew. */
  size(side_pixels: number): void {
    this.side_pixels = Math.min(2048, Math.ceil(side_pixels / 256) * 256);
  }

  private target(at: number, window: Window | null): string {
    const viewport = `viewport=${this.side_pixels},${this.side_pixels}`;
    return `${this.frames[at]?.path}/rendered?${viewport}${window ? `&window=${window.center},${window.width},linear` : ''}`;
  }

  /** An object URL, good until it is the oldest of those that are kept. */
  get(at: number, window: Window | null): Promise<string> {
    const target = this.target(at, window);
    let url = this.urls.get(target);
    if (url) {
      this.urls.delete(target);
    } else {
      url = ask(target, {headers: {Accept: 'image/jpeg'}}).then(answer => answer.blob()).then(blob => URL.createObjectURL(blob));
      url.catch(() => this.urls.delete(target));
    }
    this.urls.set(target, url);
    for (const oldest of this.urls.keys()) {
      if (this.urls.size <= kept) break;
      this.forget(oldest);
    }
    return url;
  }

  /** The next ones and the one before, two at a time, until another place is looked at. */
  async fetch_ahead(at: number, window: Window | null, tell: (loaded: number) => void): Promise<void> {
    const errand = ++this.errand;
    const wanted = [at + 1, at - 1, ...Array.from({length: ahead - 1}, (_, step) => at + 2 + step)];
    const there = wanted.filter(each => each >= 0 && each < this.frames.length);
    const fetch_some = async () => {
      for (let next; errand === this.errand && (next = there.shift()) !== undefined;) {
        await this.get(next, window).catch(() => null);
        tell(this.urls.size);
      }
    };
    tell(this.urls.size);
    await Promise.all([fetch_some(), fetch_some()]);
  }

  clear(): void {
    this.errand++;
    for (const target of [...this.urls.keys()]) this.forget(target);
  }

  private forget(target: string): void {
    void this.urls.get(target)?.then(url => URL.revokeObjectURL(url), () => null);
    this.urls.delete(target);
  }
}
