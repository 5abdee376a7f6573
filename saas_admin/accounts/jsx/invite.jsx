// Behind an invitation's link: join with a new account, with the one there is, or learn why not.
import { useEffect, useRef, useState } from "react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { CompanyMark } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { AuthPage, Problem } from "./auth.jsx";
import { PasswordField } from "./password.jsx";
import { post, takeToken, usePost, usePostForm } from "./post.js";

const KEPT = "invitation";
function kept(token) {
  try {
    if (token) sessionStorage.setItem(KEPT, token);
    return token || sessionStorage.getItem(KEPT) || "";
  } catch {
    return token || "";
  }
}

export function Invite() {
  const t = useT();
  const [token, setToken] = useState("");
  const [offer, setOffer] = useState(null);
  const [lost, setLost] = useState(false);
  const tried = useRef(false);
  const ask = (key) => post("/auth/invitation", { token: key }).then((answer) => (answer.ok ? (setLost(false), setOffer(answer.data)) : setLost(answer.error)));
  useEffect(() => {
    if (tried.current) return;
    tried.current = true;
    const key = kept(takeToken());
    setToken(key);
    ask(key);
  }, []);

  if (lost) return <AuthPage><Problem error={lost} /></AuthPage>;
  if (!offer) {
    return (
      <AuthPage>
        <h1>{t("auth.invite.checking")}</h1>
        <p className="sub">{t("auth.invite.checking_line")}</p>
      </AuthPage>
    );
  }
  if (offer.state !== "open") return <NoGood offer={offer} />;
  const words = { ...offer, role: t(`common.role.${offer.role}`) };
  return (
    <AuthPage tall={!offer.has_login && !offer.signed_in_as}>
      <div style={{ marginBottom: 12 }}>
        {offer.logo_id ? <img className="logo64" src={`/pictures/${offer.logo_id}.png`} alt="" width="52" height="52" /> : <CompanyMark name={offer.company} id={offer.company_id} size={52} />}
      </div>
      <h1>{t("auth.invite.title", words)}</h1>
      <p className="sub">{t("auth.invite.line", words)}</p>
      {offer.is_me ? <Join token={token} offer={offer} /> : offer.signed_in_as ? <Other offer={offer} onOut={() => ask(token)} /> : offer.has_login ? <WithPassword token={token} offer={offer} /> : <AsNew token={token} offer={offer} />}
    </AuthPage>
  );
}

function useJoin(token) {
  const state = usePost("/auth/invitation/accept");
  const join = async (values) => {
    const answer = await state.send({ token, ...values });
    if (answer.ok) window.location.assign(answer.data.next);
  };
  return { ...state, join };
}

function Join({ token, offer }) {
  const t = useT();
  const { busy, error, join } = useJoin(token);
  return (
    <div className="form">
      <p className="t3">{t("auth.invite.as_you", { email: offer.email })}</p>
      <Problem error={error} />
      <Button kind="p" size="l" className="wide" busy={busy} onClick={() => join({})} autoFocus>{t("auth.invite.join", offer)}</Button>
    </div>
  );
}

function Other({ offer, onOut }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const out = async () => {
    setBusy(true);
    await post("/auth/sign-out", {});
    await onOut();
    setBusy(false);
  };
  return (
    <div className="form">
      <p className="banner" style={{ padding: "12px 14px" }}>{t("auth.invite.as_other", { email: offer.email, other: offer.signed_in_as })}</p>
      <Button kind="p" size="l" className="wide" busy={busy} onClick={out}>{t("auth.invite.sign_out")}</Button>
      <a className="btn s l wide" href="/">{t("auth.invite.home")}</a>
    </div>
  );
}

function WithPassword({ token, offer }) {
  const t = useT();
  const { busy, error, form, fields, join } = useJoin(token);
  const native = usePostForm("/auth/invitation/accept");
  const submit = (event) => { event.preventDefault(); join({ password: new FormData(event.currentTarget).get("password") }); };
  return (
    <form className="form" onSubmit={submit} ref={form} {...native.form}>
      <p className="t3">{t("auth.invite.with_password", offer)}</p>
      <input type="hidden" name="username" autoComplete="username" value={offer.email} readOnly />
      <Field name="password" type="password" large label={t("auth.field.password")} autoComplete="current-password" error={fields.password} required autoFocus />
      <Problem error={error} />
      <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.invite.join", offer)}</Button>
    </form>
  );
}

function AsNew({ token, offer }) {
  const t = useT();
  const { busy, error, form, fields, join } = useJoin(token);
  const native = usePostForm("/auth/invitation/accept");
  const submit = (event) => { event.preventDefault(); join(Object.fromEntries(new FormData(event.currentTarget))); };
  return (
    <form className="form" onSubmit={submit} ref={form} {...native.form}>
      <Field name="name" large label={t("auth.field.name")} autoComplete="name" maxLength={80} error={fields.name} required autoFocus />
      <Field name="username" type="email" large label={t("auth.field.email")} autoComplete="username" value={offer.email} readOnly />
      <PasswordField large label={t("auth.field.password")} error={fields.password} words={() => ({ company: offer.company, name: form.current?.elements.name.value ?? "", email: offer.email })} />
      <Problem error={error} />
      <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.invite.join", offer)}</Button>
    </form>
  );
}

function NoGood({ offer }) {
  const t = useT();
  return (
    <AuthPage>
      <h1>{t(`auth.invite.${offer.state}`, offer)}</h1>
      <p className="sub">{t(`auth.invite.${offer.state}_line`, offer)}</p>
      <a className="btn p l wide" href={offer.signed_in_as ? "/" : "/login"}>{t(offer.signed_in_as ? "auth.invite.home" : "auth.invite.sign_in")}</a>
    </AuthPage>
  );
}
