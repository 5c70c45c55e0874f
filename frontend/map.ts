// Public pages with the map of cases.
import { linkNewsToMap } from "./map/news_link.ts";
import { startCaseMap } from "./map/case_map.ts";

startCaseMap();
linkNewsToMap();
