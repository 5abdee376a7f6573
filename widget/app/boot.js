// What the server wrote into the page: who we talk to, in which language, with which words.
export const boot = JSON.parse(document.getElementById("boot").textContent);

export const t = (key, params = {}) => boot.words[key].replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "");

const format = (options) => {
  const formatter = new Intl.DateTimeFormat(boot.lang, options);
  return (iso) => formatter.format(new Date(iso));
};

export const clock = format({ hour: "2-digit", minute: "2-digit" });
const weekday = format({ weekday: "long" });
const date = format({ day: "numeric", month: "long" });
const dated = format({ day: "numeric", month: "long", year: "numeric" });

/** Today, yesterday, the weekday of the last six days, then the date; the year only when it is not this one. */
export const day = (iso) => {
  const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(Date.now()) - midnight(iso)) / 864e5);
  if (days <= 0) return t("today");
  if (days === 1) return t("yesterday");
  const words = days < 7 ? weekday(iso) : new Date(iso).getFullYear() === new Date().getFullYear() ? date(iso) : dated(iso);
  return words[0].toUpperCase() + words.slice(1);
};

export const size = (bytes) => {
  const unit = bytes < 1e6 ? "kilobyte" : "megabyte";
  const value = bytes < 1e6 ? Math.max(1, bytes / 1e3) : bytes / 1e6;
  return new Intl.NumberFormat(boot.lang, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
};
