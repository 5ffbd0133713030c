/* All open cases as the page keeps them: read once, then followed by what changed. */
import { read } from "../parts/api.js";

const FOLLOW_MILLISECONDS = 2000;
/* Changes become visible in another order than they are numbered: the last ones are asked again. */
const OVERLAP_MILLISECONDS = 10_000;
const MARKS_KEPT = 20;

/* Of cases that ended only what is needed to know them when they are told again. */
const ENDED_REMEMBERED = 1000;

/** Tells of `changed` with the ids of cases that did, and of `live` with whether it is. */
export class CaseQueue extends EventTarget {
  /** @type {Map<string, object>} Those that are open, by id. */
  cases = new Map();
  #ended = new Map();
  #lastChange = 0;
  isRead = false;
  #marks = [];
  #clockAhead = 0;

  /** Read the open cases, then follow for as long as the page is open. */
  async start() {
    await this.#readOpen();
    this.isRead = true;
    this.dispatchEvent(new CustomEvent("changed", { detail: new Set() }));
    setInterval(() => this.#follow(), FOLLOW_MILLISECONDS);
  }

  /** The time of cases at the API, milliseconds. */
  now() {
    return Date.now() + this.#clockAhead;
  }

  /** How the clock of a case stands now. */
  lightOf(one) {
    if (one.due_at === null || one.yellow_at === null) return "none";
    if (this.now() > Date.parse(one.due_at)) return "red";
    return this.now() > Date.parse(one.yellow_at) ? "yellow" : "green";
  }

  async #readOpen() {
    let after = 0;
    for (;;) {
      const page = await read("/v1/case-queue", { open: true, after });
      this.#take(page);
      if (!page.more) break;
      after = page.cases.at(-1).change;
    }
    this.#mark();
  }

  async #follow() {
    try {
      const settled = this.#marks.findLast((mark) => mark.at < performance.now() - OVERLAP_MILLISECONDS);
      const page = await read("/v1/case-queue", { after: (settled ?? this.#marks[0]).change });
      const changed = this.#take(page);
      this.#mark();
      this.dispatchEvent(new CustomEvent("live", { detail: true }));
      if (changed.size) this.dispatchEvent(new CustomEvent("changed", { detail: changed }));
    } catch {
      this.dispatchEvent(new CustomEvent("live", { detail: false }));
    }
  }

  #take(page) {
    this.#clockAhead = Date.parse(page.now) - Date.now();
    const changed = new Set();
    for (const one of page.cases) {
      const { case_id: id, change } = one;
      const known = this.cases.get(id)?.change ?? this.#ended.get(id);
      this.#lastChange = Math.max(this.#lastChange, change);
      if (known === change) continue;
      changed.add(id);
      if (one.is_open) {
        this.cases.set(id, one);
        this.#ended.delete(id);
      } else {
        this.cases.delete(id);
        this.#ended.set(id, change);
        if (this.#ended.size > ENDED_REMEMBERED) this.#ended.delete(this.#ended.keys().next().value);
      }
    }
    return changed;
  }

  #mark() {
    const mark = { at: performance.now(), change: this.#lastChange };
    this.#marks = [...this.#marks, mark].slice(-MARKS_KEPT);
  }
}
