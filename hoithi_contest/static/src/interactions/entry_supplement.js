import { registry } from "@web/core/registry";
import { getText } from "./entry_page";
import { HoithiSaver } from "./entry_saver";

/**
 * The card of a supplement: kept while it is filled in, as the form of an entry is, and
 * sent in place, so that a refusal takes nobody away from what was typed.
 */
export class HoithiSupplement extends HoithiSaver {
    static selector = ".o_hoithi_supplement_form";
    dynamicContent = {
        ...this.dynamicContent,
        _root: {
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
        },
    };

    getForm() {
        return this.el;
    }

    get url() {
        return `${this.el.dataset.entryUrl}/supplement/autosave`;
    }

    get shownInputs() {
        return [...this.form.querySelectorAll("[name^=shown_]")];
    }

    readVersion() {
        return Object.fromEntries(
            this.shownInputs.map((input) => [input.name.slice("shown_".length), input.value])
        );
    }

    writeVersion(version) {
        for (const input of this.shownInputs) {
            input.value = version[input.name.slice("shown_".length)] ?? input.value;
        }
    }

    getBody() {
        const body = super.getBody();
        if (this.isToBeSent) {
            body.append("send", "1");
        }
        return body;
    }

    async onSubmit(ev) {
        ev.preventDefault();
        if (this.isGoing) {
            return;
        }
        this.isGoing = true;
        if (ev.submitter?.name === "send") {
            await this.waitFor(this.sendAll());
        } else {
            await this.waitFor(this.save({ isAsked: true }));
        }
        this.isGoing = this.isLeaving;
    }

    /** Send the supplement once its files are there. */
    async sendAll() {
        if (!(await this.sendFiles())) {
            return;
        }
        // of a save that is under way, only the next one sends
        await this.saving;
        this.isToBeSent = true;
        await this.save({ isAsked: true });
        this.isToBeSent = false;
    }

    tellUnsent([row]) {
        this.tell("files", row && {
            kind: "error",
            icon: "fa-exclamation-triangle",
            title: getText("unsent_files"),
        });
        row?.querySelector("button")?.focus();
    }

    addWays(problems) {
        return problems.map(({ text, anchor }) => ({
            text,
            anchor,
            lead: () => document.getElementById(anchor)?.focus(),
        }));
    }

    onAnswer(answer, sent, isAsked) {
        this.takeVersion(answer, sent);
        this.takeChanges(answer, sent);
        const problems = answer.problems || [];
        for (const name of Object.keys(this.readVersion())) {
            const problem = problems.find(({ anchor }) => anchor === this.getAnchor(name));
            this.showError(name, answer.errors[name] || problem?.text || "");
        }
        const wrong = Object.entries(answer.errors);
        const isTold = this.told.querySelector("[data-name=wrong]");
        if (isTold || isAsked) {
            const told = wrong.map(([name, text]) => ({ text, anchor: this.getAnchor(name) }));
            this.tellList("wrong", getText("wrong"), this.addWays(told), isAsked);
        }
        this.tellList("unready", getText("unready"), this.addWays(problems), isAsked);
        const isSaved = this.settle(answer, sent);
        if (answer.url) {
            this.isLeaving = true;
            this.dropCopy();
            this.go(answer.url);
        }
        return isSaved;
    }
}

registry
    .category("public.interactions")
    .add("hoithi_contest.entry_supplement", HoithiSupplement);
