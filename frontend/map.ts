// Public pages with the map of cases.
import { startCaseMap } from "./map/case_map.ts";

startCaseMap();
