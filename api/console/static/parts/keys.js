/* Keys of a page: each has words that say what it does, which `?` shows. */
import { html, render } from "../vendor/lit.js";
import { text } from "./texts.js";

const isTyping = (target) =>
  target.closest?.("input, textarea, select, [contenteditable], dialog[open]") !== null;

export class Keys {
  #keys = new Map();
  #shown = [];

  constructor() {
    document.addEventListener("keydown", (pressed) => this.#press(pressed));
    this.add("?", text("keys.help"), () => this.#help());
  }

  /** Let a key do something; keys of the same words are shown together. */
  add(key, words, act) {
    this.#keys.set(key, act);
    const known = this.#shown.find((one) => one.words === words);
    if (known) known.keys.push(key);
    else this.#shown.push({ keys: [key], words });
  }

  #press(pressed) {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || isTyping(pressed.target)) return;
    const act = this.#keys.get(pressed.key);
    /* Whatever can be pressed itself takes Enter for itself. */
    const isPressed = pressed.key === "Enter" && pressed.target.closest?.("button, a, summary, select");
    if (act === undefined || isPressed) return;
    pressed.preventDefault();
    act();
  }

  #help() {
    const dialog = document.createElement("dialog");
    dialog.className = "keys";
    dialog.setAttribute("aria-label", text("keys.title"));
    render(
      html`<h2 class="dialog-title">${text("keys.title")}</h2>
        <dl class="keys-list">${this.#shown.map(
          ({ keys, words }) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${words}</dd>`,
        )}</dl>
        <form method="dialog" class="dialog-end"><button class="button main">${text("keys.close")}</button></form>`,
      dialog,
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}
