// Cut a picture square before it is sent: drag, arrow keys, zoom. `onCut` gets a PNG blob of 512 pixels.
import { useEffect, useRef, useState } from "react";
import { Button } from "./forms.jsx";
import { Dialog, toast } from "./overlays.jsx";
import { useT } from "./i18n.js";

const VIEW = 264;
const OUT = 512;

export function PictureCrop({ file, round, busy, onCut, onClose }) {
  const t = useT();
  const [image, setImage] = useState(null);
  const [zoom, setZoom] = useState(1);
  const [at, setAt] = useState({ x: 0, y: 0 });
  const drag = useRef(null);

  useEffect(() => {
    if (!file) return setImage(null);
    const url = URL.createObjectURL(file);
    const loaded = new Image();
    loaded.onload = () => {
      setZoom(1);
      setAt({ x: 0, y: 0 });
      setImage(loaded);
    };
    loaded.onerror = () => {
      toast({ text: t("errors.picture_kind"), kind: "error" });
      onClose?.();
    };
    loaded.src = url;
    return () => URL.revokeObjectURL(url);
  }, [file]);

  const scale = image ? (VIEW / Math.min(image.naturalWidth, image.naturalHeight)) * zoom : 1;
  const most = image ? { x: (image.naturalWidth * scale - VIEW) / 2, y: (image.naturalHeight * scale - VIEW) / 2 } : { x: 0, y: 0 };
  const held = { x: Math.max(-most.x, Math.min(most.x, at.x)), y: Math.max(-most.y, Math.min(most.y, at.y)) };
  const move = (x, y) => setAt({ x: held.x + x, y: held.y + y });

  const keys = (event) => {
    const step = { ArrowLeft: [8, 0], ArrowRight: [-8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] }[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  };
  const cut = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: OUT, height: OUT });
    const side = VIEW / scale;
    const left = image.naturalWidth / 2 - held.x / scale - side / 2;
    const top = image.naturalHeight / 2 - held.y / scale - side / 2;
    canvas.getContext("2d").drawImage(image, left, top, side, side, 0, 0, OUT, OUT);
    canvas.toBlob((blob) => onCut?.(blob), "image/png");
  };

  return (
    <Dialog
      open={!!file && !!image}
      onClose={onClose}
      title={t("ui.crop.title")}
      actions={
        <>
          <Button kind="g" onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="p" busy={busy} onClick={cut}>{t("ui.crop.do")}</Button>
        </>
      }
    >
      <p className="small t3" style={{ marginTop: 4 }}>{t("ui.crop.line")}</p>
      <div
        className={round ? "crop round" : "crop"}
        tabIndex={0}
        role="group"
        aria-label={t("ui.crop.area")}
        onKeyDown={keys}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = [event.clientX, event.clientY];
        }}
        onPointerMove={(event) => {
          if (!drag.current) return;
          move(event.clientX - drag.current[0], event.clientY - drag.current[1]);
          drag.current = [event.clientX, event.clientY];
        }}
        onPointerUp={() => (drag.current = null)}
      >
        {image ? <img src={image.src} alt="" draggable={false} style={{ width: image.naturalWidth * scale, transform: `translate(calc(-50% + ${held.x}px), calc(-50% + ${held.y}px))` }} /> : null}
      </div>
      <label className="zoom">
        <span className="small t3">{t("ui.crop.zoom")}</span>
        <input type="range" min="1" max="4" step="0.05" value={zoom} onChange={(event) => setZoom(Number(event.target.value))} />
      </label>
    </Dialog>
  );
}
