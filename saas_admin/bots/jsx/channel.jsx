// What the bot says or does differently on one channel; what is left empty is as everywhere.
import { useEffect, useRef } from "react";
import { useFirstError, Words } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { LeaveGuard } from "$/public/external/saas_admin/ui/jsx/leave.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { Choice, Problem, SaveBar, useProblems } from "$/public/external/saas_admin/settings/jsx/frame.jsx";
import { AddressForm, FORMS, SCHEDULES, useSaved } from "./behaviour.jsx";
import { ReadOnlyBy } from "./fields.jsx";
import { Switch } from "./overview.jsx";
import { SpeechPreview } from "./speech.jsx";
import { silenceTone } from "./words.js";

const NAMES = ["name", "address_form", "greeting", "persona", "schedule"];

export function ChannelBotForm({ bot: whole, channel: now, lengths, samples, errors, params, problem, busy, done, canEdit, onSubmit, onSwitch, onRefresh }) {
  const t = useT();
  const channel = useLast(now, !!now?.id);
  const bot = useLast(whole, !!whole?.schedule);
  const stored = Object.fromEntries(NAMES.map((name) => [name, channel?.differs?.[name] ?? ""]));
  const { own, edited, changed, change, reset } = useSaved(stored, !!channel?.id, done);
  const said = useProblems(errors, params);
  const form = useFirstError(errors);
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;
  useEffect(() => {
    const undone = () => refresh.current?.();
    window.addEventListener("undone", undone);
    return () => window.removeEventListener("undone", undone);
  }, []);
  const submit = (event) => { event.preventDefault(); onSubmit?.(edited); };
  const effective = Object.fromEntries(["name", "address_form", "greeting"].map((name) => [name, own[name] || bot?.[name] || ""]));
  const same = (value) => (value ? t("bots.channel.as_everywhere", { value }) : t("bots.channel.as_everywhere_none"));
  const field = (name, rest) => <Words name={name} most={lengths?.[name]} label={t(`bots.behaviour.${name}`)} hint={same(bot?.[name])} value={own[name]} onValue={(value) => change({ [name]: value })} error={said(name)} readOnly={!canEdit} optional={canEdit} {...rest} />;
  return (
    <div className="cols bform">
      <form className="form" onSubmit={submit} noValidate ref={form}>
        <div className="card bstate">
          <Switch on={!!channel?.is_on} disabled={!canEdit} label={t("bots.channel.switch")} onValue={(on) => onSwitch?.(on)} />
          <div className="grow" role="status"><div className="strong">{t(channel?.is_on ? "bots.channel.on" : "bots.channel.off")}</div>{channel?.is_on ? <div className="small t3 brow-state"><span className={`live ${silenceTone(channel.silence)}`} />{t(`bots.silence.${channel.silence || "none"}`)}</div> : null}</div>
        </div>
        <ReadOnlyBy when={!canEdit} names={bot?.admins} />
        {field("name")}
        <AddressForm value={own.address_form} options={["", ...FORMS]} disabled={!canEdit} onValue={(address_form) => change({ address_form })} />
        {field("greeting", { multiline: true, rows: 2 })}
        {field("persona", { multiline: true, rows: 3 })}
        <Choice label={t("bots.behaviour.schedule")} name="schedule" value={own.schedule} disabled={!canEdit} onValue={(schedule) => change({ schedule })} options={["", ...SCHEDULES].map((value) => [value, t(`bots.schedule.${value || "same"}`), value ? null : t(`bots.schedule.${bot?.schedule || "always"}`)])} />
        <Problem code={problem} params={params} />
        {canEdit ? <SaveBar changed={changed} busy={busy} onReset={reset} /> : null}
        <LeaveGuard dirty={canEdit && changed} />
      </form>
      <SpeechPreview samples={samples} own={{ ...effective, language: bot?.language }} />
    </div>
  );
}
