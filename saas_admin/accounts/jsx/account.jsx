import { LogOut } from "lucide-react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { signOut } from "$/public/external/saas_admin/ui/jsx/shell.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export function AccountForm({ name, email, onSubmit }) {
  const t = useT();
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.(Object.fromEntries(new FormData(event.currentTarget)));
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <Field key={name} name="name" label={t("ui.account.name")} hint={t("ui.account.name_hint")} defaultValue={name} autoComplete="name" maxLength={80} />
      <div className="field"><div className="lb">{t("ui.account.email")}</div><div className="read">{email}</div><span className="hint" style={{ marginTop: 2 }}>{t("ui.account.email_hint")}</span></div>
      <div><Button type="submit" kind="p">{t("ui.account.save")}</Button></div>
    </form>
  );
}

export function SignOutButton() {
  const t = useT();
  return <Button icon={<LogOut className="i s14" aria-hidden="true" />} onClick={signOut}>{t("ui.account.sign_out")}</Button>;
}
