// Small buttons of otherwise plain pages.
import { offerCopies } from "./copy_code.ts";
import { offerPrint } from "./print.ts";

offerPrint();
offerCopies();
