/* A list of any length, of which only the rows in view are in the page. */
import { html, render, repeat } from "../vendor/lit.js";

const SPARE_ROWS = 6;

export class VirtualRows {
  #rows = [];
  #drawRow;
  #keyOf;
  #height;
  #element;
  #inner;

  /**
   * @param {object} options
   * @param {number} options.height Of a row, CSS pixels.
   * @param {(row: object) => unknown} options.draw The template of a row.
   * @param {(row: object) => string} options.key What names a row.
   * @param {string} options.label What the list is, for those who do not see it.
   */
  constructor({ height, draw, key, label }) {
    this.#height = height;
    this.#drawRow = draw;
    this.#keyOf = key;
    this.#element = document.createElement("div");
    this.#element.className = "rows";
    this.#element.tabIndex = 0;
    this.#element.setAttribute("role", "listbox");
    this.#element.setAttribute("aria-label", label);
    this.#inner = document.createElement("div");
    this.#inner.className = "rows-inner";
    this.#inner.setAttribute("role", "presentation");
    this.#element.append(this.#inner);
    this.#element.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.#element);
  }

  get element() {
    return this.#element;
  }

  /**
   * Show rows; those that are in view stay where they are under the pointer: what comes before
   * them moves the rest out of view.
   */
  show(rows) {
    const first = Math.floor(this.#element.scrollTop / this.#height);
    const anchor = this.#rows[first];
    const offset = this.#element.scrollTop - first * this.#height;
    this.#rows = rows;
    this.#inner.style.height = `${rows.length * this.#height}px`;
    if (anchor !== undefined && this.#element.scrollTop > 0) {
      const at = rows.findIndex((row) => this.#keyOf(row) === this.#keyOf(anchor));
      if (at >= 0) this.#element.scrollTop = at * this.#height + offset;
    }
    this.draw();
  }

  /** Bring a row into view. */
  reveal(position) {
    const top = position * this.#height;
    const { scrollTop, clientHeight } = this.#element;
    if (top < scrollTop) this.#element.scrollTop = top;
    if (top + this.#height > scrollTop + clientHeight) {
      this.#element.scrollTop = top + this.#height - clientHeight;
    }
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.#element.scrollTop / this.#height) - SPARE_ROWS);
    const count = Math.ceil(this.#element.clientHeight / this.#height) + 2 * SPARE_ROWS;
    const shown = this.#rows.slice(first, first + count);
    render(
      repeat(shown, this.#keyOf, (row, at) => html`<div class="row-place" role="presentation"
        style="transform: translateY(${(first + at) * this.#height}px); height: ${this.#height}px">
        ${this.#drawRow(row)}</div>`),
      this.#inner,
    );
  }
}
