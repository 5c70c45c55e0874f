// What of the minutes waits in this phone, and on the page without network also the files themselves.
import { fill, find, findAll, localTime, revealScripted, textOf } from "../page.ts";
import type { VisitDesk } from "./desk.ts";
import type { Visit, VisitFile } from "./visit.ts";

export class VisitList {
  private readonly rows = find("[data-visit-rows]", this.root);
  private readonly files = find("[data-visit-files]", this.root);
  private readonly status = find("[data-visit-status]", this.root);

  constructor(private readonly root: HTMLElement) {
    revealScripted(root);
  }

  async draw(desk: VisitDesk): Promise<void> {
    const visits = await desk.visits();
    if (this.rows) {
      this.rows.textContent = "";
      for (const visit of visits) this.rows.append(this.row(desk, visit));
    }
    if (!this.files) return;
    this.files.textContent = "";
    for (const file of desk.files) this.files.append(this.card(file));
    const words = desk.at === 0 ? "unknown" : desk.files.length ? "kept" : "none";
    if (this.status) {
      this.status.textContent = fill(textOf(this.root, words), { count: desk.files.length, when: localTime(desk.at) });
    }
  }

  private row(desk: VisitDesk, visit: Visit): Node {
    const row = this.copy("template[data-visit-row]");
    const state = visit.state === "waiting" && visit.held ? "held" : visit.state;
    this.say(row, {
      title: visit.title, state: fill(textOf(this.root, state), { time: localTime(visit.at) }), problem: visit.problem,
    });
    const link = find<HTMLAnchorElement>("a", row);
    if (link) {
      link.href = this.address(visit.file);
      link.hidden = visit.state === "sent";
    }
    const drop = find<HTMLButtonElement>("button", row);
    if (drop) {
      drop.hidden = visit.state === "waiting";
      drop.addEventListener("click", () => {
        void desk.change((all) => all.filter(({ key }) => key !== visit.key)).then(() => this.draw(desk));
      });
    }
    return row;
  }

  private card(file: VisitFile): Node {
    const card = this.copy("template[data-visit-file]");
    this.say(card, { title: file.title, purpose: file.purpose, day: file.day });
    const link = find<HTMLAnchorElement>("a", card);
    if (link) link.href = this.address(file.uid);
    return card;
  }

  private address(uid: string): string {
    return `${this.root.dataset["prefix"] ?? ""}/can-bo/kiem-tra/${uid}/buoc/write_minutes`;
  }

  private copy(selector: string): DocumentFragment {
    return (find<HTMLTemplateElement>(selector, this.root) as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  }

  private say(row: DocumentFragment, words: Record<string, string>): void {
    for (const [name, value] of Object.entries(words)) {
      for (const target of findAll(`[data-say-${name}]`, row as unknown as Element)) {
        target.textContent = value;
        target.hidden = value === "";
      }
    }
  }
}
