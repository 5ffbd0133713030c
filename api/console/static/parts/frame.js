/* What stands around every page: the menu, the language, the look, who looks. */
import { html, render } from "../vendor/lit.js";
import { context } from "./context.js";
import { text, word } from "./texts.js";

const YEAR_SECONDS = 365 * 24 * 3600;

const keepAndReload = (cookie, value) => {
  document.cookie = `${cookie}=${value}; path=/; max-age=${YEAR_SECONDS}; SameSite=Lax`;
  window.location.reload();
};

const mark = html`<svg viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="7" fill="#0d2a3f"></rect>
  <path d="M5 16c3-6 7-8 11-8s8 2 11 8c-3 6-7 8-11 8s-8-2-11-8z" fill="none" stroke="#46d3c4"
    stroke-width="2.4"></path>
  <circle cx="16" cy="16" r="4" fill="#46d3c4"></circle>
</svg>`;

const languageSwitch = () => {
  const other = context.language === "zh" ? "en" : "zh";
  return html`<button class="button quiet" lang=${other === "zh" ? "zh-CN" : "en"}
    aria-label=${text("language.switch")}
    @click=${() => keepAndReload(context.languageCookie, other)}>${text(`language.${other}`)}</button>`;
};

const themeSwitch = () => {
  const isDark = context.theme
    ? context.theme === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
  return html`<button class="button quiet" aria-label=${text("theme.switch")}
    @click=${() => keepAndReload(context.themeCookie, isDark ? "light" : "dark")}>
    ${isDark ? "☀" : "☾"}</button>`;
};

const visitor = () => {
  const { name, isGuest, roles } = context.visitor;
  const shown = roles.map((role) => word("role", role)).join(text("frame.between"));
  return html`
    <div class="frame-visitor" title=${shown}>
      <div class="visitor-name">${isGuest ? text("frame.guest") : name}</div>
      <div class="frame-roles visitor-roles">${shown}</div>
    </div>
    ${isGuest
      ? html`<a class="button quiet" href="/login">${text("frame.sign_in")}</a>`
      : html`<form method="post" action="/logout">
          <button class="button quiet">${text("frame.sign_out")}</button>
        </form>`}`;
};

/**
 * Draw the frame; returns the element for the page itself.
 *
 * @param {string} screen Name of the page that is open.
 */
export const drawFrame = (screen) => {
  const main = document.createElement("main");
  main.className = `frame-main ${screen}`;
  main.id = "main";
  render(
    html`<a class="button skip" href="#main">${text("frame.skip")}</a>
      <div class="frame">
        <header class="frame-head">
          <div class="frame-brand">${mark}<span>CityPatrol</span>
            <span class="frame-district">${context.district}</span></div>
          <nav class="frame-menu" aria-label=${text("frame.menu")}>
            ${context.menu.map((one) => html`<a href=${one.path}
              aria-current=${one.name === screen ? "page" : "false"}>${text(`screen.${one.name}`)}</a>`)}
          </nav>
          <div class="frame-end">
            <span class="frame-live" id="live" role="status" hidden></span>
            ${languageSwitch()}${themeSwitch()}${visitor()}
          </div>
        </header>
        ${main}
      </div>
      <div class="notices" id="notices" role="status" aria-live="polite"></div>`,
    document.body,
  );
  return main;
};

/** Say in the head whether what is shown is of now. */
export const showLive = (isLive) => {
  const element = document.getElementById("live");
  element.hidden = false;
  element.dataset.live = isLive ? "live" : "stale";
  element.textContent = text(isLive ? "frame.live" : "frame.stale");
};
