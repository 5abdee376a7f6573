// Words, times and order: everything here is pure but for the clock and the minute tick.
import { createContext, useContext, useSyncExternalStore } from "react";
import { formatDay, formatDuration, formatExact, formatMoment, formatNumber, formatTime } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export { formatExact as exact, formatNumber as number, formatTime as hour };

export const Inbox = createContext(null);
export const useInbox = () => useContext(Inbox);

export const cx = (...names) => names.filter(Boolean).join(" ");

// --- words -----------------------------------------------------------------------------------------------------
// `t("row.waits", {…})` for `inbox.row.waits`; a key with `one` and `many` takes {n}.
export const scoped = (translate) => (key, params) => translate(`inbox.${key}`, params);

export function size(bytes, lang) {
  if (!bytes) return "";
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1000 ** step;
  const unit = ["byte", "kilobyte", "megabyte"][step];
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: value < 10 && step ? 1 : 0 }).format(value);
}

export const percent = (share, lang) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(share);

// E.164 in the groups people read; the copy button gives the bare number.
const GROUPS = { 1: [3, 3, 4], 33: [1, 2, 2, 2, 2], 34: [3, 2, 2, 2], 351: [3, 3, 3], 44: [4, 3, 3], 51: [3, 3, 3], 52: [2, 4, 4], 54: [1, 2, 4, 4], 56: [1, 4, 4], 57: [3, 3, 4], 593: [2, 3, 4] };
export function phone(raw) {
  if (!/^\+\d{8,15}$/.test(raw || "")) return raw;
  const code = [1, 2, 3].map((n) => raw.slice(1, 1 + n)).find((each) => GROUPS[each]) || raw.slice(1, 3);
  let rest = raw.slice(1 + code.length);
  const sizes = GROUPS[code]?.reduce((a, b) => a + b, 0) === rest.length ? GROUPS[code] : Array(Math.ceil(rest.length / 3)).fill(3);
  return [`+${code}`, ...sizes.map((n) => { const part = rest.slice(0, n); rest = rest.slice(n); return part; })].join(" ").trim();
}

export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const firstName = (name) => (name || "").split(/\s+/)[0];

// --- time ------------------------------------------------------------------------------------------------------
let skew = 0; // server minus browser, so that a wrong laptop clock does not make customers wait
export const syncClock = (serverNow) => { if (serverNow) skew = Date.parse(serverNow) - Date.now(); };
export const now = () => Date.now() + skew;

const listeners = new Set();
let minute = 0, timer = null;
function tick() { minute += 1; listeners.forEach((tell) => tell()); schedule(); }
function schedule() { timer = setTimeout(tick, 60_000 - (Date.now() % 60_000) + 20); }
export function useMinute() {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    if (!timer) schedule();
    return () => { listeners.delete(tell); if (!listeners.size) { clearTimeout(timer); timer = null; } };
  }, () => minute, () => 0);
}

export const duration = (ms, lang) => formatDuration(Math.max(0, ms) / 1000, lang);
export const shortMoment = (iso, lang) => (iso ? formatMoment(iso, lang, new Date(now())) : "");
export const dayName = (iso, lang) => formatDay(iso, lang, new Date(now()));
export const dayKey = (iso) => new Date(iso).toDateString();
// «lunes 30»
export const weekday = (iso, lang) => new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric" }).format(new Date(iso)).replace(",", "");
const shortDay = (iso, lang) => new Intl.DateTimeFormat(lang, { weekday: "short", day: "numeric" }).format(new Date(iso)).replace(",", "");
export const shortDueParams = (iso, lang) => dueParams(iso, lang, shortDay);
export const month = (iso, lang) => new Intl.DateTimeFormat(lang, { month: "long", year: "numeric" }).format(new Date(iso));

// A moment of today is its hour; another one has a day before it: «mañana», «lunes 30».
export function dueParams(iso, lang, weekdays = weekday) {
  const then = new Date(iso), today = new Date(now());
  const days = Math.round((new Date(then.toDateString()) - new Date(today.toDateString())) / 86_400_000);
  const day = Math.abs(days) === 1 ? new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(days, "day") : days ? weekdays(iso, lang) : "";
  return { day, time: formatTime(iso, lang) };
}

// «ayer a las 15:20», for sentences about a moment that has passed.
export function pastMoment(iso, lang, t) {
  const then = new Date(iso), today = new Date(now());
  const days = Math.round((new Date(today.toDateString()) - new Date(then.toDateString())) / 86_400_000);
  const params = { time: formatTime(iso, lang), date: new Intl.DateTimeFormat(lang, { day: "numeric", month: "long" }).format(then) };
  return t(days <= 0 ? "time.at_today" : days === 1 ? "time.at_yesterday" : "time.at_date", params);
}

// The customer's own hour, when it is not ours.
export function hourIn(zone, lang) {
  try {
    const there = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date(now()));
    return there === formatTime(now(), lang) ? null : there;
  } catch { return null; }
}

// The hour that stands in a moment of another zone (`…T17:40:00+01:00`), when it is not ours.
export function hourAsWritten(iso, lang) {
  const there = iso && formatTime(iso.slice(0, 19), lang);
  return there && there !== formatTime(iso, lang) ? there : null;
}

export const waitLevel = (since) => {
  const minutes = (now() - Date.parse(since)) / 60_000;
  return minutes < 5 ? "" : minutes < 20 ? "warn" : "bad";
};

// --- order and membership ----------------------------------------------------------------------------------------
export const EMPTY_FILTER = { bucket: "pending", owner: "all", tag_ids: [], channel_ids: [], voice: "", query: "" };
export const filterKey = (f) => JSON.stringify([f.bucket, f.owner, [...f.tag_ids].sort(), [...f.channel_ids].sort(), f.voice || "", f.query]);

// A search is answered by the server alone: its rows are refreshed by a push, never judged by it.
export function belongs(row, filter, me) {
  if (filter.query) return null;
  if (row.bucket !== filter.bucket) return false;
  if (filter.owner === "mine" && row.assignee_id !== me) return false;
  if (filter.owner === "unassigned" && row.assignee_id) return false;
  if (filter.voice === "bot" && !(row.has_bot && row.voice === "bot")) return false;
  if (filter.voice === "person" && !row.hand_over_due_at) return false;
  if (filter.channel_ids.length && !filter.channel_ids.includes(row.channel_id)) return false;
  return !filter.tag_ids.length || row.tags.some((tag) => filter.tag_ids.includes(tag.id));
}

export function inOrder(filter) {
  const waiting = filter.bucket === "pending" && !filter.query;
  const moment = (row) => (waiting ? row.waiting_since : row.last_message_at) || "";
  return (a, b) => {
    const first = waiting ? moment(a).localeCompare(moment(b)) : moment(b).localeCompare(moment(a));
    return first || (waiting ? a.id.localeCompare(b.id) : b.id.localeCompare(a.id));
  };
}

// Who sees a part of the conversations is told that part's numbers: one owner's, or nobody's.
export function withPart(matrix, part, owner) {
  const buckets = new Set([...Object.keys(matrix || {}), ...Object.keys(part)]);
  return Object.fromEntries([...buckets].map((bucket) => {
    const { [owner]: _, ...others } = matrix?.[bucket] || {};
    return [bucket, part[bucket]?.[owner] ? { ...others, [owner]: part[bucket][owner] } : others];
  }));
}

// The live delta carries {bucket: {owner | "none": n}}; the reader wants all, mine and nobody's.
export function totalsFor(matrix, me) {
  const sums = {};
  for (const bucket of ["pending", "in_progress", "closed"]) {
    const byOwner = matrix?.[bucket] || {};
    sums[bucket] = { all: Object.values(byOwner).reduce((a, b) => a + b, 0), mine: byOwner[me] || 0, unassigned: byOwner.none || 0 };
  }
  return sums;
}

export const uuid = () => crypto.randomUUID?.() ?? ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
export const isTyping = (target) => !!target?.closest?.("input, textarea, select, [contenteditable=true]");
export const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { if (value == null) localStorage.removeItem(key); else localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode or full: the draft lives in the page */ } },
};
