// Who must come in with a second factor, and who does.
import { BellRing } from "lucide-react";
import { Button, Checkbox } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Avatar } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { formatDate, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Problem, SaveBar, SelectField, useDraft, useProblems } from "./frame.jsx";
import { photo } from "./people.jsx";

const ROLES = ["admin", "support", "marketing"];
const DAYS = [0, 3, 7, 14, 30];
export function SecurityForm({ rule, people, loaded, errors, params, problem, busy, done, onSubmit, onRemind }) {
  const t = useT();
  const lang = useLang();
  const say = useProblems(errors, params);
  const { own, changed, change, reset } = useDraft({ roles: rule?.roles ?? [], days: rule?.days ?? 7 }, !!loaded, done);
  const toggle = (role, on) => change({ roles: ROLES.filter((each) => (each === role ? on : own.roles.includes(each))).sort() });
  const submit = (event) => { event.preventDefault(); onSubmit?.(own); };
  const has = (people ?? []).filter((each) => each.has_two_factor).length;
  const owes = (each) => !each.has_two_factor && rule?.roles?.includes(each.role);
  return (
    <form className="form" onSubmit={submit} noValidate>
      <section className="card">
        <header><h2 className="title-s grow">{t("settings.security.rule")}</h2></header>
        <div className="body form">
          <p className="t3 measure">{t("settings.security.rule_line")}</p>
          <fieldset className="choice bare">
            <legend>{t("settings.security.roles")}</legend>
            {ROLES.map((role) => (
              <div className="row" key={role} style={{ gap: 10, minHeight: 34 }}>
                <Checkbox name={`role-${role}`} label={t(`common.role.${role}`)} checked={own.roles.includes(role)} onValue={(on) => toggle(role, on)} />
                {rule?.since?.[role] ? <span className="small t3">{t("settings.security.since", { date: formatDate(rule.since[role], lang) })}</span> : null}
              </div>
            ))}
          </fieldset>
          <SelectField label={t("settings.security.days")} value={String(own.days)} error={say("days")} options={DAYS.map((n) => [String(n), n ? t("settings.security.days_n", { n }) : t("settings.security.at_once")])} onValue={(days) => change({ days: Number(days) })} />
          <Problem code={problem} params={params} />
        </div>
      </section>
      <section className="card">
        <header>
          <h2 className="title-s grow">{t("settings.security.who")}</h2>
          <span className="t3 num">{t("settings.security.has", { n: has, total: people?.length ?? 0 })}</span>
        </header>
        <ul>
          {(people ?? []).map((person) => (
            <li className="prow" key={person.id}>
              <Avatar name={person.name} id={person.user_id} url={photo(person.photo_id)} size={34} />
              <div className="grow"><div className="strong cut">{person.name}</div><div className="small t3">{t(`common.role.${person.role}`)}</div></div>
              {person.has_two_factor ? <span className="chip ok">{t("settings.security.on")}</span> : owes(person) ? <span className="chip warn">{t("settings.security.owes")}</span> : <span className="chip">{t("settings.security.free")}</span>}
              {person.has_two_factor ? null : <Button size="xs" onClick={() => onRemind?.(person.id)}>{t("settings.security.remind")}<span className="sr"> {person.name}</span></Button>}
            </li>
          ))}
        </ul>
        {(people ?? []).some(owes) ? <div className="body"><Button icon={<BellRing className="i s14" aria-hidden="true" />} onClick={() => onRemind?.("")}>{t("settings.security.remind_all")}</Button></div> : null}
      </section>
      <SaveBar changed={changed} busy={busy} onReset={reset} />
    </form>
  );
}
