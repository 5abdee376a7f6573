// A channel that stopped working, above every page of whoever answers customers; its own pages say it themselves.
import { useEffect, useRef } from "react";
import { Link, useLocation } from "react-router";
import { TriangleAlert } from "lucide-react";
import { formatMoment, formatTime, useLang, useT } from "./i18n.js";
import { setBadge } from "./shell.jsx";

const EVERY_SECONDS = 25;

function since(t, lang, iso) {
  if (!iso) return "";
  const today = new Date(iso).toDateString() === new Date().toDateString();
  return today ? t("channels.since.time", { time: formatTime(iso, lang) }) : t("channels.since.day", { day: formatMoment(iso, lang), time: formatTime(iso, lang) });
}

export function ChannelTrouble({ troubles, permissions, onLook }) {
  const t = useT();
  const lang = useLang();
  const { pathname } = useLocation();
  const look = useRef(onLook);
  look.current = onLook;
  const concerns = permissions?.includes("conversations:read");
  useEffect(() => {
    if (!concerns) return undefined;
    const timer = setInterval(() => document.visibilityState === "visible" && look.current?.(), EVERY_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [concerns]);
  useEffect(() => setBadge("channels", concerns && troubles?.length ? "warn" : null), [concerns, troubles?.length]);
  if (!concerns || !troubles?.length || pathname.startsWith("/channels")) return null;
  const [first] = troubles;
  const isOne = troubles.length === 1;
  return (
    <div className="notice-bar" role="status">
      <TriangleAlert className="i" aria-hidden="true" />
      <span>{isOne ? t("channels.trouble.title", { name: first.name, since: since(t, lang, first.since) }) : t("channels.trouble.several", { n: troubles.length })}</span>
      <Link className="link" to={isOne ? `/channels/${first.id}` : "/channels"}>{t("channels.trouble.do")}</Link>
    </div>
  );
}
