// What the forms of the bot say to a reader who may not change them.
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

// Whom to ask for a change.
export function ReadOnlyBy({ when, names }) {
  const t = useT();
  const lang = useLang();
  if (!when) return null;
  const people = names?.length ? t("bots.read_only", { names: new Intl.ListFormat(lang, { type: "disjunction" }).format(names) }) : t("settings.read_only");
  return <p className="banner calm small" style={{ padding: "10px 14px" }}>{people}</p>;
}
