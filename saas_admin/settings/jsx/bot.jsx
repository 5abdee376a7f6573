// How the assistant speaks and when it answers.
import { Segmented } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Choice, Problem, ReadOnly, SaveBar, SelectField, useDraft } from "./frame.jsx";

export function BotForm({ company, problem, busy, done, canEdit, onSubmit }) {
  const t = useT();
  const { own, changed, change, reset } = useDraft({ register: "tu", language: "customer", answers: "always", ...company?.bot }, !!company?.id, done);
  const submit = (event) => { event.preventDefault(); onSubmit?.(own); };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <ReadOnly when={!canEdit} />
      <div className="field">
        <div className="lb">{t("settings.bot.register")}</div>
        <Segmented label={t("settings.bot.register")} value={own.register} onValue={(register) => canEdit && change({ register })} options={["tu", "vos", "usted"].map((value) => ({ value, label: t(`settings.bot.registers.${value}`) }))} />
        <figure className="sample" aria-live="polite">
          <figcaption className="cap t3">{t("settings.bot.example")}</figcaption>
          <p className="read">{t(`settings.bot.examples.${own.register}`)}</p>
        </figure>
      </div>
      <SelectField label={t("settings.bot.language")} value={own.language} disabled={!canEdit} options={["customer", "es", "en"].map((value) => [value, t(`settings.bot.languages.${value}`)])} onValue={(language) => change({ language })} />
      <Choice label={t("settings.bot.answers")} name="answers" value={own.answers} disabled={!canEdit} onValue={(answers) => change({ answers })} options={["always", "closed", "never"].map((value) => [value, t(`settings.bot.when.${value}`), t(`settings.bot.when.${value}_hint`)])} />
      <Problem code={problem} />
      {canEdit ? <SaveBar changed={changed} busy={busy} onReset={reset} /> : null}
    </form>
  );
}
