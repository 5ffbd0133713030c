/* Words, numbers and times in the language of the page and the zone of whoever looks at it. */
import { context } from "./context.js";

const LOCALE = context.language === "zh" ? "zh-CN" : "en-GB";
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || context.timeZone;

/** The words for a key, with values in the places of {names}. A key that is missing shows itself. */
export const text = (key, values = {}) =>
  (context.texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/** The translation of a word of a group, or the word itself. */
export const word = (group, name) => context.texts[`${group}.${name}`] ?? name ?? "–";

/** The one in this language of two texts that data brings along. */
export const choose = (chinese, english) => (context.language === "zh" ? chinese : english);

const numbers = new Intl.NumberFormat(LOCALE);
const shares = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 0 });
const moments = new Intl.DateTimeFormat(LOCALE, {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", hour12: false,
});
const shortMoments = new Intl.DateTimeFormat(LOCALE, {
  timeZone: ZONE, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false,
});

export const number = (value) => (value === null || value === undefined ? "–" : numbers.format(value));
export const share = (value) => (value === null || value === undefined ? "–" : shares.format(value));
export const moment = (iso) => (iso ? moments.format(new Date(iso)) : "–");
export const shortMoment = (iso) => (iso ? shortMoments.format(new Date(iso)) : "–");

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** A length of time in its largest fitting unit: 5 min, 3 h, 4 d. */
export const duration = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return text("time.seconds", { n: whole });
  if (whole < HOUR) return text("time.minutes", { n: Math.floor(whole / MINUTE) });
  if (whole < 48 * HOUR) return text("time.hours", { n: Math.floor(whole / HOUR) });
  return text("time.days", { n: Math.floor(whole / DAY) });
};

/** How long until a moment, or for how long it is over. */
export const untilDue = (iso, now = Date.now()) => {
  const seconds = (Date.parse(iso) - now) / 1000;
  const key = seconds >= 0 ? "time.left" : "time.over";
  return text(key, { length: duration(Math.abs(seconds)) });
};
