/* What every part of the page shares: the clock, elapsed times, the connection, the language.
   `window.cityPatrol` was set by the page with its language, time zone and texts. */
"use strict";

(() => {
  const page = window.cityPatrol;
  const SECOND = 1000;
  const YEAR_SECONDS = 365 * 24 * 3600;

  page.text = (key, n) => (page.texts[key] ?? "").replace("{n}", n ?? "");

  /* A length of time in its largest fitting unit. */
  page.duration = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole < 60) return page.text("seconds", whole);
    if (whole < 3600) return page.text("minutes", Math.floor(whole / 60));
    if (whole < 48 * 3600) return page.text("hours", Math.floor(whole / 3600));
    return page.text("days", Math.floor(whole / 86400));
  };

  const setText = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  page.showElapsed = (element) => {
    const since = Date.parse(element.dataset.since);
    if (Number.isNaN(since)) return;
    const until = Date.parse(element.dataset.until);
    const ended = !Number.isNaN(until);
    const length = page.duration(((ended ? until : Date.now()) - since) / SECOND);
    setText(element, page.text(ended ? "stood" : "stands", length));
  };

  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: page.timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const date = new Intl.DateTimeFormat(page.language, {
    timeZone: page.timeZone, year: "numeric", month: "long", day: "numeric", weekday: "long",
  });

  const tick = () => {
    const now = new Date();
    document.querySelectorAll("[data-clock=time]").forEach((e) => setText(e, time.format(now)));
    document.querySelectorAll("[data-clock=date]").forEach((e) => setText(e, date.format(now)));
    document.querySelectorAll(".elapsed").forEach(page.showElapsed);
    const connected = window.socket?.connected === true;
    document.querySelectorAll("[data-connection]").forEach((element) => {
      element.dataset.connection = connected ? "live" : "lost";
      setText(element, page.text(connected ? "live" : "lost"));
    });
  };

  /* A socket that is refused says nothing of why; asked plainly, the API does. */
  let lostChecks = 0;
  const leaveWhenSignedOut = async () => {
    if (window.socket?.connected !== false || (lostChecks += 1) % 3 !== 0) return;
    const answer = await fetch("/v1/me", { cache: "no-store" }).catch(() => null);
    if (answer?.status !== 401) return;
    const here = window.location.pathname + window.location.search;
    window.location.assign(`/login?next=${encodeURIComponent(here)}`);
  };

  /* A picture whose retention period is over says so in its place; errors of images do not rise. */
  const sayWhyMissing = async (failed) => {
    const image = failed.target;
    if (!(image instanceof HTMLImageElement) || image.classList.contains("picture-deleted")) return;
    const address = image.getAttribute("src") ?? "";
    if (!address.startsWith("/v1/evidence/")) return;
    const answer = await fetch(address, { method: "HEAD" }).catch(() => null);
    if (answer?.status !== 410 || image.getAttribute("src") !== address) return;
    image.alt = page.text("picture_deleted");
    image.classList.add("picture-deleted");
  };
  document.addEventListener("error", sayWhyMissing, true);
  document.addEventListener("load", (loaded) => {
    if (loaded.target instanceof HTMLImageElement) loaded.target.classList.remove("picture-deleted");
  }, true);

  document.documentElement.lang = page.language;
  document.addEventListener("click", (click) => {
    const button = click.target.closest("[data-language]");
    if (button === null) return;
    document.cookie =
      `${page.languageCookie}=${button.dataset.language}; path=/; max-age=${YEAR_SECONDS}; SameSite=Lax`;
    window.location.reload();
  });
  /* Elapsed times are filled in as soon as their cards appear, not at the next tick. */
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) {
          if (node.nodeType === Node.ELEMENT_NODE) {
            node.querySelectorAll(".elapsed").forEach(page.showElapsed);
          }
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
    tick();
    setInterval(tick, SECOND);
    setInterval(leaveWhenSignedOut, SECOND);
  });
})();
