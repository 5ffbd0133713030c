/* The REST API, asked by the page itself: what is refused says why in the page's language. */
import { text } from "./texts.js";

/** An answer of the API that is a refusal (RFC 9457). */
export class Refusal extends Error {
  /** @param {{status: number, detail: string, errors?: object[]}} problem */
  constructor(problem) {
    super(problem.detail);
    this.status = problem.status;
    this.errors = problem.errors ?? [];
  }
}

const signInAgain = () => {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/login?next=${encodeURIComponent(here)}`);
};

const refusal = async (answer) => {
  const said = await answer.json().catch(() => null);
  return new Refusal({
    status: answer.status,
    detail: said?.detail ?? said?.title ?? text("api.unreadable", { status: answer.status }),
    errors: said?.errors,
  });
};

const ask = async (path, options) => {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal({ status: 0, detail: text("api.unreachable") });
  }
  if (answer.status === 401) signInAgain();
  if (!answer.ok) throw await refusal(answer);
  return answer;
};

/** Read a document; parameters that are empty are left out, lists are given once an entry. */
export const read = async (path, parameters = {}, signal = undefined) => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== "") query.append(name, one);
    }
  }
  const address = query.size ? `${path}?${query}` : path;
  return (await ask(address, { signal })).json();
};

/** Send a document; returns the answer's document, or null where there is none. */
export const send = async (method, path, document, headers = {}) => {
  const answer = await ask(path, {
    method,
    headers: document === undefined ? headers : { "Content-Type": "application/json", ...headers },
    body: document === undefined ? undefined : JSON.stringify(document),
  });
  return answer.status === 204 ? null : answer.json();
};

/** Keep a picture; returns what it is named by. */
export const keepPicture = async (file) => {
  const headers = { "Content-Type": "image/jpeg" };
  const answer = await ask("/v1/evidence", { method: "POST", headers, body: file });
  return (await answer.json()).sha256;
};
