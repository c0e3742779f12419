import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Staff: from the own page to the form of an entry and its preview. */
registry.category("web_tour.tours").add("hoithi_staff", {
    url: "/my/hoithi",
    steps: () => [
        {
            trigger: ".o_hoithi_register:first",
            content: _t("Register a solution of yours here, alone or with others."),
            tooltipPosition: "left",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_hoithi_form_page .o_hoithi_entry_form" },
        {
            trigger: ".o_hoithi_rail li:nth-child(2) a",
            content: _t(
                "Five short steps, in any order. What you write is saved by itself; you may leave and come back."
            ),
            tooltipPosition: "right",
            run: "click",
        },
        {
            trigger: ".o_hoithi_rail li:nth-child(1) a",
            content: _t(
                "Nothing is handed in before you press “Submit” on the preview. Begin with the name of your solution."
            ),
            tooltipPosition: "right",
            run: "click",
        },
    ],
});

/** The button that starts the tour is of use with a script alone. */
export class HoithiTour extends Interaction {
    static selector = ".o_hoithi_tour";
    dynamicContent = {
        _root: {
            "t-att-class": () => ({ "d-none": false }),
            "t-on-click": () => this.services.tour_service.startTour("hoithi_staff", {
                mode: "manual",
                showPointerDuration: 0,
                // it begins on this very page
                redirect: false,
            }),
        },
    };
}

registry.category("public.interactions").add("hoithi_contest.tour", HoithiTour);
