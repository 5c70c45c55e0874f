// The code of a printed QR stands after "#", which no server sees: it is put into the form, taken out
// of the address, and the form is sent.
import { find } from "./page.ts";

const form = find<HTMLFormElement>("form[data-code-form]");
const input = form && find<HTMLInputElement>("input[name=code]", form);
const code = decodeURIComponent(location.hash.slice(1));
if (form && input && /^[0-9A-Za-z -]{16,24}$/.test(code)) {
  history.replaceState(null, "", location.pathname);
  input.value = code;
  form.requestSubmit();
}
