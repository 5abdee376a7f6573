// What a channel makes of more than text, told before it is sent: the same rules as the server's adapters/channels/neutral.py.
const MOST = 10;

export const mostChoices = () => MOST;

// "buttons" side by side, a "list" behind one button, or "words": numbered lines.
export function formOf(limits, choices) {
  const titles = choices.options.map((option) => option.title);
  const inButtons = titles.length <= (limits.buttons || 0) && titles.every((title) => title.length <= limits.button_length);
  const inList = titles.length <= (limits.list_rows || 0) && titles.every((title) => title.length <= limits.row_length);
  if (inButtons && !choices.opener) return "buttons";
  if (inList) return "list";
  return inButtons ? "buttons" : "words";
}

// How long a title may be before the form changes, for the counter beside it.
export const titleLimit = (limits, count) => (count <= (limits.buttons || 0) ? limits.button_length : count <= (limits.list_rows || 0) ? limits.row_length : 80);

export const linkFits = (limits, link) => !!limits.has_links && (link.title || "").length <= limits.button_length;
export const placeFits = (limits, text) => !!limits.has_location && !text;

const joined = (text, words) => (text ? `${text}\n\n${words}` : words);

// The message an answer with an extra becomes: its kind, its words, and what stands around them.
export function fitted(limits, text, extra, opener) {
  if (extra?.choices) {
    const form = formOf(limits, extra.choices);
    if (form === "words") return { kind: "text", text: joined(text, extra.choices.options.map((option, i) => `${i + 1}. ${option.title}`).join("\n")), data: { fallback: true } };
    return { kind: "interactive", text, data: { choices: { options: extra.choices.options, opener: form === "list" ? extra.choices.opener || opener : "" } } };
  }
  if (extra?.link) {
    if (linkFits(limits, extra.link)) return { kind: "interactive", text, data: { link: extra.link } };
    return { kind: "text", text: joined(text, extra.link.title ? `${extra.link.title}: ${extra.link.url}` : extra.link.url), data: { fallback: true } };
  }
  if (extra?.location) {
    if (placeFits(limits, text)) return { kind: "location", text: "", location: extra.location, data: {} };
    const { name, latitude, longitude } = extra.location, map = `https://maps.google.com/?q=${latitude.toFixed(6)},${longitude.toFixed(6)}`;
    return { kind: "text", text: joined(text, name ? `${name}\n${map}` : map), data: { fallback: true } };
  }
  return { kind: "text", text, data: {} };
}

// Coordinates written by hand, or inside an address copied from Google Maps. A short link says nothing of where it leads.
const NUMBER = "(-?\\d{1,3}(?:\\.\\d+)?)";
const PLACES = [new RegExp(`!3d${NUMBER}!4d${NUMBER}`), new RegExp(`[?&](?:q|query|ll|center|destination)=(?:loc:)?${NUMBER}(?:,|%2C)\\s*${NUMBER}`, "i"), new RegExp(`@${NUMBER},${NUMBER}`), new RegExp(`^\\s*${NUMBER}\\s*[,;\\s]\\s*${NUMBER}\\s*$`)];
export const isShortMap = (written) => /^https?:\/\/(maps\.app\.goo\.gl|goo\.gl\/maps)\//i.test(written.trim());
export function placeOf(written) {
  for (const form of PLACES) {
    const found = form.exec(written);
    const [latitude, longitude] = found ? [Number(found[1]), Number(found[2])] : [NaN, NaN];
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude, name: placeName(written) };
  }
  return null;
}
function placeName(written) {
  const found = /\/maps\/place\/([^/@?]+)/.exec(written);
  try { return found ? decodeURIComponent(found[1].replace(/\+/g, " ")) : ""; } catch { return ""; }
}

// --- templates ---------------------------------------------------------------------------------------------------
const PLACE = /(\{\{\s*[^{}]*?\s*\}\})/;
// Cut into words and variables: [{ text } | { key, value }].
export const pieces = (text, part, values) => String(text || "").split(PLACE).filter(Boolean).map((piece) => {
  const name = /^\{\{\s*(.*?)\s*\}\}$/.exec(piece)?.[1];
  return name === undefined ? { text: piece } : { key: `${part}.${name}`, value: (values[`${part}.${name}`] || "").trim(), name };
});
const words = (text, part, values) => pieces(text, part, values).map((piece) => piece.text ?? (piece.value || `{{${piece.name}}}`)).join("");
export const said = (template, values) => [template.header_kind === "text" ? words(template.header, "header", values) : "", words(template.body, "body", values), template.footer].filter(Boolean).join("\n\n");
export const MEDIA = new Set(["image", "video", "document"]);
export const missing = (template, values) => template.slots.filter((slot) => !(values[slot.key] ?? slot.value ?? "").trim()).map((slot) => slot.key);
export const isWeb = (address) => { try { return ["https:", "http:"].includes(new URL(address).protocol); } catch { return false; } };
