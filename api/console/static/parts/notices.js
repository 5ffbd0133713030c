/* Short messages in a corner: something was done, or refused, and why. */
const SHOWN_MILLISECONDS = { done: 4000, refusal: 12_000 };

const show = (kind, said) => {
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.dataset.kind = kind;
  notice.textContent = said;
  notice.addEventListener("click", () => notice.remove());
  document.getElementById("notices").append(notice);
  setTimeout(() => notice.remove(), SHOWN_MILLISECONDS[kind]);
};

export const sayDone = (said) => show("done", said);
export const sayRefused = (error) => show("refusal", error.message);
