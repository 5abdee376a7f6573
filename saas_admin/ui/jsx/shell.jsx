// The frame: rail, tab bar, me, notices about the connection, keys. Pages only fill the sheet.
import { useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { Bot, Check, CircleUserRound, Inbox, Keyboard, LogOut, Monitor, Moon, Plug, Settings, ShieldCheck, Sun, TriangleAlert, WifiOff } from "lucide-react";
import { ColorModeContext, EventLoopContext } from "$/utils/context-registry";
import env from "$/env.json";
import { formatDate, formatTime, getLang, setLang, useLang, useT } from "./i18n.js";
import { Avatar, CompanyMark } from "./glyphs.jsx";
import { Segmented } from "./forms.jsx";
import { useLast } from "./stay.jsx";
import { Dialog, Menu, MenuItem, Toaster, Tooltips } from "./overlays.jsx";

// Modules that exist. One not built yet is absent, not grey. `key`: the letter after g.
const MODULES = [
  { id: "inbox", href: "/inbox", icon: Inbox, letter: "b", permission: "conversations:read" },
  { id: "bots", href: "/bots", icon: Bot, letter: "o", permission: "bots:read" },
  { id: "channels", href: "/channels", icon: Plug, letter: "n", permission: "channels:read" },
  { id: "settings", href: "/settings", icon: Settings, letter: "s", permission: "company:read" },
];
const isHere = (path, href) => path === href || path.startsWith(`${href}/`);

// Small marks on the modules, set from anywhere: setBadge("inbox", 9), setBadge("channels", "warn").
let badges = {};
const badgeListeners = new Set();
export function setBadge(module, value) {
  if (badges[module] === value) return;
  badges = { ...badges, [module]: value };
  badgeListeners.forEach((listener) => listener());
}
function useBadges() {
  return useSyncExternalStore((listener) => (badgeListeners.add(listener), () => badgeListeners.delete(listener)), () => badges, () => badges);
}

function Badge({ value }) {
  const t = useT();
  if (!value) return null;
  if (value === "warn") return <span className="dot warn"><span className="sr">{t("ui.nav.needs_attention")}</span></span>;
  return <span className="dot">{value > 99 ? "99+" : value}<span className="sr"> {t("ui.nav.waiting", { n: value })}</span></span>;
}

function ModuleLinks({ permissions }) {
  const t = useT();
  const { pathname } = useLocation();
  const marks = useBadges();
  return MODULES.filter((module) => permissions?.includes(module.permission)).map(({ id, href, icon: Icon }) => {
    const here = isHere(pathname, href);
    return (
      <Link key={id} to={href} className={here ? "n on" : "n"} aria-current={here ? "page" : undefined}>
        <Icon className="i s20" aria-hidden="true" />
        {t(`ui.nav.${id}`)}
        <Badge value={marks[id]} />
      </Link>
    );
  });
}

export function Rail({ session: now, onLanguage, onTheme, onAvailability }) {
  const t = useT();
  const session = useLast(now, !!now.user_id);
  return (
    <nav className="rail" aria-label={t("ui.nav.modules")}>
      <CompanyMenu session={session} />
      <ModuleLinks permissions={session.permissions} />
      <span className="grow" />
      <AccountMenu session={session} onLanguage={onLanguage} onTheme={onTheme} onAvailability={onAvailability} />
    </nav>
  );
}

export function TabBar({ session: now }) {
  const t = useT();
  const session = useLast(now, !!now.user_id);
  const { pathname } = useLocation();
  return (
    <nav className="tabbar" aria-label={t("ui.nav.modules")}>
      <ModuleLinks permissions={session.permissions} />
      <Link to="/account" className={isHere(pathname, "/account") ? "n on" : "n"} aria-current={isHere(pathname, "/account") ? "page" : undefined}>
        <CircleUserRound className="i s20" aria-hidden="true" />
        {t("ui.nav.me")}
      </Link>
    </nav>
  );
}

// A logo, or the little shop front until there is one.
export function Mark({ company, size = 38 }) {
  if (company.logo_id) return <img className="logo" src={`/pictures/${company.logo_id}.png`} alt="" width={size} height={size} />;
  return <CompanyMark name={company.name} id={company.id} size={size} />;
}

// Other tabs look at the same company afterwards: the choice is the session's.
const companyChanged = typeof window === "undefined" || typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("company");
companyChanged?.addEventListener("message", () => window.location.assign("/"));

async function chooseCompany(id) {
  const answer = await fetch("/auth/company", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ company_id: id }) }).catch(() => null);
  if (!answer?.ok) return;
  companyChanged?.postMessage(id);
  window.location.assign("/");
}

export function CompanyList({ session, close }) {
  const t = useT();
  return (session.companies ?? []).map((company) => (
    <MenuItem key={company.id} icon={<Mark company={company} size={28} />} aria-current={company.is_here || undefined} tabIndex={close ? -1 : 0} onClick={() => { close?.(); if (!company.is_here) chooseCompany(company.id); }}>
      <span className="blk strong cut" title={company.name}>{company.name}</span>
      <span className="blk small t3">{t(`common.role.${company.role}`)}{company.is_here ? <> · <Check className="i s12 inl" aria-hidden="true" /> {t("ui.company_menu.here")}</> : null}</span>
    </MenuItem>
  ));
}

function CompanyMenu({ session }) {
  const t = useT();
  const here = <Mark company={{ id: session.company_id, name: session.company_name, logo_id: session.logo_id }} />;
  if ((session.companies ?? []).length < 2) return <span className="shop" data-tip={session.company_name}>{here}</span>;
  return (
    <Menu label={t("ui.company_menu.label")} align="start" trigger={(props) => <button {...props} className="shop" aria-label={t("ui.company_menu.of", { company: session.company_name })} data-tip={session.company_name}>{here}</button>}>
      {(close) => <CompanyList session={session} close={close} />}
    </Menu>
  );
}

export function AvailabilityPicker({ value, onAvailability, fill = true }) {
  const t = useT();
  return <Segmented fill={fill} label={t("ui.availability.label")} value={value || "available"} onValue={(wanted) => onAvailability?.(wanted)} options={["available", "away"].map((each) => ({ value: each, label: t(`ui.availability.${each}`), icon: <span className={each === "away" ? "live warn" : "live"} /> }))} />;
}

// Above every page while the company waits to be deleted.
export function DeletionBanner({ deletion, company, canCancel, onCancel }) {
  const t = useT();
  const lang = useLang();
  const dateOf = (iso) => new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(new Date(iso));
  if (!deletion?.at) return null;
  return (
    <div className="notice-bar" role="status">
      <TriangleAlert className="i" aria-hidden="true" />
      <span>{t("settings.delete.banner", { company, date: dateOf(deletion.at), who: deletion.by })}</span>
      {canCancel ? <button type="button" className="link" onClick={() => onCancel?.()}>{t("settings.delete.cancel")}</button> : null}
    </div>
  );
}

export async function signOut() {
  await fetch("/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => {});
  window.location.assign("/login");
}

export function useTheme(onTheme) {
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);
  const choose = (theme) => {
    setColorMode(theme);
    onTheme?.(theme);
  };
  return [rawColorMode, choose];
}

export function ThemePicker({ onTheme, fill = true, words = false }) {
  const t = useT();
  const [theme, choose] = useTheme(onTheme);
  const icons = { system: Monitor, light: Sun, dark: Moon };
  const options = Object.entries(icons).map(([value, Icon]) => ({
    value,
    icon: <Icon className="i s14" aria-hidden="true" />,
    label: words ? t(`ui.theme.${value}`) : <span className="sr">{t(`ui.theme.${value}`)}</span>,
  }));
  return <Segmented fill={fill} label={t("ui.theme.label")} options={options} value={theme} onValue={choose} />;
}

export function LanguagePicker({ onLanguage, fill = true }) {
  const t = useT();
  const lang = useLang();
  const choose = (value) => {
    setLang(value);
    onLanguage?.(value);
  };
  // Each language is called by its own name, whatever the page speaks.
  return <Segmented fill={fill} label={t("ui.language.label")} options={[{ value: "es", label: "Español" }, { value: "en", label: "English" }]} value={lang} onValue={choose} />;
}

function AccountMenu({ session, onLanguage, onTheme, onAvailability }) {
  const t = useT();
  const navigate = useNavigate();
  const go = (close, href) => () => {
    close(false);
    navigate(href);
  };
  return (
    <Menu
      label={t("ui.account.menu")}
      side="right"
      trigger={(props) => (
        <button {...props} className="me" aria-label={t("ui.account.of", { name: session.user_name })}>
          <Avatar name={session.user_name} id={session.user_id} url={session.photo_url} size={34} presence={session.user_id ? session.availability || "available" : undefined} />
        </button>
      )}
    >
      {(close) => (
        <>
          <div className="who">
            <div className="strong cut">{session.user_name}</div>
            <div className="small t3 cut">{session.user_email}</div>
          </div>
          <hr />
          <div className="pick"><span className="lb">{t("ui.availability.label")}</span><AvailabilityPicker value={session.availability} onAvailability={onAvailability} /></div>
          <div className="pick"><span className="lb">{t("ui.language.label")}</span><LanguagePicker onLanguage={onLanguage} /></div>
          <div className="pick"><span className="lb">{t("ui.theme.label")}</span><ThemePicker onTheme={onTheme} /></div>
          <hr />
          <MenuItem icon={<CircleUserRound className="i" aria-hidden="true" />} onClick={go(close, "/account")}>{t("ui.account.profile")}</MenuItem>
          <MenuItem icon={<Keyboard className="i" aria-hidden="true" />} onClick={() => { close(false); openKeySheet(); }}>{t("ui.keys.title")}</MenuItem>
          <MenuItem icon={<LogOut className="i" aria-hidden="true" />} onClick={signOut}>{t("ui.account.sign_out")}</MenuItem>
        </>
      )}
    </Menu>
  );
}

// Which address the event socket wants, and what to say when it does not answer from here.
function useConnection() {
  const loop = useContext(EventLoopContext);
  const errors = loop?.[1] ?? [];
  const [, again] = useState(0);
  const lost = errors.length > 0;
  const since = useRef(0);
  if (lost && !since.current) since.current = Date.now();
  if (!lost) since.current = 0;
  useEffect(() => {
    if (!lost) return undefined;
    const timer = setTimeout(() => again((n) => n + 1), 1300);
    return () => clearTimeout(timer);
  }, [lost]);
  // A blip under a second is nobody's business.
  if (!lost || Date.now() - since.current < 1200) return null;
  const wanted = new URL(env.EVENT ?? window.location.origin);
  const local = ["localhost", "127.0.0.1"];
  const here = window.location;
  const same = here.hostname === wanted.hostname || (local.includes(here.hostname) && local.includes(wanted.hostname));
  if (!same || (wanted.port && here.port !== wanted.port)) {
    return { kind: "address", here: here.host, wanted: `${here.protocol}//${wanted.host}${here.pathname}`, name: wanted.host };
  }
  return { kind: navigator.onLine === false ? "offline" : "lost" };
}

export function ConnectionNotice() {
  const t = useT();
  const trouble = useConnection();
  if (!trouble) return null;
  return (
    <div className="notice-bar" role="status">
      <WifiOff className="i" aria-hidden="true" />
      {trouble.kind === "address" ? (
        <span>
          {t("ui.connection.address", { here: trouble.here, wanted: trouble.name })} <a className="link" href={trouble.wanted}>{t("ui.connection.open")}</a>
        </span>
      ) : (
        <span>{t(trouble.kind === "offline" ? "ui.connection.offline" : "ui.connection.lost")}</span>
      )}
    </div>
  );
}

// Until when the company gives time for the second step; afterwards nothing but its page is reachable.
export function TwoStepNotice({ due }) {
  const t = useT();
  const lang = useLang();
  const { pathname } = useLocation();
  if (!due) return null;
  return (
    <div className="notice-bar" role="status">
      <ShieldCheck className="i" aria-hidden="true" />
      <span>
        {t("ui.two_step.due", { date: formatDate(due, lang), time: formatTime(due, lang) })}{" "}
        {isHere(pathname, "/account") ? null : <Link className="link" to="/account">{t("ui.two_step.do")}</Link>}
      </span>
    </div>
  );
}

// `g` then a letter, `?`, `/`: never while typing, never with Ctrl, Alt or Cmd.
let openKeySheet = () => {};
function Keys({ permissions }) {
  const t = useT();
  const navigate = useNavigate();
  const [sheet, setSheet] = useState(false);
  openKeySheet = () => setSheet(true);
  const modules = MODULES.filter((module) => permissions?.includes(module.permission));

  useEffect(() => {
    let afterG = 0;
    const press = (event) => {
      const typing = event.target.closest?.('input, textarea, select, [contenteditable="true"], dialog, [role="menu"]');
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key === "?") {
        event.preventDefault();
        setSheet(true);
      } else if (event.key === "/") {
        const search = document.querySelector("[data-search]");
        if (search) {
          event.preventDefault();
          search.focus();
        }
      } else if (event.key === "g") {
        afterG = Date.now();
      } else if (Date.now() - afterG < 1200) {
        const module = modules.find((each) => each.letter === event.key);
        afterG = 0;
        if (module) {
          event.preventDefault();
          event.stopImmediatePropagation();
          navigate(module.href);
        }
      }
    };
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [navigate, permissions]);

  const line = (keys, words) => (
    <div className="row" key={words} style={{ height: 32, gap: 12 }}>
      <span className="grow">{words}</span>
      <span className="row" style={{ gap: 4 }}>{keys.map((key) => <kbd className="key" key={key}>{key}</kbd>)}</span>
    </div>
  );
  const { pathname } = useLocation();
  return (
    <Dialog open={sheet} onClose={() => setSheet(false)} title={t("ui.keys.title")} width={560} actions={<button type="button" className="btn s" onClick={() => setSheet(false)}>{t("common.close")}</button>}>
      <div style={{ marginTop: 10 }}>
        {modules.map((module) => line(["G", module.letter.toUpperCase()], t("ui.keys.go", { module: t(`ui.nav.${module.id}`) })))}
        {/^\/(inbox|bots\/faqs)/.test(pathname) ? line(["/"], t("ui.keys.search")) : null}
        {line(["?"], t("ui.keys.sheet"))}
        {line(["Esc"], t("ui.keys.close"))}
        {pathname.startsWith("/inbox") ? INBOX_KEYS.map(([keys, name]) => line(keys, t(`ui.keys.inbox.${name}`))) : null}
        {pathname.startsWith("/bots/faqs") ? FAQ_KEYS.map(([keys, name]) => line(keys, t(`ui.keys.faqs.${name}`))) : null}
      </div>
    </Dialog>
  );
}
const INBOX_KEYS = [
  [["J", "K"], "move"], [["↵"], "open"], [["R"], "reply"], [["T"], "take"], [["A"], "assign"], [["E"], "close"], [["L"], "tag"], [["U"], "back"], [["Ctrl", "↵"], "send"],
];

const FAQ_KEYS = [[["J", "K"], "move"], [["↵"], "open"], [["X"], "pick"], [["N"], "new"], [["Ctrl", "S"], "save"]];

// The title of the window, the language of the document, and the focus on the h1 after a navigation inside the app.
let firstPage = true;
export function PageFrame({ title, params }) {
  const t = useT();
  const lang = useLang();
  const { pathname } = useLocation();
  const words = title ? t(title, params ?? undefined) : "";
  useEffect(() => {
    document.title = words ? `${words} · ${t("common.brand")}` : t("common.brand");
    document.documentElement.lang = lang;
  }, [words, lang, t]);
  useEffect(() => {
    if (firstPage) {
      firstPage = false;
      return;
    }
    const seen = [...document.querySelectorAll("h1:not(.sr)")].find((each) => each.offsetParent);
    const heading = seen ?? document.querySelector("h1");
    const isTyping = document.activeElement?.matches("input, textarea, select");
    if (heading && !isTyping) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }, [pathname]);
  return null;
}

// What the signed-in person chose lives in their account; the browser follows it.
function Preferences({ session }) {
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);
  const applied = useRef("");
  useEffect(() => {
    const chosen = `${session.user_id}${session.lang}${session.theme}`;
    if (!session.user_id || applied.current === chosen) return;
    applied.current = chosen;
    if (session.lang && session.lang !== getLang()) setLang(session.lang);
    if (session.theme && session.theme !== rawColorMode) setColorMode(session.theme);
  }, [session, rawColorMode, setColorMode]);
  return null;
}

// Everything around the sheet that is not the rail; once per page.
export function ShellExtras({ session: now, push, notice, undone, onUndo }) {
  const session = useLast(now, !!now.user_id);
  // The session ended or the role changed elsewhere: a fresh load finds out where this person may still go.
  useEffect(() => { if (push?.kind === "identity") window.location.reload(); }, [push]);
  useEffect(() => setBadge("inbox", session.waiting || null), [session.waiting]);
  return (
    <>
      <Preferences session={session} />
      <Keys permissions={session.permissions} />
      <Toaster notice={notice} undone={undone} onUndo={onUndo} />
      <Tooltips />
    </>
  );
}

export function SkipLink() {
  const t = useT();
  return <a className="skip" href="#content">{t("ui.nav.skip")}</a>;
}
