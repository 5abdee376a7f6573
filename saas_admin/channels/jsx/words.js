// How a channel is, in words: the same sentence on the list, on the phone and on the channel's own page.
import { formatMoment, formatTime, hasWords } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export function tone(channel) {
  if (channel.state === "attention") return "warn";
  return channel.state === "disabled" || !lastMoment(channel) ? "off" : "";
}

export function lastMoment(channel) {
  return [channel.last_event_at, channel.last_sent_at].filter(Boolean).sort().at(-1) ?? null;
}

export function health(t, channel) {
  if (channel.state === "attention") return t("channels.health.attention");
  if (channel.state === "disabled") return t("channels.health.disabled");
  return t(lastMoment(channel) ? "channels.health.connected" : "channels.health.waiting");
}

export function detail(t, lang, channel) {
  if (channel.state === "disabled") return t("channels.health.disabled_line");
  if (channel.last_error) return problem(t, channel.last_error);
  if (!lastMoment(channel)) return t(`channels.${channel.kind}.waiting_line`);
  return t("channels.health.no_problems");
}

// The provider's failure in our words; its own words are on the channel's page.
export function problem(t, error) {
  const known = [`channels.problem.${error.code}`, `errors.delivery.${error.code}`].find(hasWords);
  return t(known ?? "channels.health.unknown_problem");
}

// The number, the pages; a web chat without a list of them is welcome anywhere.
export function whereabouts(t, channel) {
  return channel.label || t(channel.kind === "webchat" ? "channels.webchat.anywhere" : `common.channel.${channel.kind}`);
}

export function since(t, lang, iso) {
  const today = new Date(iso).toDateString() === new Date().toDateString();
  return today ? t("channels.since.time", { time: formatTime(iso, lang) }) : t("channels.since.day", { day: formatMoment(iso, lang), time: formatTime(iso, lang) });
}

// A field's own words first («Pega el token…»), the general sentence else.
export function fieldError(t, kind, field, code) {
  if (!code) return "";
  const own = `channels.${kind}.${field}.${code}`;
  return t(hasWords(own) ? own : `errors.${code}`);
}
