// How a channel is, in words: the same sentence on the list, on the phone and on the channel's own page.
import { formatMoment, formatNumber, formatTime, hasWords } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export function tone(channel) {
  if (channel.state === "attention" || (channel.state === "connected" && isUnregistered(channel))) return "warn";
  return channel.state === "disabled" || !lastMoment(channel) ? "off" : "";
}

export function lastMoment(channel) {
  return [channel.last_event_at, channel.last_sent_at].filter(Boolean).sort().at(-1) ?? null;
}

// Nothing can come in yet: the provider does not know where to call.
export function isUnregistered(channel) {
  return (channel.webhook === "waiting" || channel.webhook === "failed") && !channel.last_event_at;
}

export function health(t, channel) {
  if (channel.state === "attention") return t("channels.health.attention");
  if (channel.state === "disabled") return t("channels.health.disabled");
  if (isUnregistered(channel)) return t("channels.health.unregistered");
  return t(lastMoment(channel) ? "channels.health.connected" : "channels.health.waiting");
}

export function detail(t, lang, channel) {
  const { provider } = channel;
  if (channel.state === "disabled") return t("channels.health.disabled_line");
  if (channel.last_error) return problem(t, channel);
  if (isUnregistered(channel)) return t(channel.webhook === "failed" ? "channels.health.failed_line" : "channels.health.unregistered_line", { provider });
  if (!lastMoment(channel)) return kindWords(t, channel.kind, "waiting_line");
  return accountWords(t, lang, channel.account) || t("channels.health.no_problems");
}

const QUALITY = { GREEN: "high", YELLOW: "medium", RED: "low", HIGH: "high", MEDIUM: "medium", LOW: "low" };
export function qualityWords(t, rating) {
  const level = QUALITY[String(rating ?? "").toUpperCase()];
  return level ? t(`channels.status.quality_${level}`) : "";
}

// TIER_250, TIER_1K, TIER_UNLIMITED, or a plain number.
export function limitWords(t, lang, limit) {
  const text = String(limit ?? "").replace(/^TIER_/i, "");
  if (/unlimited/i.test(text)) return t("channels.status.limit_none");
  const [, digits, thousands] = /^(\d+)(K?)$/i.exec(text) ?? [];
  return digits ? formatNumber(Number(digits) * (thousands ? 1000 : 1), lang) : "";
}

// «Calidad alta · 1.000 personas nuevas al día»
function accountWords(t, lang, account) {
  const quality = qualityWords(t, account?.quality_rating);
  const limit = limitWords(t, lang, account?.messaging_limit ?? account?.messaging_limit_tier);
  return [
    quality && t("channels.health.quality", { quality: quality.toLowerCase() }),
    limit && t(/\d/.test(limit) ? "channels.health.limit" : "channels.health.no_limit", { people: limit }),
  ].filter(Boolean).join(" · ");
}

// The provider's failure in our words; its own words are on the channel's page.
export function problem(t, channel) {
  return failureWords(t, channel.last_error.code, channel.provider);
}

export function failureWords(t, code, provider) {
  const notice = code.startsWith("notice_") ? `channels.notice.${code.slice(7)}` : `channels.problem.${code}`;
  const known = [notice, `errors.delivery.${code}`, `errors.check_${code}`].find(hasWords);
  return t(known ?? "channels.health.unknown_problem", { provider });
}

export function remedy(t, channel) {
  const own = `channels.problem.${channel.last_error?.code}_do`;
  return t(hasWords(own) ? own : "channels.problem.other_do", { provider: channel.provider });
}

// What the wizard says of a kind; one it does not know says nothing.
export function kindWords(t, kind, what) {
  const key = `wizard.${kind}.${what}`;
  return hasWords(key) ? t(key) : "";
}

export function kindName(t, kind) {
  return kindWords(t, kind, "called") || t(`common.channel.${kind}`);
}

// The number, the pages; a web chat without a list of them is welcome anywhere.
export function whereabouts(t, channel) {
  return channel.label || (channel.kind === "webchat" ? t("channels.webchat.anywhere") : kindName(t, channel.kind));
}

export function since(t, lang, iso) {
  if (!iso) return "";
  const today = new Date(iso).toDateString() === new Date().toDateString();
  return today ? t("channels.since.time", { time: formatTime(iso, lang) }) : t("channels.since.day", { day: formatMoment(iso, lang), time: formatTime(iso, lang) });
}

// A field's own words first («Pega el token…»), the general sentence else.
export function fieldError(t, kind, field, code, provider) {
  if (!code) return "";
  const own = [`channels.${kind}.${field}.${code}`, `errors.${code}`].find(hasWords);
  return t(own ?? (code.startsWith("format_") ? "errors.format_other" : "errors.invalid"), { provider });
}

export function fieldLabel(t, kind, field) {
  const known = [`channels.${kind}.${field}.label`, `channels.keys.${field}`].find(hasWords);
  return known ? t(known) : field;
}

export function fieldHint(t, kind, field) {
  const key = `channels.${kind}.${field.name}.hint`;
  if (hasWords(key)) return t(key);
  return field.generated ? t("channels.field.generated_hint") : "";
}
