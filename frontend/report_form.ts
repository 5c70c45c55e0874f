// Makes the long report form light on a phone. Without this script every part of it still works.
import { find, revealScripted } from "./page.ts";
import { offerAdvice } from "./report/advice.ts";
import { foldUnused, needPlace } from "./report/folding.ts";
import { loadMapWhenShown } from "./map/late_map.ts";
import { offerLocation } from "./report/locate.ts";
import { offerNear } from "./report/near.ts";
import { offerOtherBrowser } from "./report/other_browser.ts";
import { offerPhotos } from "./report/photos.ts";
import { offerPreview } from "./report/preview.ts";
import { offerSearch, offerUnitSearch } from "./report/search.ts";
import { sendOnce } from "./report/send_once.ts";
import { offerSending } from "./report/sending.ts";
import { splitIntoSteps } from "./report/steps.ts";
import { offerPhotoPlace, offerUnit } from "./report/unit.ts";
import { offerVoice } from "./report/voice.ts";
import { offerWarnings } from "./report/warnings.ts";

const form = find<HTMLFormElement>("form[data-report-form]");
if (form) {
  revealScripted(form);
  offerOtherBrowser(form);
  offerPhotos(form);
  offerLocation(form);
  offerUnit(form);
  offerPhotoPlace(form);
  needPlace(form);
  offerSearch(form);
  offerUnitSearch(form);
  offerAdvice(form);
  offerNear(form);
  offerWarnings(form);
  offerPreview(form);
  foldUnused(form);
  splitIntoSteps(form);
  loadMapWhenShown(form);
  offerSending(form, window.mxOutbox ? offerVoice(form) : null);
  sendOnce(form);
  find("[data-form-errors]")?.focus();
}
