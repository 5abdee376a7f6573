// Words, numbers and moments in the reader's language. One store for the page; switching needs no reload and no server.
import { useCallback, useSyncExternalStore } from "react";
import { CATALOGUE } from "./catalogue.js";

const LANGS = Object.keys(CATALOGUE);
const listeners = new Set();
let current = null;

function saved() {
  try {
    const lang = localStorage.getItem("lang");
    return LANGS.includes(lang) ? lang : "es";
  } catch {
    return "es";
  }
}

export function getLang() {
  if (typeof window === "undefined") return "es";
  return (current ??= saved());
}

export function setLang(lang) {
  if (!LANGS.includes(lang) || lang === getLang()) return;
  current = lang;
  try {
    localStorage.setItem("lang", lang);
  } catch { /* storage may be blocked: the choice lasts as long as the page */ }
  document.documentElement.lang = lang;
  listeners.forEach((listener) => listener());
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLang() {
  return useSyncExternalStore(subscribe, getLang, () => "es");
}

// t("inbox.tabs.pending"), t("channels.kept", { n: 214 }): a key with plural forms holds `one` and `many`.
export function translate(lang, key, params) {
  const words = CATALOGUE[lang] ?? CATALOGUE.es;
  let text = words[key];
  if (text === undefined && params && "n" in params) text = words[`${key}.${Number(params.n) === 1 ? "one" : "many"}`];
  if (text === undefined) return key;
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    const value = params[name];
    if (value === undefined || value === null) return place;
    return typeof value === "number" ? formatNumber(value, lang) : String(value);
  });
}

export function useT() {
  const lang = useLang();
  return useCallback((key, params) => translate(lang, key, params), [lang]);
}

export function hasWords(key) {
  return CATALOGUE.es[key] !== undefined;
}

// Everything below formats through Intl, never by hand (UI.md §5).
const cache = new Map();
function formatter(kind, lang, options) {
  const key = kind + lang + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl[kind](lang, options));
  return cache.get(key);
}

export function formatNumber(value, lang = getLang()) {
  return formatter("NumberFormat", lang, { useGrouping: "always" }).format(value);
}

export function formatTime(iso, lang = getLang()) {
  return formatter("DateTimeFormat", lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(iso));
}

export function formatExact(iso, lang = getLang()) {
  return formatter("DateTimeFormat", lang, { dateStyle: "full", timeStyle: "long" }).format(new Date(iso));
}

function daysBetween(a, b) {
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((midnight(b) - midnight(a)) / 86400000);
}

// Today the time, then «ayer», then the weekday, then the date, with the year when it is not this one.
export function formatMoment(iso, lang = getLang(), now = new Date()) {
  const then = new Date(iso);
  const days = daysBetween(then, now);
  if (days <= 0) return formatTime(iso, lang);
  if (days === 1) return translate(lang, "common.time.yesterday");
  if (days < 7) return formatter("DateTimeFormat", lang, { weekday: "short" }).format(then);
  return formatDate(iso, lang, now);
}

export function formatDate(iso, lang = getLang(), now = new Date()) {
  const then = new Date(iso);
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return formatter("DateTimeFormat", lang, { day: "numeric", month: "short", year }).format(then);
}

// «Hoy, martes 24»: the line between two days of a thread.
export function formatDay(iso, lang = getLang(), now = new Date()) {
  const then = new Date(iso);
  const days = daysBetween(then, now);
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  const part = (options) => formatter("DateTimeFormat", lang, options).format(then);
  const text = translate(lang, "common.time.weekday_date", { weekday: part({ weekday: "long" }), date: part({ day: "numeric", month: "long", year }) });
  if (days === 0) return translate(lang, "common.time.today_day", { day: text });
  if (days === 1) return translate(lang, "common.time.yesterday_day", { day: text });
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// «26 min», «3 h 10 min», «1 d 2 h»
export function formatDuration(seconds, lang = getLang()) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const say = (unit, n) => translate(lang, `common.duration.${unit}`, { n });
  if (days) return hours % 24 ? `${say("d", days)} ${say("h", hours % 24)}` : say("d", days);
  if (hours) return minutes % 60 ? `${say("h", hours)} ${say("min", minutes % 60)}` : say("h", hours);
  return say("min", minutes);
}

// «hace 12 s», «hace 9 min», «hace 5 h», then the date.
export function formatAgo(iso, lang = getLang(), now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(iso).getTime()) / 1000));
  if (seconds < 5) return translate(lang, "common.time.now");
  if (seconds < 60) return translate(lang, "common.time.ago", { span: translate(lang, "common.duration.s", { n: seconds }) });
  if (seconds < 86400) {
    const unit = seconds < 3600 ? ["min", Math.floor(seconds / 60)] : ["h", Math.floor(seconds / 3600)];
    return translate(lang, "common.time.ago", { span: translate(lang, `common.duration.${unit[0]}`, { n: unit[1] }) });
  }
  return formatMoment(iso, lang, new Date(now));
}

// Millionths of a dollar: a hundredth of a cent is still something when there are thousands of answers.
export function formatCost(micros, lang = getLang()) {
  const digits = !micros || micros >= 10000 ? 2 : micros >= 100 ? 4 : 6;
  return new Intl.NumberFormat(lang, { style: "currency", currency: "USD", minimumFractionDigits: 2, maximumFractionDigits: digits, useGrouping: "always" }).format(micros / 1e6);
}

// How long something took: 85 ms, 1,4 s.
export function formatMilliseconds(n, lang = getLang()) {
  const [unit, value] = n < 1000 ? ["millisecond", Math.round(n)] : ["second", n / 1000];
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
