/* All open cases as the page keeps them: read once, then followed by what changed. */
import { read } from "../parts/api.js";

const FOLLOW_MILLISECONDS = 2000;
/* Changes become visible in another order than they are numbered: the last ones are asked again. */
const OVERLAP_MILLISECONDS = 10_000;

export class CaseQueue extends EventTarget {
  /** @type {Map<string, object>} */
  cases = new Map();
  isRead = false;
  #marks = [];
  #clockAhead = 0;

  /** Read the open cases, then follow for as long as the page is open. */
  async start() {
    await this.#readOpen();
    this.isRead = true;
    this.dispatchEvent(new Event("changed"));
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
      if (changed) this.dispatchEvent(new Event("changed"));
    } catch {
      this.dispatchEvent(new CustomEvent("live", { detail: false }));
    }
  }

  #take(page) {
    this.#clockAhead = Date.parse(page.now) - Date.now();
    let changed = false;
    for (const one of page.cases) {
      if (this.cases.get(one.case_id)?.change === one.change) continue;
      changed = true;
      this.cases.set(one.case_id, one);
    }
    return changed;
  }

  #mark() {
    let change = 0;
    for (const one of this.cases.values()) change = Math.max(change, one.change);
    this.#marks = [...this.#marks, { at: performance.now(), change }].slice(-20);
  }
}
