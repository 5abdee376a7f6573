// The people of a company and those on their way in.
import { useEffect, useRef, useState } from "react";
import { Ellipsis, LogOut, MailPlus, RotateCcw, ShieldOff, UserCog, UserX, X } from "lucide-react";
import { Ago } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Avatar } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog, Dialog, Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { Choice, Problem, useProblems } from "./frame.jsx";

const ROLES = ["admin", "support", "marketing"];
const SIGHTS = ["all", "unassigned", "own"];
export const photo = (id) => (id ? `/pictures/${id}.png` : undefined);
// The server decides; this only leaves out what would be refused.
const hasSight = (role) => role === "support";

function RoleFields({ role, sight, onRole, onSight }) {
  const t = useT();
  return (
    <>
      <Choice label={t("settings.people.role")} name="role" value={role} onValue={onRole} options={ROLES.map((each) => [each, t(`common.role.${each}`), t(`settings.people.role_text.${each}`)])} />
      {hasSight(role) ? <Choice label={t("settings.people.sees")} name="sight" value={sight} onValue={onSight} options={SIGHTS.map((each) => [each, t(`settings.sight.${each}`), t(`settings.sight.${each}_text`)])} /> : null}
    </>
  );
}

// Closes when the server has done it, and not before.
function useClosing(open, done, close) {
  const at = useRef(done);
  useEffect(() => {
    if (open && done !== at.current) close();
    at.current = done;
  }, [done]);
}

function InviteDialog({ open, onClose, errors, params, problem, busy, done, onSubmit }) {
  const t = useT();
  const say = useProblems(errors, params);
  const [emails, setEmails] = useState("");
  const [role, setRole] = useState("support");
  const [sight, setSight] = useState("all");
  useClosing(open, done, () => { setEmails(""); onClose(); });
  const submit = (event) => { event.preventDefault(); onSubmit?.({ emails, role, sight: hasSight(role) ? sight : "all" }); };
  return (
    <Dialog open={open} onClose={onClose} keep={!!emails} width={560} title={t("settings.people.invite_dialog.title")}>
      <form className="form" onSubmit={submit} noValidate style={{ marginTop: 14 }}>
        <Field name="emails" multiline rows={3} label={t("settings.people.invite_dialog.emails")} hint={t("settings.people.invite_dialog.emails_hint")} value={emails} onValue={setEmails} error={say("emails")} spellCheck={false} autoFocus />
        <RoleFields role={role} sight={sight} onRole={setRole} onSight={setSight} />
        <Problem code={problem} params={params} />
        <div className="acts" style={{ marginTop: 0 }}>
          <Button kind="g" onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="p" type="submit" busy={busy}>{t("settings.people.invite_dialog.send")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function RoleDialog({ person, onClose, errors, params, problem, busy, done, onSubmit }) {
  const t = useT();
  const [role, setRole] = useState("support");
  const [sight, setSight] = useState("all");
  useEffect(() => { if (person) { setRole(person.role); setSight(person.sight); } }, [person]);
  useClosing(!!person, done, onClose);
  const submit = (event) => { event.preventDefault(); onSubmit?.({ id: person.id, role, sight: hasSight(role) ? sight : "all" }); };
  return (
    <Dialog open={!!person} onClose={onClose} width={560} title={t("settings.people.role_dialog.title", { name: person?.name })}>
      <form className="form" onSubmit={submit} style={{ marginTop: 14 }}>
        <RoleFields role={role} sight={sight} onRole={setRole} onSight={setSight} />
        <Problem code={problem || Object.values(errors ?? {})[0]} params={params} />
        <div className="acts" style={{ marginTop: 0 }}>
          <Button kind="g" onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="p" type="submit" busy={busy}>{t("common.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function PersonMenu({ person, onRole, onConfirm, onReactivate }) {
  const t = useT();
  const label = t("settings.people.actions", { name: person.name });
  const item = (close, act) => () => { close(); act(); };
  return (
    <Menu label={label} trigger={(props) => <button {...props} className="ib" aria-label={label}><Ellipsis className="i" aria-hidden="true" /></button>}>
      {(close) => person.is_active ? (
        <>
          <MenuItem icon={<UserCog className="i" aria-hidden="true" />} onClick={item(close, () => onRole(person))}>{t("settings.people.change")}</MenuItem>
          {person.has_two_factor && !person.is_me ? <MenuItem icon={<ShieldOff className="i" aria-hidden="true" />} onClick={item(close, () => onConfirm("reset", person))}>{t("settings.people.reset")}</MenuItem> : null}
          {person.is_me ? null : <><hr /><MenuItem danger icon={<UserX className="i" aria-hidden="true" />} onClick={item(close, () => onConfirm("deactivate", person))}>{t("settings.people.deactivate")}</MenuItem></>}
        </>
      ) : (
        <MenuItem icon={<RotateCcw className="i" aria-hidden="true" />} onClick={item(close, () => onReactivate(person.id))}>{t("settings.people.reactivate")}</MenuItem>
      )}
    </Menu>
  );
}

function Person({ person, manages, menu }) {
  const t = useT();
  return (
    <tr className={person.is_active ? undefined : "dim"}>
      <td>
        <div className="row" style={{ gap: 12 }}>
          <Avatar name={person.name} id={person.user_id} url={photo(person.photo_id)} size={34} presence={person.is_active ? person.availability : undefined} />
          <div className="grow">
            <div className="strong cut">{person.name}{person.is_me ? <span className="t3"> · {t("settings.people.you")}</span> : null}</div>
            <div className="small t3 cut">{person.email}</div>
            <div className="small phone t2">{t(`common.role.${person.role}`)}{hasSight(person.role) ? ` · ${t(`settings.sight.${person.sight}`)}` : ""}</div>
          </div>
          {person.is_active ? null : <span className="chip">{t("settings.people.inactive")}</span>}
        </div>
      </td>
      <td className="desk">{t(`common.role.${person.role}`)}</td>
      <td className="desk t2">{person.role === "marketing" ? "—" : t(`settings.sight.${person.sight}`)}</td>
      {manages ? <td className="desk">{person.has_two_factor ? <span className="chip ok">{t("settings.people.on")}</span> : <span className="t3">{t("settings.people.off")}</span>}</td> : null}
      {manages ? <td className="desk t2 num">{person.last_seen_at ? <Ago at={person.last_seen_at} /> : <span className="t3">{t("settings.people.never")}</span>}</td> : null}
      {manages ? <td className="r">{menu}</td> : null}
    </tr>
  );
}

function Pending({ rows, onResend, onCancel }) {
  const t = useT();
  const lang = useLang();
  if (!rows?.length) return null;
  return (
    <section className="card" style={{ marginTop: 16 }}>
      <header><h2 className="title-s grow">{t("settings.people.pending")}</h2><span className="t3 num">{rows.length}</span></header>
      <ul>
        {rows.map((each) => (
          <li className="prow" key={each.id}>
            <div className="grow">
              <div className="strong cut" title={each.email}>{each.email}</div>
              <div className="small t3">{t(`common.role.${each.role}`)}{hasSight(each.role) ? ` · ${t(`settings.sight.${each.sight}`)}` : ""} · {t("settings.people.by", { who: each.invited_by })} · {each.is_expired ? <span className="bad-text">{t("settings.people.expired")}</span> : t("settings.people.until", { when: new Intl.DateTimeFormat(lang, { day: "numeric", month: "long" }).format(new Date(each.expires_at)) })}</div>
            </div>
            <Button size="xs" onClick={() => onResend?.(each.id)}>{t("settings.people.resend")}<span className="sr"> {each.email}</span></Button>
            <button type="button" className="ib" aria-label={`${t("settings.people.cancel")}: ${each.email}`} data-tip={t("settings.people.cancel")} onClick={() => onCancel?.(each.id)}><X className="i" aria-hidden="true" /></button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function People({ people, invitations, permissions, company, errors, params, problem, busy, done, hasLeft, onInvite, onResend, onCancel, onRole, onDeactivate, onReactivate, onReset, onLeave, onRefresh }) {
  const t = useT();
  const manages = !!permissions?.includes("members:manage");
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState(null);
  const [asked, setAsked] = useState(null);
  useEffect(() => { if (hasLeft) window.location.assign("/"); }, [hasLeft]);
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;
  useEffect(() => {
    const undone = () => refresh.current?.();
    window.addEventListener("undone", undone);
    return () => window.removeEventListener("undone", undone);
  }, []);
  const acts = { deactivate: onDeactivate, reset: onReset, leave: onLeave };
  const confirm = () => { acts[asked.what]?.(asked.person?.id); setAsked(null); };
  const names = { name: asked?.person?.name, company };
  const problems = { errors, params, problem, busy, done };
  return (
    <div>
      <div className="row" style={{ marginBottom: 14 }}>
        <p className="grow t3 num">{people?.length ? t("settings.people.line", { n: people.filter((each) => each.is_active).length }) : ""}</p>
        {manages ? <Button kind="p" icon={<MailPlus className="i s14" aria-hidden="true" />} onClick={() => setInviting(true)}>{t("settings.people.invite")}</Button> : null}
      </div>
      <section className="card over">
        <table className="tb people">
          <thead>
            <tr>
              <th scope="col">{t("settings.people.name")}</th>
              <th scope="col" className="desk">{t("settings.people.role")}</th>
              <th scope="col" className="desk">{t("settings.people.sees")}</th>
              {manages ? <th scope="col" className="desk">{t("settings.people.two_factor")}</th> : null}
              {manages ? <th scope="col" className="desk">{t("settings.people.seen")}</th> : null}
              {manages ? <th scope="col"><span className="sr">{t("settings.people.acts")}</span></th> : null}
            </tr>
          </thead>
          <tbody>
            {(people ?? []).map((person) => (
              <Person key={person.id} person={person} manages={manages} menu={<PersonMenu person={person} onRole={setChanging} onConfirm={(what, who) => setAsked({ what, person: who })} onReactivate={onReactivate} />} />
            ))}
          </tbody>
        </table>
      </section>
      {manages ? <Pending rows={invitations} onResend={onResend} onCancel={onCancel} /> : null}
      <section className="card pad" style={{ marginTop: 16 }}>
        <div className="row leaverow">
          <p className="t3 grow">{t("settings.people.leave_line", { company })}</p>
          <Button icon={<LogOut className="i s14" aria-hidden="true" />} onClick={() => setAsked({ what: "leave" })}>{t("settings.people.leave")}</Button>
        </div>
      </section>
      <InviteDialog open={inviting} onClose={() => setInviting(false)} onSubmit={onInvite} {...problems} />
      <RoleDialog person={changing} onClose={() => setChanging(null)} onSubmit={onRole} {...problems} />
      <ConfirmDialog
        open={!!asked}
        title={asked ? t(`settings.people.confirm.${asked.what}_title`, names) : ""}
        text={asked ? t(`settings.people.confirm.${asked.what}_text`, names) : ""}
        verb={asked ? t(asked.what === "leave" ? "settings.people.confirm.leave_do" : asked.what === "reset" ? "settings.people.reset" : "settings.people.deactivate") : ""}
        onConfirm={confirm}
        onClose={() => setAsked(null)}
      />
    </div>
  );
}
