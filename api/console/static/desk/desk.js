/* The desk: the queue on the left, one case on the right, everything by keyboard. */
import { html, nothing, render } from "../vendor/lit.js";
import { context } from "../parts/context.js";
import { drawFrame, showLive } from "../parts/frame.js";
import { Keys } from "../parts/keys.js";
import { choose, number, shortMoment, text, untilDue, word } from "../parts/texts.js";
import { VirtualRows } from "../parts/virtual_rows.js";
import { VERDICT_REASONS } from "./action_form.js";
import { CaseQueue } from "./case_queue.js";
import { CaseView } from "./case_view.js";
import { QueueFilter } from "./queue_filter.js";

const ROW_HEIGHT = 76;
const LIGHTS = ["red", "yellow", "green", "none"];
const LIGHT_ORDER = { red: 0, yellow: 1, green: 2, none: 3 };
const SEVERITIES = ["critical", "high", "medium", "low"];
/* In the order of a case's life. */
const STATES = [
  "reported", "returned", "pre_verifying", "pending_dispatch", "pending_handle", "handling", "suspended",
  "handle_finished", "pending_check", "checking", "pending_close",
];

const queue = new CaseQueue();
const filter = new QueueFilter();
const view = new CaseView(queue);
const main = drawFrame("desk");
let chosen = context.parameter;
let shown = [];

const caseRow = (one) => html`<button class="row" role="option" aria-selected=${one.case_id === chosen}
    tabindex="-1" data-case=${one.case_id} data-severity=${one.severity} @click=${() => open(one.case_id)}>
  <span class="row-picture">${one.has_picture
    ? html`<img loading="lazy" alt="" src="/v1/cases/${one.case_id}/thumbnail"
        @error=${(failed) => { failed.target.hidden = true; }}>`
    : nothing}</span>
  <span class="row-title">${context.names.issueTypes[one.issue_code] ?? one.issue_code}</span>
  <span class="light" data-light=${queue.lightOf(one)}>${one.due_at ? untilDue(one.due_at, queue.now()) : ""}</span>
  <span class="row-more">${one.number} · ${word("case.source", one.source)}
    ${one.department_id ? `· ${context.names.units[one.department_id] ?? one.department_id}` : nothing}</span>
  <span class="row-end"><span class="chip">${word("case.state", one.state)}</span></span>
  <span class="row-more">${shortMoment(one.reported_at)}</span>
  ${one.urged_count || one.is_supervised || one.request
    ? html`<span class="row-end row-flags">${one.request ? word("case.request", one.request) : ""}
        ${one.is_supervised ? text("desk.supervised") : ""}
        ${one.urged_count ? text("desk.urged", { n: number(one.urged_count) }) : ""}</span>`
    : nothing}
</button>`;

const rows = new VirtualRows({
  height: ROW_HEIGHT, draw: caseRow, key: (one) => one.case_id, label: text("desk.queue"),
});

const option = (value, words, current) => html`<option value=${value} ?selected=${value === current}>${words}</option>`;

const change = (name) => (changed) => {
  filter[name] = changed.target.value;
  narrow();
};

const narrow = () => {
  window.history.replaceState(null, "", window.location.pathname + filter.query);
  refresh();
};

const departments = () => {
  const found = new Set([...queue.cases.values()].map((one) => one.department_id).filter(Boolean));
  const named = [...found].map((unit) => [unit, context.names.units[unit] ?? unit]);
  return named.sort(([, a], [, b]) => a.localeCompare(b, context.language));
};

const controls = (counts, total) => html`
  <div class="queue-head">
    <label class="unseen" for="search">${text("desk.search")}</label>
    <input class="field" type="search" id="search" placeholder=${text("desk.search")} .value=${filter.text}
      @input=${change("text")}>
    <div class="queue-selects">
      <select class="field" aria-label=${text("cases.clock")} @change=${change("light")}>
        ${option("", text("cases.clock"), filter.light)}
        ${LIGHTS.map((light) => option(light, text(`desk.light.${light}`), filter.light))}</select>
      <select class="field" aria-label=${text("desk.severity")} @change=${change("severity")}>
        ${option("", text("desk.severity"), filter.severity)}
        ${SEVERITIES.map((one) => option(one, text(`severity.${one}`), filter.severity))}</select>
      <select class="field" aria-label=${text("cases.department")} @change=${change("department")}>
        ${option("", text("cases.department"), filter.department)}
        ${departments().map(([unit, name]) => option(unit, name, filter.department))}</select>
    </div>
    <div class="queue-states" role="group" aria-label=${text("cases.state")}>
      ${stateButton("", text("desk.all"), total)}
      ${STATES.filter((state) => counts[state]).map((state) => stateButton(state, word("case.state", state), counts[state]))}
    </div>
    <div class="queue-count" role="status">${text("desk.count", { shown: number(shown.length), all: number(total) })}
      ${filter.isSet ? html`<button class="button quiet" @click=${() => { filter.clear(); narrow(); }}>${text("desk.clear")}</button>` : nothing}</div>
  </div>`;

const stateButton = (state, name, count) => html`<button class="state" aria-pressed=${filter.state === state}
  data-state=${state} @click=${() => { filter.state = state; narrow(); }}>${name} <b>${number(count)}</b></button>`;

const order = (one, other) =>
  LIGHT_ORDER[queue.lightOf(one)] - LIGHT_ORDER[queue.lightOf(other)] ||
  SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
  Date.parse(one.due_at ?? one.reported_at) - Date.parse(other.due_at ?? other.reported_at) ||
  one.number.localeCompare(other.number);

/* Rows keep their order while somebody is among them: new ones come in where they belong. */
const refresh = () => {
  const counts = {};
  let total = 0;
  const passed = [];
  for (const one of queue.cases.values()) {
    if (!filter.passesWithoutState(one, queue.lightOf(one))) continue;
    counts[one.state] = (counts[one.state] ?? 0) + 1;
    total += 1;
    if (!filter.state || one.state === filter.state) passed.push(one);
  }
  shown = passed.sort(order);
  render(controls(counts, total), head);
  rows.show(shown);
  empty.hidden = shown.length > 0;
  empty.textContent = text(queue.isRead ? "desk.none" : "desk.loading");
};

const open = (caseId) => {
  chosen = caseId;
  window.history.replaceState(null, "", `/desk/${caseId}${filter.query}`);
  const at = shown.findIndex((one) => one.case_id === caseId);
  if (at >= 0) rows.reveal(at);
  else rows.draw();
  main.dataset.chosen = "true";
  view.show(caseId);
};

const step = (by) => {
  if (!shown.length) return;
  const at = shown.findIndex((one) => one.case_id === chosen);
  open(shown[Math.min(shown.length - 1, Math.max(0, at + by))].case_id);
};

const back = () => {
  chosen = "";
  delete main.dataset.chosen;
  window.history.replaceState(null, "", `/desk${filter.query}`);
  view.show("");
  rows.draw();
};

const reject = (reason) => {
  const action = view.allowed.find((one) => one.action === "reject");
  if (action) view.act(action, { verdict_reason: reason });
};

const head = document.createElement("div");
const empty = document.createElement("p");
empty.className = "empty";
const list = document.createElement("section");
list.className = "queue panel";
list.setAttribute("aria-label", text("desk.queue"));
list.append(head, rows.element, empty);
const backButton = document.createElement("button");
backButton.className = "button desk-back";
backButton.textContent = `‹ ${text("desk.queue")}`;
backButton.addEventListener("click", back);
const right = document.createElement("div");
right.className = "desk-case";
right.append(backButton, view.element);
main.append(list, right);

const keys = new Keys();
for (const key of ["j", "ArrowDown"]) keys.add(key, text("desk.key_next"), () => step(1));
for (const key of ["k", "ArrowUp"]) keys.add(key, text("desk.key_previous"), () => step(-1));
keys.add("Enter", text("desk.key_first"), () => view.allowed.length && view.act(view.allowed[0]));
VERDICT_REASONS.forEach((reason, at) => keys.add(String(at + 1), text("desk.key_reject"), () => reject(reason)));
keys.add("p", text("desk.key_picture"), () => view.nextPicture());
keys.add("/", text("desk.key_search"), () => document.getElementById("search").focus());

queue.addEventListener("changed", (said) => {
  refresh();
  view.refresh(said.detail);
});
queue.addEventListener("live", (said) => showLive(said.detail));
refresh();
if (chosen) open(chosen);
queue.start().then(() => showLive(true), (error) => { empty.textContent = error.message; showLive(false); });
/* Clocks go on while nothing changes. */
setInterval(() => rows.draw(), 10_000);
