/**
 * @module
 * What every page starts with. Modules that one page alone needs are loaded when it is that page.
 */
import { keepCommands } from "./command_line.ts";
import { copyButtons } from "./copy.ts";
import { first } from "./dom.ts";
import { activeFilters } from "./filters.ts";
import { activeForms } from "./forms.ts";
import { keepLive } from "./live.ts";
import { themeButton } from "./theme.ts";
import { keepTimes } from "./times.ts";

keepTimes();
themeButton();
copyButtons();
activeForms();
keepCommands();
activeFilters();

const main = first("main");
if (main?.dataset.live !== undefined) keepLive(main);
if (first("[data-charts]")) void import("./charts.ts").then(({ drawCharts }) => drawCharts());
if (first("[data-selection]")) {
  void import("./selection.ts").then(({ keepSelection }) => keepSelection());
}
if (first("[data-identify]")) {
  void import("./identify.ts").then(({ identifyButtons }) => identifyButtons());
}
if (first("[data-once]")) void import("./shown_once.ts").then(({ showOnce }) => showOnce());
if (first("[data-sign-in]")) {
  void import("./sign_in.ts").then(({ goOnSignedIn }) => goOnSignedIn());
}
if (first("[data-set-up]")) void import("./set_up.ts").then(({ setUpForm }) => setUpForm());
if (first("[data-check-audit]")) {
  void import("./check_audit.ts").then(({ checkButton }) => checkButton());
}
document.documentElement.dataset.ready = "yes";
