// Opened from a mail: one tap on the link is enough. A program that only looks at links runs no script.
import { find } from "./page.ts";

find<HTMLFormElement>("form[data-stop-notices]")?.requestSubmit();
