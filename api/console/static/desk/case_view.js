/* One case on a screen: its pictures, what it is, what was done, what can be done. */
import { html, nothing, render } from "../vendor/lit.js";
import { read } from "../parts/api.js";
import { context, may } from "../parts/context.js";
import { choose, duration, moment, number, share, shortMoment, text, untilDue, word } from "../parts/texts.js";
import { openActionForm } from "./action_form.js";

const CASE_PICTURES_SHOWN_FIRST = ["far", "near", "reference", "before", "after"];

/* What most cases go on by, first on the page and for the Enter key. */
const USUAL = [
  "register", "dispatch", "assign", "submit_result", "confirm", "accept_camera_check",
  "request_post_check", "check_passed", "close",
];

export class CaseView {
  #element = document.createElement("section");
  #queue;
  #caseId = "";
  #reading = null;
  #known = null;
  #picture = 0;

  /** @param {import("./case_queue.js").CaseQueue} queue */
  constructor(queue) {
    this.#queue = queue;
    this.#element.className = "case panel";
    this.#element.setAttribute("aria-label", text("desk.facts"));
    this.#draw();
  }

  get element() {
    return this.#element;
  }

  /** The actions that are allowed now, the usual ones first. */
  get allowed() {
    const allowed = this.#known?.possible.actions.filter((one) => one.allowed) ?? [];
    const rank = ({ action }) => USUAL.indexOf(action) + 1 || USUAL.length + 1;
    return allowed.sort((one, other) => rank(one) - rank(other));
  }

  /** Show a case; the one that was asked last wins. */
  async show(caseId) {
    if (caseId !== this.#caseId) {
      this.#caseId = caseId;
      this.#known = null;
      this.#picture = 0;
      this.#draw();
    }
    if (!caseId) return;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      this.#known = await readCase(caseId, reading.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#known = { refusal: error.message, possible: { actions: [] } };
    }
    if (this.#reading === reading) this.#draw();
  }

  /** Read again what is shown if it is among the cases that changed. */
  refresh(changed) {
    if (changed.has(this.#caseId)) this.show(this.#caseId);
  }

  nextPicture() {
    if (!this.#known?.pictures?.length) return;
    this.#picture = (this.#picture + 1) % this.#known.pictures.length;
    this.#draw();
  }

  /** Open the form of an action; with reason given, of one of the list. */
  act(action, given = {}) {
    const known = this.#known;
    openActionForm({ action, of: known.case, given, done: () => this.show(this.#caseId) });
  }

  #draw() {
    render(this.#template(), this.#element);
  }

  #template() {
    if (!this.#caseId) return html`<p class="empty">${text("desk.choose")}</p>`;
    const known = this.#known;
    if (known === null) return html`<p class="empty">${text("desk.loading")}</p>`;
    if (known.refusal) return html`<p class="empty" role="alert">${known.refusal}</p>`;
    return html`
      ${this.#head(known)}
      <div class="case-body">
        ${this.#pictures(known)}
        <div class="case-side">
          ${this.#actions(known)}
          <h3 class="case-heading">${text("desk.facts")}</h3>
          ${facts(known)}
          <h3 class="case-heading">${text("desk.flow")}</h3>
          ${flow(known)}
        </div>
      </div>`;
  }

  #head({ case: one }) {
    const light = this.#queue.lightOf(this.#queue.cases.get(one.case_id) ?? { due_at: null });
    return html`<header class="case-head">
      <h2 class="case-title">${choose(one.issue_name_zh, one.issue_name_en)}</h2>
      <span class="chip">${word("case.state", one.state)}</span>
      <span class="chip severity" data-severity=${one.severity}>${text(`severity.${one.severity}`)}</span>
      ${one.due_at
        ? html`<span class="light" data-light=${one.light ?? light}>${word("case.stage", one.stage)}
            · ${untilDue(one.due_at, this.#queue.now())}</span>`
        : nothing}
      <span class="case-number">${one.number}</span>
      <a class="case-link" href="/desk/${one.case_id}">${text("desk.link")}</a>
    </header>`;
  }

  #pictures({ pictures }) {
    if (!pictures.length) return html`<div class="case-pictures"><p class="empty">${text("desk.no_picture")}</p></div>`;
    const chosen = pictures[Math.min(this.#picture, pictures.length - 1)];
    const title = (picture) => `${word("case.picture", picture.kind)} · ${shortMoment(picture.added_at)}`;
    return html`<div class="case-pictures">
      <figure class="case-large">
        <a href="/v1/evidence/${chosen.sha256}" target="_blank" title=${text("desk.open_full")}>
          <img src="/v1/evidence/${chosen.sha256}" alt=${title(chosen)}></a>
        <figcaption>${title(chosen)} · ${chosen.added_by}</figcaption>
      </figure>
      <ul class="case-strip" aria-label=${text("desk.pictures")}>
        ${pictures.map((picture, at) => html`<li><button class="case-small" title=${title(picture)}
          aria-pressed=${picture === chosen}
          @click=${() => { this.#picture = at; this.#draw(); }}>
          <img loading="lazy" src="/v1/evidence/${picture.sha256}" alt=${title(picture)}></button></li>`)}
      </ul>
    </div>`;
  }

  #actions({ possible }) {
    const refused = possible.actions.filter((one) => !one.allowed);
    return html`<section class="case-actions" aria-label=${text("desk.actions")}>
      ${this.allowed.map((action, at) => html`<button class="button ${at === 0 ? "main" : ""}"
        data-action=${action.action} @click=${() => this.act(action)}>
        ${choose(action.name_zh, action.name_en)}</button>`)}
      ${this.allowed.length ? nothing : html`<p class="case-none">${text("desk.no_action")}</p>`}
      ${refused.length
        ? html`<details class="case-refused"><summary>${text("desk.not_allowed")}</summary>
            <ul>${refused.map((one) => html`<li><b>${choose(one.name_zh, one.name_en)}</b>
              ${choose(one.why_not_zh, one.why_not)}</li>`)}</ul></details>`
        : nothing}
    </section>`;
  }
}

const readCase = async (caseId, signal) => {
  const [one, history, possible] = await Promise.all([
    read(`/v1/cases/${caseId}`, {}, signal),
    read(`/v1/cases/${caseId}/flow`, {}, signal),
    read(`/v1/cases/${caseId}/actions`, {}, signal),
  ]);
  const order = (picture) => CASE_PICTURES_SHOWN_FIRST.indexOf(picture.kind);
  const pictures = [...history.pictures].sort((a, b) => order(a) - order(b));
  const newest = history.event_ids.at(-1);
  const event = newest && may("read_events")
    ? await read(`/v1/events/${newest}`, {}, signal).catch(() => null)
    : null;
  return { case: one, history, possible, pictures, event };
};

const facts = ({ case: one, event }) => {
  const seen = event?.properties;
  const rows = [
    ["cases.source", word("case.source", one.source)],
    ["desk.reported", `${moment(one.reported_at)} · ${one.reported_by}`],
    ["cases.department", context.names.units[one.department_id] ?? one.department_id],
    ["cases.handler", one.handler],
    ["cases.description", one.description],
    ["cases.waits", choose(one.waits_because_zh, one.waits_because)],
    ["cases.unresolved", one.unresolved && word("case.unresolved", one.unresolved)],
    ["cases.request", one.request && word("case.request", one.request)],
    ["cases.supervised", one.supervised_by],
    ["cases.camera_check", choose(one.camera_check_zh, one.camera_check)],
    ["desk.camera", seen?.camera_name],
    ["desk.score", seen && share(seen.score)],
    ["desk.looks", seen && number(seen.observed_count)],
    ["desk.since", seen && duration((Date.parse(seen.last_seen) - Date.parse(seen.first_seen)) / 1000)],
    ["cases.grid", one.unit_grid],
    ["cases.place", `${one.lon.toFixed(6)}, ${one.lat.toFixed(6)}`],
    ["cases.rework", one.rework_count || null],
  ];
  return html`<dl class="case-facts">${rows
    .filter(([, value]) => value)
    .map(([key, value]) => html`<dt>${text(key)}</dt><dd>${value}</dd>`)}</dl>`;
};

const flow = ({ history }) => html`<ol class="case-flow">${[...history.flow].reverse().map(
  (step) => html`<li><span class="case-flow-time">${shortMoment(step.at)}</span>
    <span><b>${context.names.actions[step.action] ?? word("case.action", step.action)}</b>
    ${step.to_state === step.from_state ? "" : `→ ${word("case.state", step.to_state)}`}
    <span class="case-flow-actor">${step.actor}</span>
    ${step.reason ? html`<span class="case-flow-reason">${step.reason}</span>` : nothing}</span></li>`,
)}</ol>`;
