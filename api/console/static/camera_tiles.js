/* Keeps the picture of each camera tile fresh, for weeks: one request per tile at a time, the
   old picture stays until the new one is decoded, every object URL is given back. */
"use strict";

(() => {
  const page = window.cityPatrol;
  const REFRESH_MS = 800;
  const LONGEST_PAUSE_MS = 10000;
  const TIMEOUT_MS = 8000;
  const STALE_SECONDS = 5;
  // Of a fresh picture, by what is wrong with the camera; without a fault it is live.
  const STATES = { standing: "faulty", suspected: "suspected" };
  const following = new WeakSet();

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  const show = async (tile, answer) => {
    const address = URL.createObjectURL(await answer.blob());
    const picture = tile.querySelector("img");
    const old = tile.objectUrl;
    const next = new Image();
    next.src = address;
    try {
      await next.decode();
    } catch (error) {
      URL.revokeObjectURL(address);
      throw error;
    }
    if (!tile.isConnected) {
      URL.revokeObjectURL(address);
      return;
    }
    picture.src = address;
    tile.objectUrl = address;
    if (old) URL.revokeObjectURL(old);
  };

  const refresh = async (tile) => {
    const answer = await fetch(
      `/v1/cameras/${encodeURIComponent(tile.dataset.camera)}/preview`,
      { cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) },
    );
    if (answer.status === 404) tile.capturedAt = undefined;
    if (!answer.ok) throw new Error(`preview: ${answer.status}`);
    const tag = answer.headers.get("ETag");
    tile.capturedAt = Date.parse(answer.headers.get("Last-Modified"));
    if (tag !== null && tag === tile.shownTag) {
      await answer.body?.cancel();
      return;
    }
    await show(tile, answer);
    tile.shownTag = tag;
  };

  const mark = (tile) => {
    const state = tile.querySelector(".tile-state");
    if (!(tile.capturedAt > 0)) {
      tile.dataset.state = "none";
      state.textContent = page.text("no_picture");
      return;
    }
    const age = (Date.now() - tile.capturedAt) / 1000;
    const stale = age > STALE_SECONDS;
    const fresh = STATES[tile.dataset.fault] ?? "live";
    tile.dataset.state = stale ? "stale" : fresh;
    state.textContent = stale ? page.text("age", page.duration(age)) : page.text(fresh);
  };

  const follow = async (tile) => {
    let wait = REFRESH_MS;
    while (tile.isConnected) {
      const started = performance.now();
      try {
        if (tile.dataset.pictured === "true") await refresh(tile);
        wait = REFRESH_MS;
      } catch {
        wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      }
      mark(tile);
      await pause(Math.max(50, wait - (performance.now() - started)));
    }
    if (tile.objectUrl) URL.revokeObjectURL(tile.objectUrl);
  };

  const adopt = () => {
    document.querySelectorAll(".tile[data-camera]").forEach((tile) => {
      if (following.has(tile)) return;
      following.add(tile);
      void follow(tile);
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(adopt).observe(document.body, { childList: true, subtree: true });
    adopt();
  });
})();
