/* The form of one action: a field for each thing that it needs or takes; sent with the version seen. */
import { html, nothing, render } from "../vendor/lit.js";
import { keepPicture, send } from "../parts/api.js";
import { context } from "../parts/context.js";
import { sayDone } from "../parts/notices.js";
import { choose, text, word } from "../parts/texts.js";

/* As GET /v1/cases/{id}/actions names them; 1 to 8 choose them by key. */
export const VERDICT_REASONS = [
  "nothing_there", "other_thing", "permitted", "not_a_violation",
  "wrong_place", "picture_unclear", "camera_fault", "test",
];
const LIMIT_UNITS = ["urgent_hour", "natural_day", "work_hour", "work_day"];
const PICTURE_KINDS = ["after", "before", "far", "near"];

const FIELDS = {
  reason: (needed) => html`<textarea class="field" name="reason" ?required=${needed} maxlength="2000"></textarea>`,
  verdict_reason: () => html`<fieldset class="reasons"><legend class="unseen">${text("case.field.verdict_reason")}</legend>
    ${VERDICT_REASONS.map((reason, at) => html`<label class="reason"><input type="radio" name="verdict_reason"
      value=${reason}><kbd>${at + 1}</kbd> ${word("verdict.reason", reason)}</label>`)}</fieldset>`,
  department_id: (needed) => html`<select class="field" name="department_id" ?required=${needed}>
    <option value=""></option>
    ${context.names.handlingUnits.map((unit) => html`<option value=${unit}>${context.names.units[unit]}</option>`)}</select>`,
  issue_code: () => html`<select class="field" name="issue_code"><option value=""></option>
    ${Object.entries(context.names.issueTypes).map(([code, name]) => html`<option value=${code}>${code} ${name}</option>`)}</select>`,
  until: (needed) => html`<input class="field" type="datetime-local" name="until" ?required=${needed}>`,
  limit: () => html`<span class="limit"><input class="field" type="number" name="limit_amount" min="0.1" step="any" max="3660">
    <select class="field" name="limit_unit">${LIMIT_UNITS.map((unit) => html`<option value=${unit}>${word("case.unit", unit)}</option>`)}</select></span>`,
  pictures: (needed) => html`<span class="limit"><select class="field" name="picture_kind">
      ${PICTURE_KINDS.map((kind) => html`<option value=${kind}>${word("case.picture", kind)}</option>`)}</select>
    <input class="field" type="file" accept="image/jpeg" name="picture" multiple ?required=${needed}></span>`,
};
const line = (name) => (needed) => html`<input class="field" name=${name} ?required=${needed} maxlength="200">`;

/**
 * Open a form; an action that needs nothing still asks, as nothing of a case can be taken back.
 *
 * @param {{action: object, of: object, given: object, done: () => void}} asked
 */
export const openActionForm = ({ action, of, given, done }) => {
  const dialog = document.createElement("dialog");
  dialog.className = "action-form";
  const name = choose(action.name_zh, action.name_en);
  dialog.setAttribute("aria-label", name);
  const draw = (refusal = "", isSending = false) => render(
    html`<h2 class="dialog-title">${name} <span class="case-number">${of.number}</span></h2>
      <form @submit=${submit}>
        ${[...action.needs, ...action.takes].map((field) => html`<label class="labelled">
          <span>${word("case.field", field)}${action.needs.includes(field) ? " *" : ""}</span>
          ${(FIELDS[field] ?? line(field))(action.needs.includes(field))}</label>`)}
        ${refusal ? html`<p class="refusal" role="alert">${refusal}</p>` : nothing}
        <div class="dialog-end">
          <button class="button" type="button" @click=${() => dialog.close()}>${text("desk.cancel")}</button>
          <button class="button main" ?disabled=${isSending}>${text("desk.send")}</button>
        </div>
      </form>`,
    dialog,
  );
  const submit = async (submitted) => {
    submitted.preventDefault();
    const said = new FormData(submitted.target);
    draw("", true);
    try {
      const headers = { "If-Match": `"${of.version}"` };
      await send("POST", `/v1/cases/${of.case_id}/actions/${action.action}`, await body(said), headers);
    } catch (error) {
      draw(error.message);
      return;
    }
    dialog.close();
    sayDone(text("desk.done", { number: of.number, action: name }));
    done();
  };
  dialog.addEventListener("keydown", (pressed) => chooseReason(dialog, pressed));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  for (const [field, value] of Object.entries(given)) {
    const input = dialog.querySelector(`[name="${field}"][value="${value}"]`);
    if (input) input.checked = true;
  }
  dialog.showModal();
  dialog.querySelector("textarea, input:not([type=radio]), select")?.focus();
};

const body = async (said) => {
  const document = {};
  for (const name of ["reason", "verdict_reason", "department_id", "issue_code", "handler", "collector", "target_case_id"]) {
    if (said.get(name)) document[name] = said.get(name);
  }
  if (said.get("until")) document.until = new Date(said.get("until")).toISOString();
  if (said.get("limit_amount")) {
    document.limit = { amount: Number(said.get("limit_amount")), unit: said.get("limit_unit") };
  }
  const files = said.getAll("picture").filter((file) => file.size > 0);
  if (files.length) {
    const kind = said.get("picture_kind");
    document.pictures = await Promise.all(files.map(async (file) => ({ sha256: await keepPicture(file), kind })));
  }
  return document;
};

const chooseReason = (dialog, pressed) => {
  if (pressed.target.matches("textarea, input:not([type=radio]), select")) return;
  const radio = dialog.querySelectorAll("[name=verdict_reason]")[Number(pressed.key) - 1];
  if (radio) radio.checked = true;
};
