// Public pages with the map of cases.
import { linkNewsToMap } from "./map/news_link.ts";
import { startCaseMap } from "./map/case_map.ts";
import { whenShown } from "./map/late_map.ts";
import { find } from "./page.ts";

const container = find("#map");
if (container) whenShown(container, startCaseMap);
linkNewsToMap();
