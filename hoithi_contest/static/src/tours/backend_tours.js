import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const HOME = "[data-menu-xmlid='hoithi_contest.hoithi_home_menu']";

/** The secretary: where the contest stands, its form, its board, and back. */
tours.add("hoithi_secretary", {
    url: "/odoo/hoithi",
    steps: () => [
        { trigger: ".o_hoithi_home .o_hoithi_next" },
        {
            trigger: ".o_hoithi_home .o_hoithi_open_contest",
            content: _t(
                "The overview says what to do next and what waits for you. The contest itself, with its dates, rules and papers, opens here."
            ),
            tooltipPosition: "left",
            run: "click",
        },
        { trigger: ".o_hoithi_contest_form .o_notebook" },
        {
            trigger: ".o_hoithi_contest_form .o_notebook_headers a[name=dates]",
            content: _t("All deadlines stand together, on the contest's own clock."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='hoithi_contest.hoithi_entry_menu']",
            content: _t(
                "The board of entries: a column for each state. Drag a card, or open it, to take the next step."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        { trigger: ".o_kanban_renderer" },
        {
            trigger: HOME,
            content: _t("Back to the overview from anywhere."),
            tooltipPosition: "bottom",
            run: "click",
        },
        { trigger: ".o_hoithi_home .o_hoithi_next" },
    ],
});

/** A member of the council: own sheets, the dossier beside the scores. */
tours.add("hoithi_member", {
    url: "/odoo/hoithi",
    steps: () => [
        { trigger: ".o_hoithi_home .o_hoithi_next" },
        {
            trigger: ".o_hoithi_home [data-card=sheets] tbody tr:first-child .btn-link",
            content: _t("Your sheets, what is due first on top. Open one."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_hoithi_score_page .o_hoithi_tabs [role=tab]:first-child",
            content: _t(
                "The dossier is on the left, the scores on the right. What you enter is saved by itself."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_hoithi_score_page .o_hoithi_back",
            content: _t(
                "You may stop at any time and go on later, on another machine as well."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        { trigger: ".o_hoithi_home .o_hoithi_next" },
    ],
});
