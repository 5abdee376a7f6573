// What the pages of the settings share: the list at their side, the bar that appears with a change, a choice from a list.
import { useEffect, useId, useState } from "react";
import { Link, useLocation } from "react-router";
import { Bot, Building2, ChevronRight, Clock, ScrollText, ShieldCheck, Table2, Trash2, TriangleAlert, Users } from "lucide-react";
import { Button, FieldFrame } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { AvailabilityPicker, CompanyList } from "$/public/external/saas_admin/ui/jsx/shell.jsx";

const PAGES = [
  { id: "company", icon: Building2, permission: "company:read" },
  { id: "hours", icon: Clock, permission: "company:read" },
  { id: "bot", href: "/bots/behaviour", icon: Bot, permission: "bots:read" },
  { id: "people", icon: Users, permission: "members:read" },
  { id: "roles", icon: Table2, permission: "company:read" },
  { id: "security", icon: ShieldCheck, permission: "security:manage" },
  { id: "audit", icon: ScrollText, permission: "audit:read" },
  { id: "delete", icon: Trash2, permission: "company:delete" },
];

// On a phone there is no rail: what hangs on it stands under the list.
export function SettingsOwn({ session, onAvailability }) {
  const t = useT();
  return (
    <div className="setown phone">
      <div><div className="cap t3" style={{ marginBottom: 6 }}>{t("ui.availability.label")}</div><AvailabilityPicker value={session?.availability} onAvailability={onAvailability} /></div>
      {(session?.companies ?? []).length > 1 ? <div><div className="cap t3" style={{ marginBottom: 6 }}>{t("ui.company_menu.label")}</div><div className="mates" role="menu" aria-label={t("ui.company_menu.label")}><CompanyList session={session} /></div></div> : null}
    </div>
  );
}

export function SettingsNav({ permissions }) {
  const t = useT();
  const { pathname } = useLocation();
  const path = pathname.replace(/\/$/, "");
  return (
    <nav className="setnav" aria-label={t("settings.pages")}>
      {PAGES.filter((page) => permissions?.includes(page.permission)).map(({ id, href = `/settings/${id}`, icon: Icon }) => {
        const here = path === href || (path === "/settings" && id === "company");
        return (
          <Link key={id} to={href} className={here ? "on" : undefined} aria-current={here ? "page" : undefined}>
            <Icon className="i" aria-hidden="true" />
            <span className="grow">{t(`settings.nav.${id}`)}</span>
            <ChevronRight className="i phone" aria-hidden="true" />
          </Link>
        );
      })}
    </nav>
  );
}

// The code beside its field, in words.
export function useProblems(errors, params) {
  const t = useT();
  return (name) => (errors?.[name] ? t(`errors.${errors[name]}`, params) : undefined);
}

export function Problem({ code, params }) {
  const t = useT();
  if (!code) return null;
  return (
    <div className="banner bad" role="alert" style={{ padding: "10px 12px", gap: 10 }}>
      <span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span>
      <span className="grow">{t(`errors.${code}`, params)}</span>
    </div>
  );
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// One's own copy of what is stored. What was typed stays through a refusal and a reconnect; what is saved becomes the new start.
// `edited` is what was changed here and nothing else, `was` how all of it stood before.
export function useDraft(stored, ready, done) {
  const key = JSON.stringify(stored);
  const [own, setOwn] = useState(stored);
  const [base, setBase] = useState(key);
  useEffect(() => {
    if (!ready || key === base) return;
    // A change by somebody else does not take away what is being typed here, nor is theirs taken back by it.
    const before = JSON.parse(base);
    setOwn((now) => Object.fromEntries(Object.keys(stored).map((name) => [name, isSame(now[name], before[name]) ? stored[name] : now[name]])));
    setBase(key);
  }, [key, ready, done]);
  const changed = ready && JSON.stringify(own) !== base;
  const was = JSON.parse(base);
  const edited = Object.fromEntries(Object.entries(own).filter(([name, value]) => !isSame(value, was[name])));
  return { own, was, edited, changed, change: (more) => setOwn((now) => ({ ...now, ...more })), reset: () => setOwn(JSON.parse(base)) };
}

export function SaveBar({ changed, busy, onReset, onSave }) {
  const t = useT();
  if (!changed && !busy) return null;
  return (
    <div className="savebar" role="region" aria-label={t("settings.unsaved")}>
      <span className="grow t2">{t("settings.unsaved")}</span>
      <Button kind="g" onClick={onReset} disabled={busy}>{t("settings.discard")}</Button>
      <Button kind="p" type={onSave ? "button" : "submit"} busy={busy} onClick={onSave}>{t("common.save")}</Button>
    </div>
  );
}

export function SelectField({ label, hint, error, value, options, onValue, disabled, name }) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <div className={error ? "input err" : "input"}>
        <select id={id} name={name} value={value} disabled={disabled} aria-invalid={error ? true : undefined} aria-describedby={error || hint ? `${id}-note` : undefined} onChange={(event) => onValue(event.target.value)}>
          {options.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
        </select>
      </div>
    </FieldFrame>
  );
}

// A group of radio cards: each says what it means.
export function Choice({ label, name, value, options, onValue, disabled }) {
  return (
    <fieldset className="choice" disabled={disabled}>
      <legend>{label}</legend>
      {options.map(([key, words, text]) => (
        <label key={key} className={key === value ? "on" : undefined}>
          <input type="radio" name={name} value={key} checked={key === value} onChange={() => onValue(key)} />
          <span className="grow"><span className="strong">{words}</span>{text ? <span className="small t3 blk">{text}</span> : null}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function ReadOnly({ when }) {
  const t = useT();
  return when ? <p className="banner calm small" style={{ padding: "10px 14px" }}>{t("settings.read_only")}</p> : null;
}
