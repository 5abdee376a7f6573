// Words and amounts the pages of the bot share.
import { hasWords } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export { formatCost as money, formatMilliseconds as milliseconds } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export const percent = (share, lang, digits = 0) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: digits }).format(share);

// A code may say more behind a colon. Its words are those of the inbox's receipts.
export const reasonWords = (t, reason) => {
  const [code] = reason.split(":");
  return hasWords(`receipts.reason.${code}`) ? t(`receipts.reason.${code}`) : t("bots.receipt.other", { reason });
};

// What questions were compared by: `lexical`, the packaged models (`use3+e5s`), or a company's own (`openai:…`).
export const encoderWords = (t, encoders) => {
  if (!encoders) return "";
  const own = encoders.split("+").find((each) => each.includes(":"));
  if (own) return t("bots.receipt.encoder.model", { name: own.slice(own.indexOf(":") + 1) });
  return t(encoders === "lexical" ? "bots.receipt.encoder.words" : "bots.receipt.encoder.meaning");
};

export const silenceTone = (silence) => (!silence ? "" : silence === "hours" || silence === "no_faqs" || silence === "channel_down" ? "warn" : "off");
