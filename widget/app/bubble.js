import { fileUrl } from "./api.js";
import { boot, clock, size, t } from "./boot.js";
import { el, icon, linked } from "./dom.js";

/** One message: its words, its files, and (for the last of a group) who, when and how far it got. */
export const bubble = (message, { isLast, isRead, picked, onPick, onRetry }) => {
  const isMine = message.direction === "in";
  const files = (message.attachments ?? []).map((file) => attachment(file, isMine));
  const words = message.text && el("div", { className: "b" }, ...quote(message), ...linked(message.text));
  const parts = [words, place(message.location), ...cards(message.contacts), ...files];
  const isEmpty = !parts.some(Boolean);
  return el(
    "div",
    { className: `m ${isMine ? "me" : "us"}${message.status === "failed" ? " bad" : ""}` },
    ...parts,
    isEmpty && el("div", { className: "b none" }, t("unsupported")),
    message.choices && offers(message.choices, picked, onPick),
    (isLast || message.status === "failed" || !message.rev) && meta(message, isMine, isRead, onRetry),
  );
};

/** Answers to tap; without `onPick` they are only what was offered. */
const offers = (choices, picked, onPick) =>
  el(
    "div",
    { className: "offers", role: "group", "aria-label": t("choose") },
    ...choices.map((choice) => {
      const words = wordsOf(choice);
      return el("button", { type: "button", className: choice.id === picked ? "on" : "", disabled: !onPick, onclick: () => onPick(words, choice.id) }, words);
    }),
  );

/** Where a title was cut, its description says all of it. */
const wordsOf = ({ title, description }) => (title.endsWith("…") && description?.startsWith(title.slice(0, -1)) ? description : title);

const meta = (message, isMine, isRead, onRetry) => {
  const { author, status } = message;
  const isBot = !isMine && author.kind === "bot";
  const who = isMine ? "" : isBot ? t("automatic") : author.name;
  const line = el("div", { className: "meta" }, isBot && boot.bot && el("b", {}, boot.bot), [who, clock(message.at)].filter(Boolean).join(" · "));
  if (!isMine) return line;
  if (status === "failed") {
    const reason = message.error || t("failed");
    line.replaceChildren(icon("alert", 14), el("span", {}, reason, " "), el("button", { type: "button", onclick: onRetry }, t("retry")));
    line.setAttribute("role", "alert");
  } else {
    const [shape, word] =
      status === "queued" ? ["clock", "queued"] : status === "sending" ? ["clock", "sending"] : isRead ? ["checks", "read"] : ["check", "sent"];
    const tick = icon(shape, 14);
    tick.classList.toggle("read", isRead);
    line.append(...(status === "queued" ? [` · ${t(word)}`] : []), tick, el("span", { className: "sr" }, t(word)));
  }
  return line;
};

const quote = ({ reply_to: quoted }) =>
  quoted ? [el("div", { className: "quote" }, el("b", {}, quoted.author_name || t("you")), el("span", {}, quoted.text))] : [];

const attachment = (file, isMine) => {
  if (file.state && file.state !== "stored") return el("div", { className: "b none" }, t(file.state === "pending" ? "pending" : "lost"));
  const url = fileUrl(file.url);
  if (file.kind === "image" || file.kind === "sticker") return picture(file, url);
  if (file.kind === "audio") return el("audio", { controls: true, preload: "none", src: url, "aria-label": t("audio") });
  if (file.kind === "video") return el("video", { controls: true, preload: "metadata", src: url, playsInline: true, "aria-label": t("video") });
  const name = file.name || t("document");
  return el(
    "a",
    { className: "file", href: url, target: "_blank", rel: "noopener", "aria-label": t("download", { name }) },
    icon("file", 20),
    el("span", {}, el("b", {}, name), file.size && el("small", {}, size(file.size))),
  );
};

/** Its place is kept before it loads, so that the log does not jump. */
const picture = (file, url) => {
  const image = el("img", { src: file.thumb_url ? fileUrl(file.thumb_url) : url, alt: file.name || t("image"), loading: "lazy", decoding: "async" });
  const ratio = file.width && file.height ? Math.min(2.2, Math.max(0.62, file.width / file.height)) : 4 / 3;
  image.style.aspectRatio = ratio;
  image.style.width = `${Math.round(Math.min(248, file.kind === "sticker" ? 120 : 300 * ratio))}px`;
  return el("a", { className: "pic", href: url, target: "_blank", rel: "noopener", "aria-label": t("open_image") }, image);
};

const place = (location) =>
  location &&
  el(
    "a",
    { className: "file", href: `https://www.google.com/maps?q=${location.latitude},${location.longitude}`, target: "_blank", rel: "noopener noreferrer" },
    icon("pin", 20),
    el("span", {}, el("b", {}, location.name || t("location")), location.address && el("small", {}, location.address)),
  );

const cards = (contacts) =>
  (contacts ?? []).map(({ name, phones, emails }) =>
    el("div", { className: "file" }, icon("person", 20), el("span", {}, el("b", {}, name), el("small", {}, [...phones, ...emails].join(" · ")))),
  );
