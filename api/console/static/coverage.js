/* The coverage page: shows the types of the chosen status in which every searched word is found. */
"use strict";

(() => {
  let status = "";

  const show = () => {
    const search = document.querySelector(".coverage-search");
    const wanted = search === null ? [] : search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of document.querySelectorAll(".coverage-type")) {
      const fits =
        (status === "" || row.dataset.status === status) &&
        wanted.every((word) => row.dataset.words.includes(word));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    document.querySelector(".coverage-shown").textContent = String(shown);
    document.querySelector(".coverage-none").hidden = shown > 0;
  };

  document.addEventListener("input", (input) => {
    if (input.target.matches(".coverage-search")) show();
  });
  document.addEventListener("click", (click) => {
    const button = click.target.closest("[data-filter]");
    if (button === null) return;
    status = button.dataset.filter;
    for (const one of document.querySelectorAll("[data-filter]")) {
      one.setAttribute("aria-pressed", String(one === button));
    }
    show();
  });
})();
