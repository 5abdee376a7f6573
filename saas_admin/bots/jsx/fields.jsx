// What the forms of the bot add to a field: the first that was refused is looked at, and nothing typed is cut in silence.
import { useEffect, useRef } from "react";
import { Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

// Whom to ask for a change.
export function ReadOnlyBy({ when, names }) {
  const t = useT();
  const lang = useLang();
  if (!when) return null;
  const people = names?.length ? t("bots.read_only", { names: new Intl.ListFormat(lang, { type: "disjunction" }).format(names) }) : t("settings.read_only");
  return <p className="banner calm small" style={{ padding: "10px 14px" }}>{people}</p>;
}

// For the form: after a refusal the first field in error has the focus, in the middle of the page, where no bar lies over it.
export function useFirstError(errors) {
  const form = useRef(null);
  useEffect(() => {
    if (!Object.keys(errors ?? {}).length) return;
    const first = form.current?.querySelector('[aria-invalid="true"]');
    first?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "center" });
  }, [errors]);
  return form;
}

// As long as one likes, so that what was pasted stays whole; near its limit it is counted, beyond it it is said.
export function Words({ most, value, error, ...rest }) {
  const t = useT();
  const lang = useLang();
  const length = [...(value ?? "")].length;
  const isNear = most && length > most * 0.8;
  const counter = isNear ? <span className={length > most ? "small num bover" : "small num t3"}>{formatNumber(length, lang)}/{formatNumber(most, lang)}</span> : null;
  return <Field {...rest} value={value} aside={counter} error={length > most ? t("bots.behaviour.over", { n: length - most, most }) : error} />;
}
