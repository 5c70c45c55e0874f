// A voice note of a minute at most, for who would rather speak than write. Only the Front hears it.
// VOICE_EVENT goes up from its box whenever the note comes or goes, so that the draft follows.
import { fill, find, revealScripted, textOf } from "../page.ts";

export const VOICE_EVENT = "mx-voice";
const MOST_SECONDS = 60;
const BITS_PER_SECOND = 24_000;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export interface VoiceNote { blob: Blob; type: string; seconds: number }

/** The note without the codec in its type, as the server names types. */
export function plainType(type: string): string {
  return type.split(";")[0]?.trim() ?? "";
}

/** 7 → "0:07". */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class VoiceRecorder {
  note: VoiceNote | null = null;
  private recorder: MediaRecorder | null = null;
  /** Ends when a recording that runs has become the note. */
  private running: Promise<void> = Promise.resolve();
  private started = 0;
  private timer = 0;
  private readonly record = find<HTMLButtonElement>("[data-voice-record]", this.box);
  private readonly remove = find<HTMLButtonElement>("[data-voice-remove]", this.box);
  private readonly player = find<HTMLAudioElement>("audio", this.box);
  private readonly status = find("[data-voice-status]", this.box);

  constructor(private readonly box: HTMLElement) {
    this.record?.addEventListener("click", () => {
      if (this.recorder) void this.finished();
      else void this.start();
    });
    this.remove?.addEventListener("click", () => this.keep(null));
  }

  /** The note as it goes; a recording that still runs ends here. */
  async finished(): Promise<VoiceNote | null> {
    if (this.recorder?.state === "recording") this.recorder.stop();
    await this.running;
    return this.note;
  }

  /** Shows a note, or none. */
  keep(note: VoiceNote | null): void {
    this.note = note;
    if (this.player) {
      if (this.player.src) URL.revokeObjectURL(this.player.src);
      if (note) this.player.src = URL.createObjectURL(note.blob);
      else this.player.removeAttribute("src");
      this.player.hidden = note === null;
    }
    if (this.remove) this.remove.hidden = note === null;
    this.name("record");
    this.say(note ? "kept" : "", note?.seconds ?? 0);
    this.box.dispatchEvent(new Event(VOICE_EVENT, { bubbles: true }));
  }

  private async start(): Promise<void> {
    if (!this.record || this.record.disabled) return;
    this.record.disabled = true;
    const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.listen(new MediaRecorder(stream, { ...(type ? { mimeType: type } : {}), audioBitsPerSecond: BITS_PER_SECOND }), stream);
    } catch (error) {
      this.say((error as Error).name === "NotAllowedError" ? "denied" : "absent", 0);
    } finally {
      this.record.disabled = false;
    }
  }

  private listen(recorder: MediaRecorder, stream: MediaStream): void {
    const parts: Blob[] = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    this.running = new Promise((resolve) => {
      recorder.addEventListener("stop", () => {
        for (const track of stream.getTracks()) track.stop();
        this.take(parts, plainType(recorder.mimeType));
        resolve();
      });
    });
    recorder.start();
    this.recorder = recorder;
    this.started = performance.now();
    this.name("stop");
    if (this.remove) this.remove.hidden = true;
    this.timer = window.setInterval(() => this.tick(), 500);
    this.tick();
  }

  private take(parts: Blob[], type: string): void {
    window.clearInterval(this.timer);
    this.recorder = null;
    const seconds = Math.min(MOST_SECONDS, Math.max(1, this.elapsed()));
    const blob = new Blob(parts, { type });
    this.keep(blob.size ? { blob, type, seconds } : null);
  }

  private tick(): void {
    this.say("recording", this.elapsed());
    if (this.elapsed() >= MOST_SECONDS) this.recorder?.stop();
  }

  private elapsed(): number {
    return Math.round((performance.now() - this.started) / 1000);
  }

  private name(what: "record" | "stop"): void {
    const label = this.record && find("span", this.record);
    if (label && this.record) label.textContent = textOf(this.record, what);
  }

  private say(what: string, seconds: number): void {
    if (this.status) this.status.textContent = what ? fill(textOf(this.status, what), { time: clock(seconds) }) : "";
  }
}

/** The recorder of the form; null where the browser cannot record. */
export function offerVoice(form: HTMLFormElement): VoiceRecorder | null {
  const box = find("[data-voice]", form);
  if (!box || !("MediaRecorder" in window) || !navigator.mediaDevices) return null;
  box.hidden = false;
  revealScripted(box);
  return new VoiceRecorder(box);
}
