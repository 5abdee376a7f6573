// Files inside a message. Every picture has its place before it loads, so that nothing moves under the reader.
import { useEffect, useRef, useState } from "react";
import { copyText } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Contact, Copy, Download, FileText, ImageIcon, Pause, Play, Smartphone, Triangle, Video, X } from "./icons.js";
import { clock, phone, size as bytes, useInbox } from "./util.js";

const frame = (file, box = 280) => {
  const ratio = file.width && file.height ? file.width / file.height : 4 / 3;
  const clamped = Math.min(2.2, Math.max(0.6, ratio));
  const width = Math.round(clamped >= 1 ? box : Math.max(160, box * clamped));
  return { width, aspectRatio: String(clamped) };
};

function Placeholder({ file, Icon }) {
  const { t } = useInbox();
  const failed = file.state === "failed";
  return (
    <span className="bx-media-wait" style={frame(file)}>
      {failed ? <Triangle size={18} strokeWidth={1.75} aria-hidden="true" /> : <Icon size={20} strokeWidth={1.75} aria-hidden="true" />}
      <span>{t(failed ? "media.failed" : "media.coming")}</span>
    </span>
  );
}

export function Lightbox({ file, onClose }) {
  const { t } = useInbox();
  const dialog = useRef(null);
  useEffect(() => { dialog.current.showModal(); }, []);
  return (
    <dialog ref={dialog} className="bx-lightbox" aria-label={file.name || t("kind.image")} onClose={onClose} onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <img src={file.url} alt={file.name || t("kind.image")} />
      <div className="bar">
        <span className="cut">{file.name}</span><span className="grow" />
        <a className="ib" href={file.url} download={file.name || ""} aria-label={t("media.download")} data-tip={t("media.download")}><Download size={18} strokeWidth={1.75} /></a>
        <button type="button" className="ib" aria-label={t("media.close")} onClick={() => dialog.current.close()}><X size={18} strokeWidth={1.75} /></button>
      </div>
    </dialog>
  );
}

export function Picture({ file }) {
  const { t } = useInbox();
  const [open, setOpen] = useState(false), [broken, setBroken] = useState(false);
  if (file.state !== "stored" || broken) return <Placeholder file={broken ? { ...file, state: "failed" } : file} Icon={ImageIcon} />;
  return (
    <>
      <button type="button" className="bx-picture" style={frame(file)} aria-label={t("media.open_image")} onClick={() => setOpen(true)}>
        <img src={file.thumb_url || file.url} alt={file.name || t("kind.image")} loading="lazy" onError={() => setBroken(true)} />
      </button>
      {open && <Lightbox file={file} onClose={() => setOpen(false)} />}
    </>
  );
}

export function Sticker({ file }) {
  const { t } = useInbox();
  return file.state === "stored" ? <img className="bx-sticker" src={file.url} alt={t("kind.sticker")} width="128" height="128" loading="lazy" /> : <Placeholder file={{ ...file, width: 1, height: 1 }} Icon={ImageIcon} />;
}

export function Film({ file }) {
  const { t } = useInbox();
  if (file.state !== "stored") return <Placeholder file={file} Icon={Video} />;
  return <video className="bx-film" style={frame(file, 320)} src={file.url} poster={file.thumb_url || undefined} controls preload="metadata" aria-label={file.name || t("kind.video")} />;
}

// The true loudness of the note: 40 bars read from the sound itself.
async function readPeaks(url) {
  const raw = await (await fetch(url, { credentials: "same-origin" })).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(raw);
  const data = sound.getChannelData(0), step = Math.floor(data.length / 40) || 1;
  const peaks = Array.from({ length: 40 }, (_, i) => { let top = 0; for (let k = i * step; k < (i + 1) * step; k += 16) top = Math.max(top, Math.abs(data[k] || 0)); return top; });
  const max = Math.max(...peaks) || 1;
  return { peaks: peaks.map((peak) => Math.max(0.12, peak / max)), seconds: sound.duration };
}

export function Voice({ file }) {
  const { t } = useInbox();
  const audio = useRef(null);
  const [playing, setPlaying] = useState(false), [at, setAt] = useState(0), [heard, setHeard] = useState(null), [rate, setRate] = useState(1);
  const total = file.duration || heard?.seconds || 0;
  useEffect(() => {
    if (file.state !== "stored" || !file.url || file.size > 2_000_000) return undefined;
    let alive = true;
    readPeaks(file.url).then((found) => alive && setHeard(found), () => {}); // no codec for it: even bars
    return () => { alive = false; };
  }, [file.url, file.state]);
  if (file.state !== "stored") return <div className="bx-voice"><span className="t3">{t(file.state === "failed" ? "media.failed" : "media.coming")}</span></div>;

  const toggle = () => (playing ? audio.current.pause() : audio.current.play().catch(() => {}));
  const seek = (event) => { audio.current.currentTime = (event.target.value / 1000) * total; setAt(audio.current.currentTime); };
  const faster = () => { const next = rate === 1 ? 1.5 : rate === 1.5 ? 2 : 1; audio.current.playbackRate = next; setRate(next); };
  const done = total ? at / total : 0;
  const peaks = heard?.peaks || Array(40).fill(0.3);
  return (
    <div className="bx-voice">
      <audio ref={audio} src={file.url} preload="none" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={() => { setPlaying(false); setAt(0); }} onTimeUpdate={(event) => setAt(event.target.currentTime)} />
      <button type="button" className="play" onClick={toggle} aria-label={t(playing ? "media.pause" : "media.play")}>{playing ? <Pause size={16} fill="currentColor" strokeWidth={0} /> : <Play size={16} fill="currentColor" strokeWidth={0} />}</button>
      <span className="wave">
        <svg viewBox="0 0 160 28" preserveAspectRatio="none" aria-hidden="true">{peaks.map((peak, i) => <rect key={i} x={i * 4} width="2.400" rx="1.200" y={14 - peak * 12} height={peak * 24} className={i / 40 < done ? "on" : ""} />)}</svg>
        <input type="range" min="0" max="1000" value={Math.round(done * 1000)} onChange={seek} disabled={!total} aria-label={t("media.position")} aria-valuetext={clock(at)} />
      </span>
      <span className="num">{clock(playing || at ? at : total)}</span>
      {playing && <button type="button" className="rate num" onClick={faster} aria-label={t("media.speed")}>{rate}×</button>}
    </div>
  );
}

export function Document({ file }) {
  const { t, lang } = useInbox();
  const kind = (file.name?.split(".").pop() || file.mime?.split("/").pop() || "").slice(0, 5).toUpperCase();
  const body = (
    <>
      <span className="tile"><FileText size={18} strokeWidth={1.75} aria-hidden="true" /></span>
      <span className="grow"><b className="cut" data-tip={file.name}>{file.name || t("kind.document")}</b>
        <span className="t3">{file.state === "stored" ? [kind, bytes(file.size, lang)].filter(Boolean).join(" · ") : t(file.state === "failed" ? "media.failed" : "media.coming")}</span></span>
      {file.state === "stored" && <Download size={16} strokeWidth={1.75} aria-hidden="true" />}
    </>
  );
  return file.state === "stored" ? <a className="bx-file" href={file.url} target="_blank" rel="noopener">{body}</a> : <div className="bx-file">{body}</div>;
}

// A drawn corner of a town: the place is named, the map itself opens elsewhere and only when asked.
export function Place({ location }) {
  const { t } = useInbox();
  const url = `https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}#map=17/${location.latitude}/${location.longitude}`;
  return (
    <a className="bx-place" href={url} target="_blank" rel="noopener noreferrer">
      <svg viewBox="0 0 280 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <rect width="280" height="120" className="land" /><path className="park" d="M0 0h84v42L52 58 0 50Z" /><path className="water" d="M280 120h-96c10-24 34-22 46-40s30-18 50-22Z" />
        <g className="road"><path d="M-10 88 120 40 290 18" /><path d="M60-10 112 130" /><path d="M150-10 190 130" /><path d="M-10 24 70 60 200 110" /></g>
        <g className="pin"><path d="M140 74c-12-14-18-22-18-32a18 18 0 0 1 36 0c0 10-6 18-18 32Z" /><circle cx="140" cy="42" r="6.500" /></g>
      </svg>
      <span className="words"><b className="cut">{location.name || t("kind.location")}</b><span className="t3 cut">{location.address || `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`}</span><span className="link">{t("media.open_map")}</span></span>
    </a>
  );
}

export function Cards({ contacts }) {
  const { t } = useInbox();
  return contacts.map((card, index) => (
    <div key={index} className="bx-card"><span className="tile"><Contact size={18} strokeWidth={1.75} aria-hidden="true" /></span>
      <span className="grow"><b className="cut">{card.name}</b>
        {[...(card.phones || []), ...(card.emails || [])].map((value) => (
          <button key={value} type="button" className="line" onClick={() => copyText(value)} data-tip={t("panel.copy")}><span className="num cut">{phone(value)}</span><Copy size={12} strokeWidth={2} aria-hidden="true" /></button>
        ))}</span>
    </div>
  ));
}

export const Unsupported = ({ text }) => {
  const { t } = useInbox();
  return <div className={"bx-unsupported"}><Smartphone size={16} strokeWidth={1.75} aria-hidden="true" /><span><b>{t("media.unsupported")}</b>{text && <span className="t3"> {text}</span>}<br /><span className="t3">{t("media.open_on_phone")}</span></span></div>;
};
