// The receipt of a report that was sent without the outbox: copy, print, keep as a picture.
import { offerCopies } from "./copy_code.ts";
import { savePicture } from "./outbox/receipt.ts";
import { find, textOf } from "./page.ts";
import { offerPrint } from "./print.ts";

offerPrint();
offerCopies();

const button = find<HTMLButtonElement>("button[data-save-picture]");
const code = find("#tracking-code");
if (button && code) {
  button.hidden = false;
  button.addEventListener("click", () => {
    savePicture((code.textContent ?? "").replace(/ /g, ""), button.dataset["report"] ?? "", {
      title: textOf(button, "title"), report: textOf(button, "report"), hint: textOf(button, "hint"),
    });
  });
}
