// Files on their way into an answer: checked against what the channel carries, sent at once, removable until the answer leaves.
import { useEffect, useRef, useState } from "react";
import { FileText, Mic, Triangle, Video, X } from "./icons.js";
import { cx, size, useInbox, uuid } from "./util.js";

const kindOf = (mime) => (mime.startsWith("image/") ? "image" : mime.startsWith("video/") ? "video" : mime.startsWith("audio/") ? "audio" : "document");
const base = (mime) => mime.split(";")[0].trim();

function fit(file, limits) {
  const own = kindOf(file.type);
  const accepts = (kind) => limits.media.includes(kind) && (!file.type || limits.media_mimes[kind]?.includes(base(file.type)));
  const kind = accepts(own) ? own : accepts("document") ? "document" : null;
  if (!kind) return { kind: own, problem: "kind" };
  const limit = limits.media_limits[kind];
  return limit && file.size > limit ? { kind, problem: "size", limit } : { kind };
}

export function useUploads(conversation, limits) {
  const { t, lang } = useInbox();
  const shelf = useRef(new Map()); // per conversation, so that a switch of thread loses nothing
  const [, redraw] = useState(0);
  const list = shelf.current.get(conversation) || [];
  const write = (id, change) => { shelf.current.set(id, change(shelf.current.get(id) || [])); redraw((n) => n + 1); };
  const patch = (id, key, values) => write(id, (old) => old.map((one) => (one.key === key ? { ...one, ...values } : one)));
  useEffect(() => () => shelf.current.forEach((files) => files.forEach((one) => one.request?.abort())), []);

  const start = (id, key, file) => {
    const request = new XMLHttpRequest(), form = new FormData();
    form.append("file", file);
    request.open("POST", "/media");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && patch(id, key, { progress: event.loaded / event.total });
    request.onload = () => (request.status === 200 ? patch(id, key, { view: { state: "stored", ...request.response }, progress: 1 }) : patch(id, key, { problem: request.response?.error?.message || t("upload.failed") }));
    request.onerror = () => patch(id, key, { problem: t("upload.offline") });
    request.send(form);
    return request;
  };
  const add = (files) => {
    for (const file of [...files].slice(0, 10)) {
      const { kind, problem, limit } = fit(file, limits), key = uuid();
      const words = problem === "kind" ? t("upload.kind") : problem === "size" ? t("upload.size", { limit: size(limit, lang) }) : null;
      write(conversation, (old) => [...old, { key, file, kind, problem: words, progress: 0, local: kind === "image" ? URL.createObjectURL(file) : null }]);
      if (!words) patch(conversation, key, { request: start(conversation, key, file) });
    }
  };
  const remove = (key) => write(conversation, (old) => old.filter((one) => { if (one.key !== key) return true; one.request?.abort(); if (one.local) URL.revokeObjectURL(one.local); return false; }));
  const accept = [...new Set(limits.media.flatMap((kind) => limits.media_mimes[kind] || []))].join(",");
  return { list, add, remove, accept, clear: () => write(conversation, () => []), stored: list.filter((one) => one.view).map((one) => one.view), busy: list.some((one) => !one.view && !one.problem) };
}

const ICONS = { video: Video, audio: Mic };

export function UploadChips({ uploads }) {
  const { t, lang } = useInbox();
  return uploads.list.length > 0 && (
    <ul className="bx-uploads" aria-label={t("upload.list")}>
      {uploads.list.map((one) => {
        const Icon = ICONS[one.kind] || FileText;
        return (
          <li key={one.key} className={cx(one.problem && "bad")}>
            {one.local && !one.problem ? <img src={one.local} alt="" /> : <span className="tile">{one.problem ? <Triangle size={16} strokeWidth={1.75} aria-hidden="true" /> : <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}</span>}
            <span className="grow"><b className="cut" data-tip={one.file.name}>{one.file.name}</b><span className={one.problem ? "why" : "t3"} role={one.problem ? "alert" : undefined}>{one.problem || (one.view ? size(one.file.size, lang) : t("upload.going", { percent: Math.round(one.progress * 100) }))}</span></span>
            {!one.view && !one.problem && <i className="bar" style={{ transform: `scaleX(${one.progress})` }} />}
            <button type="button" className="ib sm" aria-label={t("upload.remove", { name: one.file.name })} onClick={() => uploads.remove(one.key)}><X size={14} strokeWidth={1.75} /></button>
          </li>
        );
      })}
    </ul>
  );
}
