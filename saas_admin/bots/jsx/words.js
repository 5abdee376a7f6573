// Words and amounts the pages of the bot share.
import { hasWords } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export const percent = (share, lang, digits = 0) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: digits }).format(share);

// Millionths of a dollar: a hundredth of a cent is still something when there are thousands of answers.
export const money = (micros, lang) =>
  new Intl.NumberFormat(lang, { style: "currency", currency: "USD", maximumFractionDigits: micros && micros < 10000 ? 4 : 2, useGrouping: "always" }).format(micros / 1e6);

export const milliseconds = (n, lang) =>
  n < 1000 ? `${new Intl.NumberFormat(lang).format(Math.round(n))} ms` : `${new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(n / 1000)} s`;

// A code may say more behind a colon. What the guard and the provider report has its words beside the inbox's receipts.
export const reasonWords = (t, reason) => {
  const [code] = reason.split(":");
  const key = ["bots", "receipts"].map((area) => `${area}.reason.${code}`).find(hasWords);
  return key ? t(key) : t("bots.reason.other", { reason });
};

// What questions were compared by: `lexical`, the packaged models (`use3+e5s`), or a company's own (`openai:…`).
export const encoderWords = (t, encoders) => {
  if (!encoders) return "";
  const own = encoders.split("+").find((each) => each.includes(":"));
  if (own) return t("bots.receipt.encoder.model", { name: own.slice(own.indexOf(":") + 1) });
  return t(encoders === "lexical" ? "bots.receipt.encoder.words" : "bots.receipt.encoder.meaning");
};

export const silenceTone = (silence) => (!silence ? "" : silence === "hours" || silence === "no_faqs" || silence === "channel_down" ? "warn" : "off");
