import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { getText } from "./entry_page";

/**
 * The form of an entry in five steps. Each step is an anchor of the page: the browser's
 * own way back leads to the step before, and without a script all are shown.
 */
export class HoithiEntrySteps extends Interaction {
    static selector = ".o_hoithi_form_page";
    dynamicContent = {
        _window: {
            "t-on-hashchange": () => this.show(true),
        },
        ".o_hoithi_panel_toggle": {
            "t-on-click": this.togglePanel,
            "t-att-aria-expanded": () => (this.isOpen ? "true" : "false"),
        },
        _root: {
            "t-att-class": () => ({ o_hoithi_stepped: true }),
            "t-on-click": this.onClick,
            "t-on-hoithi-parts": this.mark,
            "t-on-hoithi-value": (ev) => this.count(ev.detail),
        },
        ".o_hoithi_panel": {
            "t-att-class": () => ({ o_hoithi_open: this.isOpen }),
        },
        ".o_hoithi_entry_form": {
            "t-on-input": this.onInput,
        },
    };

    setup() {
        this.isOpen = false;
        this.language = document.documentElement.lang || undefined;
        // the server tells what is wrong, at its field; a browser would point at a step
        // that isn't shown
        this.el.querySelector(".o_hoithi_entry_form").noValidate = true;
    }

    start() {
        this.show(Boolean(window.location.hash));
        this.el.closest("#wrap")?.querySelector(".o_hoithi_notice")?.focus();
    }

    /** Show the step that the address means. */
    show(isMoving) {
        const id = decodeURIComponent(window.location.hash.slice(1));
        const found = id && document.getElementById(id);
        const target = found && this.el.contains(found) ? found : null;
        const steps = [...this.el.querySelectorAll(".o_hoithi_form_step")];
        const current =
            target?.closest(".o_hoithi_form_step") ||
            // an address that means nothing here leaves the step that is shown
            steps.find((step) => step.classList.contains("o_hoithi_current")) ||
            steps[0];
        for (const step of steps) {
            step.classList.toggle("o_hoithi_current", step === current);
        }
        this.mark();
        if (isMoving && target) {
            this.isOpen = false;
            this.updateContent();
            this.focusOn(target, current);
        }
    }

    /** Mark the link of the step that is shown; the rail is put anew after a save. */
    mark() {
        const current = this.el.querySelector(".o_hoithi_current");
        for (const link of this.el.querySelectorAll(".o_hoithi_rail a")) {
            if (link.dataset.step === current?.dataset.step) {
                link.setAttribute("aria-current", "step");
            } else {
                link.removeAttribute("aria-current");
            }
        }
    }

    focusOn(target, step) {
        const field = ":is(input, select, textarea):not([type=hidden])";
        let el = target;
        if (target === step) {
            el = step.querySelector("h2");
        } else if (!target.matches(`${field}, [tabindex]`)) {
            el = target.querySelector(field) || target;
        }
        const folded = el.closest("details:not([open])");
        if (folded) {
            folded.open = true;
        }
        el.focus({ preventScroll: true });
        (target === step ? this.el.querySelector(".o_hoithi_steps") : el).scrollIntoView({
            block: target === step ? "start" : "nearest",
        });
    }

    onClick(ev) {
        const link = ev.target.closest?.("a[href^='#']");
        // the same address again changes nothing that could be heard
        if (link && link.getAttribute("href") === window.location.hash) {
            ev.preventDefault();
            this.show(true);
        }
    }

    togglePanel() {
        this.isOpen = !this.isOpen;
    }

    onInput(ev) {
        this.count(ev.target.name);
    }

    /** Count the words of a text; too many are told, never taken away. */
    count(name) {
        const place = this.el.querySelector(`#hoithi_${name}_count`);
        if (!place) {
            return;
        }
        const input = this.el.querySelector(`.o_hoithi_entry_form [name="${name}"]`);
        const most = parseInt(place.dataset.words);
        const words = input.value.split(/\s+/).filter(Boolean).length;
        place.querySelector("i").style.width = `${Math.min(100, (100 * words) / most)}%`;
        const over = words - most;
        place.classList.toggle("o_hoithi_over", over > 0);
        const now = words.toLocaleString(this.language);
        place.querySelector(".o_hoithi_count_now").textContent =
            over > 0
                ? `${getText("over", { count: over.toLocaleString(this.language) })} ${now}`
                : now;
    }
}

registry.category("public.interactions").add("hoithi_contest.entry_steps", HoithiEntrySteps);
