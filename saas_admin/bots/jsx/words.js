// Words and amounts the pages of the bot share.
import { hasWords } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export const percent = (share, lang, digits = 0) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: digits }).format(share);

// How alike a FAQ was: a measure of the engine, no probability.
export const decimals = (score, lang) => new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Math.max(0, score));

// Millionths of a dollar: a hundredth of a cent is still something when there are thousands of answers.
export const money = (micros, lang) =>
  new Intl.NumberFormat(lang, { style: "currency", currency: "USD", maximumFractionDigits: micros && micros < 10000 ? 4 : 2, useGrouping: "always" }).format(micros / 1e6);

export const milliseconds = (n, lang) =>
  n < 1000 ? `${new Intl.NumberFormat(lang).format(Math.round(n))} ms` : `${new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(n / 1000)} s`;

export const reasonWords = (t, reason) => {
  const key = reason.startsWith("cannot_send") ? "bots.reason.cannot_send" : `bots.reason.${reason}`;
  return hasWords(key) ? t(key) : t("bots.reason.other", { reason });
};

export const silenceTone = (silence) => (!silence ? "" : silence === "hours" || silence === "no_faqs" || silence === "channel_down" ? "warn" : "off");
