/* What of the queue is shown: kept in the address, so that a view can be sent to somebody. */
import { context } from "../parts/context.js";

const NAMES = ["state", "light", "severity", "text", "department", "type", "source"];

export class QueueFilter {
  constructor(query = window.location.search) {
    const given = new URLSearchParams(query);
    for (const name of NAMES) this[name] = given.get(name) ?? "";
  }

  /** Whether anything is left out. */
  get isSet() {
    return NAMES.some((name) => this[name] !== "");
  }

  clear() {
    for (const name of NAMES) this[name] = "";
  }

  /** The filter as a query; empty if nothing is left out. */
  get query() {
    const said = new URLSearchParams();
    for (const name of NAMES) if (this[name]) said.set(name, this[name]);
    return said.size ? `?${said}` : "";
  }

  /** Whether a row is shown, its state aside: states are counted among what the rest lets pass. */
  passesWithoutState(one, light) {
    return (
      (!this.light || light === this.light) &&
      (!this.severity || one.severity === this.severity) &&
      (!this.department || one.department_id === this.department) &&
      (!this.type || one.issue_code === this.type) &&
      (!this.source || one.source === this.source) &&
      (!this.text || searched(one).includes(this.text.toLowerCase()))
    );
  }
}

const searched = (one) => {
  const { issueTypes, units } = context.names;
  return [
    one.number, one.issue_code, issueTypes[one.issue_code], units[one.department_id], one.handler,
  ].join(" ").toLowerCase();
};
