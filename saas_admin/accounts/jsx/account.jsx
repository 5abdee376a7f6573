// About you: name and photo; sounds; leaving.
import { useRef, useState } from "react";
import { LogOut } from "lucide-react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { PictureCrop } from "$/public/external/saas_admin/ui/jsx/crop.jsx";
import { Avatar } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { toast } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { signOut } from "$/public/external/saas_admin/ui/jsx/shell.jsx";
import { getLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export function AccountForm({ name, onSubmit }) {
  const t = useT();
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.(Object.fromEntries(new FormData(event.currentTarget)));
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field key={name} name="name" label={t("ui.account.name")} hint={t("ui.account.name_hint")} defaultValue={name} autoComplete="name" maxLength={80} />
      <div><Button type="submit" kind="p">{t("ui.account.save")}</Button></div>
    </form>
  );
}

export function Photo({ name, id, url, onChanged }) {
  const t = useT();
  const [file, setFile] = useState(null);
  const [busy, setBusy] = useState(false);
  const input = useRef(null);
  const send = async (method, blob) => {
    setBusy(true);
    const body = blob ? new FormData() : undefined;
    body?.append("file", blob, "photo.png");
    const answer = await fetch("/account/photo", { method, body, headers: { "accept-language": getLang() } }).catch(() => null);
    const data = (await answer?.json().catch(() => null)) ?? {};
    setBusy(false);
    setFile(null);
    if (answer?.ok) toast({ text: t(blob ? "account.photo.done" : "account.photo.removed") });
    else toast({ text: data.error?.message ?? t("auth.problem.network"), kind: "error" });
    onChanged?.();
  };
  return (
    <div className="set" style={{ marginBottom: 18 }}>
      <Avatar name={name} id={id} url={url} size={64} />
      <div className="grow">
        <div className="row" style={{ gap: 8, flexWrap: "wrap" }}>
          <Button busy={busy} onClick={() => input.current?.click()}>{t(url ? "account.photo.change" : "account.photo.add")}</Button>
          {url ? <Button kind="g" onClick={() => send("DELETE")}>{t("account.photo.remove")}</Button> : null}
        </div>
        <div className="small t3" style={{ marginTop: 6 }}>{t("account.photo.hint")}</div>
        <input ref={input} type="file" accept="image/jpeg,image/png,image/webp" hidden aria-label={t("account.photo.add")} onChange={(event) => { setFile(event.target.files[0] ?? null); event.target.value = ""; }} />
      </div>
      <PictureCrop file={file} round busy={busy} onCut={(blob) => send("POST", blob)} onClose={() => setFile(null)} />
    </div>
  );
}

export function SoundsSwitch({ on, onChange }) {
  const t = useT();
  return (
    <div className="set">
      <div className="grow">
        <div style={{ font: "500 13px/20px var(--font)" }}>{t("account.sounds.label")}</div>
        <div className="small t3">{t("account.sounds.hint")}</div>
      </div>
      <button type="button" role="switch" className="sw" aria-checked={!!on} aria-label={t("account.sounds.label")} onClick={() => onChange?.(!on)} />
    </div>
  );
}

export function SignOutButton() {
  const t = useT();
  return <Button icon={<LogOut className="i s14" aria-hidden="true" />} onClick={signOut}>{t("ui.account.sign_out")}</Button>;
}
