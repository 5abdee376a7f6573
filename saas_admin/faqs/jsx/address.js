// What the list is narrowed to stands in its address, by the names that `FaqFilter.of_address` reads: it can be reloaded,
// shared and come back to. The router hears nothing of it, else every letter of a search would load the page again.
export const NOTHING = { query: "", category: "", status: "", language: "", channel: "", is_sensitive: false, has_few: false, is_doubled: false };
const NAMES = { query: "q", category: "category", status: "status", language: "language", channel: "channel", is_sensitive: "sensitive", has_few: "few", is_doubled: "alike" };
const LIST = "/bots/faqs";
let last = "";

// The list as it was seen last, for the way back from a FAQ.
export const listAddress = () => LIST + last;

export function readAddress() {
  last = window.location.search;
  const query = new URLSearchParams(last);
  return Object.fromEntries(Object.entries(NAMES).map(([name, short]) => [name, typeof NOTHING[name] === "boolean" ? query.get(short) === "1" : query.get(short) ?? ""]));
}

// `inPlace`: without a step back of its own.
export function writeAddress(chosen, inPlace) {
  const told = Object.keys(NAMES).filter((name) => chosen[name]);
  const query = new URLSearchParams(told.map((name) => [NAMES[name], chosen[name] === true ? "1" : chosen[name]])).toString();
  const wanted = query && `?${query}`;
  if (wanted === window.location.search) return;
  last = wanted;
  const known = window.history.state;
  const place = window.location.pathname + wanted;
  if (inPlace) window.history.replaceState(known, "", place);
  else window.history.pushState({ ...known, key: Math.random().toString(36).slice(2, 10), idx: (known?.idx ?? 0) + 1 }, "", place);
}
