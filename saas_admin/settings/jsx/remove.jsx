// The end of a company: asked for with its name and a password, and taken back until the grace is over.
import { useState } from "react";
import { TriangleAlert } from "lucide-react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Problem, useProblems } from "./frame.jsx";

const dateOf = (iso, lang) => new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(new Date(iso));

export function RemoveCompany({ company, deletion, errors, params, problem, busy, onSubmit, onCancel }) {
  const t = useT();
  const lang = useLang();
  const say = useProblems(errors, params);
  const [name, setName] = useState("");
  if (company?.delete_after) {
    return (
      <div className="banner bad" style={{ alignItems: "flex-start" }}>
        <span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span>
        <div className="grow"><h2 className="title-s">{t("settings.delete.pending_title", { date: dateOf(company.delete_after, lang) })}</h2><p className="t2">{t("settings.delete.pending", { who: deletion?.by ?? "" })}</p></div>
        <Button onClick={() => onCancel?.()}>{t("settings.delete.cancel")}</Button>
      </div>
    );
  }
  const submit = (event) => { event.preventDefault(); onSubmit?.({ name, password: new FormData(event.currentTarget).get("password") }); };
  return (
    <form className="form card pad" onSubmit={submit} noValidate>
      <p className="read measure">{t("settings.delete.grace")}</p>
      <Field name="name" label={t("settings.delete.name", { company: company?.name ?? "" })} value={name} onValue={setName} error={say("name")} autoComplete="off" spellCheck={false} />
      <Field name="password" type="password" label={t("settings.delete.password")} autoComplete="current-password" error={say("password")} />
      <Problem code={problem} params={params} />
      <div><Button kind="d" type="submit" busy={busy} disabled={!name}>{t("settings.delete.do")}</Button></div>
    </form>
  );
}
