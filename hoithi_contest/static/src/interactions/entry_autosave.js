import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { getText, makeButton, putParts } from "./entry_page";
import { HoithiSaver } from "./entry_saver";

/** Return what stands in the row of an author, as one text. */
function readRow(row) {
    const inputs = [...row.querySelectorAll("[name^=author_]")];
    return JSON.stringify(inputs.map((input) => [input.name, input.value]));
}

/** Saves the form of an entry by itself, and the draft that it makes. */
export class HoithiEntryAutosave extends HoithiSaver {
    static selector = ".o_hoithi_form_page";
    dynamicContent = {
        ...this.dynamicContent,
        ".o_hoithi_entry_form": {
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
        },
    };

    getForm() {
        return this.el.querySelector(".o_hoithi_entry_form");
    }

    get url() {
        const entryUrl = this.el.dataset.entryUrl;
        return entryUrl
            ? `${entryUrl}/autosave`
            : this.form.getAttribute("action").replace(/\/new$/, "/autosave");
    }

    readVersion() {
        return JSON.parse(this.form.elements.version.value || "{}");
    }

    writeVersion(version) {
        this.form.elements.version.value = JSON.stringify(version);
    }

    async onSubmit(ev) {
        const button = ev.submitter;
        if (button?.name === "author_find") {
            this.isLeaving = true;
            return;
        }
        ev.preventDefault();
        const isOnTheWay = button?.name === "preview";
        if (isOnTheWay && this.isGoing) {
            return;
        }
        this.isGoing = isOnTheWay;
        const isSaved = await this.waitFor(this.save({ isAsked: true }));
        if (isOnTheWay && isSaved && (await this.waitFor(this.finish()))) {
            this.isLeaving = true;
            this.go(`${this.el.dataset.entryUrl}/preview`);
        } else {
            this.isGoing = false;
        }
    }

    /** Send the files, and what was typed meanwhile; return whether all is there. */
    async finish() {
        return Boolean(this.el.dataset.entryUrl) && (await this.sendFiles()) && this.save();
    }

    getSent() {
        const rows = [...this.form.querySelectorAll(".o_hoithi_author")];
        return {
            ...super.getSent(),
            rows: rows.map((row) => ({ row, texts: readRow(row) })),
        };
    }

    onAnswer(answer, sent, isAsked) {
        if (answer.url && !this.el.dataset.entryUrl) {
            this.becomeEntry(answer);
        }
        const isMade = Boolean(this.el.dataset.entryUrl);
        this.takeVersion(answer, sent);
        this.takeRows(answer, sent);
        if (putParts(this.el, answer)) {
            this.takeCount(answer);
        }
        this.takeChanges(answer, sent);
        this.showErrors(answer, isAsked);
        this.tell("unasked", answer.unasked && {
            kind: "warn",
            icon: "fa-user",
            title: answer.unasked,
        });
        if (!isMade) {
            this.keepCopy();
            this.setState("unnamed");
            return false;
        }
        return this.settle(answer, sent);
    }

    /** A draft was made of a new form: the page is its page from now on. */
    becomeEntry(answer) {
        this.dropCopy();
        this.copyKey = this.copyKey.replace(/contest\.\d+$/, `entry.${/\d+$/.exec(answer.url)[0]}`);
        this.el.dataset.entryUrl = answer.url;
        this.form.setAttribute("action", `${answer.url}/save`);
        browser.history.replaceState(
            browser.history.state,
            "",
            answer.url + window.location.hash
        );
        this.el.dispatchEvent(new CustomEvent("hoithi-made"));
    }

    takeVersion(answer, sent) {
        const old = this.readVersion();
        super.takeVersion(answer, sent);
        const version = this.readVersion();
        for (const { index, is_conflict, is_changed, is_taken_out } of answer.rows) {
            const { row, texts } = sent.rows[index] || {};
            const id = row?.querySelector("[name=author_id]").value;
            const isMine = (is_changed || is_taken_out) && readRow(row) !== texts;
            // until somebody has chosen, the next save doesn't go over theirs
            if ((is_conflict || isMine) && old.author_ids?.[id]) {
                version.author_ids[id] = old.author_ids[id];
            }
        }
        this.writeVersion(version);
    }

    /** Rows that made authors of the entry learn who they are. */
    takeRows(answer, sent) {
        for (const { index, ...kept } of answer.rows) {
            const { row, texts } = sent.rows[index] || {};
            if (!row?.isConnected) {
                continue;
            }
            const isMine = readRow(row) !== texts;
            const input = (name) => row.querySelector(`[name=author_${name}]`);
            if (kept.is_taken_out) {
                if (!isMine) {
                    this.takeOut(row);
                }
                continue;
            }
            const error = row.querySelector(".o_hoithi_error");
            if (error) {
                error.textContent = kept.error;
            }
            input("name").classList.toggle("is-invalid", Boolean(kept.error));
            if (kept.error) {
                input("name").setAttribute("aria-invalid", "true");
            } else {
                input("name").removeAttribute("aria-invalid");
            }
            row.querySelector(".o_hoithi_theirs")?.remove();
            if (kept.is_conflict) {
                this.offerShares(row, kept, answer.version.author_ids[kept.id]);
            }
            if (kept.error || kept.is_unknown) {
                // the box didn't tell who it is: all that does is asked
                row.classList.remove("o_hoithi_author_search");
            }
            input("id").value = kept.id ?? input("id").value;
            if (!kept.id) {
                continue;
            }
            if (kept.is_fixed && !input("name").readOnly) {
                this.fixRow(row, kept);
            }
            if (isMine) {
                continue;
            }
            if (kept.is_changed) {
                this.takeRow(row, kept);
            } else if (!kept.error && input("percent") !== document.activeElement) {
                input("percent").value = kept.percent;
            }
        }
        this.form.dispatchEvent(new CustomEvent("hoithi-rows"));
    }

    /** Show what somebody else made of an author. */
    takeRow(row, kept) {
        const names = row.querySelector("[name=author_name]").readOnly
            ? ["percent"]
            : ["percent", "name", "email", "choice", "workplace"];
        for (const name of names) {
            row.querySelector(`[name=author_${name}]`).value = kept[name] ?? "";
        }
    }

    /** Take out the row of who is no author any more; the focus doesn't fall to the page. */
    takeOut(row) {
        const hadFocus = row.contains(document.activeElement);
        row.remove();
        if (hadFocus) {
            this.form.querySelector(".o_hoithi_author_add")?.focus();
        }
    }

    /** Let somebody choose between the own share of an author and the one meanwhile. */
    offerShares(row, kept, digest) {
        const box = document.createElement("div");
        box.className = "o_hoithi_theirs";
        const settle = (isMine) => {
            const version = JSON.parse(this.form.elements.version.value);
            version.author_ids[kept.id] = digest;
            this.form.elements.version.value = JSON.stringify(version);
            if (!isMine) {
                this.takeRow(row, kept);
                this.form.dispatchEvent(new CustomEvent("hoithi-rows"));
            }
            box.remove();
            this.touch();
            this.save();
            row.querySelector("[name=author_percent]").focus();
        };
        box.append(
            makeButton(getText("mine"), "btn-sm btn-outline-primary me-2", () => settle(true)),
            makeButton(getText("theirs"), "btn-sm btn-outline-primary", () => settle(false))
        );
        (row.querySelector(".o_hoithi_error") || row.lastElementChild).after(box);
    }

    /** A colleague was recognised: name and unit are those of the staff record. */
    fixRow(row, kept) {
        const hadFocus = row.contains(document.activeElement);
        const name = row.querySelector("[name=author_name]");
        name.value = kept.name;
        name.readOnly = true;
        row.querySelector("[name=author_email]").value = "";
        const place = row.querySelector(".o_hoithi_author_place");
        if (place) {
            place.textContent = kept.unit;
        }
        row.classList.add("o_hoithi_author_known");
        if (hadFocus && !document.activeElement?.offsetParent) {
            row.querySelector("[name=author_percent]").focus();
        }
    }

    takeCount(answer) {
        if (answer.missing === null || answer.missing === undefined) {
            return;
        }
        const count = this.el.querySelector(".o_hoithi_panel_count");
        const head = this.el.querySelector("#hoithi_missing h2");
        if (count && head) {
            count.textContent = head.textContent.trim();
            const icon = count.previousElementSibling;
            icon?.classList.toggle("fa-check", !answer.missing);
            icon?.classList.toggle("fa-exclamation-triangle", Boolean(answer.missing));
        }
        this.el.dispatchEvent(new CustomEvent("hoithi-parts"));
    }

    showErrors(answer, isAsked) {
        for (const place of this.form.querySelectorAll("[id$=_understood]")) {
            const name = place.id.slice("hoithi_".length, -"_understood".length);
            place.textContent = answer.understood[name] || "";
        }
        for (const place of this.form.querySelectorAll("[id^=hoithi_][id$=_error]")) {
            const name = place.id.slice("hoithi_".length, -"_error".length);
            if (!name.startsWith("author_")) {
                // the name is asked for once somebody has left it empty
                const isEarly = name === "name" && !isAsked && !this.el.dataset.entryUrl;
                this.showError(name, isEarly ? "" : answer.errors[name] || "");
            }
        }
        const authors = this.form.querySelector("#hoithi_author_ids_error");
        if (authors) {
            const isInRow = answer.rows.some((row) => row.error);
            authors.textContent = isInRow ? "" : answer.errors.author_ids || "";
        }
        this.tellWrong(answer, isAsked);
    }

    /** Whoever pressed a button is told all that is wrong, each with the way to it. */
    tellWrong(answer, isAsked) {
        const wrong = Object.entries(answer.labels);
        const isTold = this.told.querySelector("[data-name=wrong]");
        if (!isTold && !(isAsked && wrong.length)) {
            return;
        }
        const problems = wrong.map(([name, label]) => {
            const row = name === "author_ids" && answer.rows.find((one) => one.error);
            return {
                text: `${label}: ${row ? row.error : answer.errors[name]}`,
                anchor: this.getAnchor(name),
                lead: () => this.lead(name),
            };
        });
        this.tellList("wrong", getText("wrong"), problems, isAsked);
    }

    getAnchor(name) {
        return name === "author_ids" ? "hoithi_section_authors" : super.getAnchor(name);
    }

    /** Lead to a field that is wrong; of the authors, to the first row that is. */
    lead(name) {
        const row = this.form.querySelector("[name=author_name].is-invalid");
        if (name === "author_ids" && row) {
            browser.location.hash = "hoithi_section_authors";
            row.focus();
        } else {
            super.lead(name);
        }
    }

    fill(pairs) {
        super.fill(pairs.filter(([name]) => !name.startsWith("author_")));
        const rows = [];
        for (const [name, value] of pairs) {
            if (name === "author_id") {
                rows.push({});
            }
            if (rows.length && name.startsWith("author_")) {
                rows.at(-1)[name.slice("author_".length)] = value;
            }
        }
        const ids = rows.map(({ id }) => id);
        rows.forEach((texts) => this.fillRow(texts, ids));
    }

    /** Put an author back: into the row that is the same one, else into a new one. */
    fillRow({ id, ...texts }, ids) {
        const all = () => [...this.form.querySelectorAll(".o_hoithi_author")];
        const getId = (row) => row.querySelector("[name=author_id]").value;
        // one that got to the server after all has an id that the copy doesn't know
        const isSame = (row) => {
            const name = row.querySelector("[name=author_name]");
            const email = row.querySelector("[name=author_email]").value;
            return (
                texts.name &&
                name.value === texts.name &&
                !ids.includes(getId(row)) &&
                (name.readOnly || email === (texts.email || ""))
            );
        };
        let row = all().find((one) => (id ? getId(one) === id : isSame(one)));
        if (!row) {
            if (!(texts.name || texts.email || texts.percent)) {
                return;
            }
            this.form.querySelector(".o_hoithi_author_add")?.click();
            row = all().at(-1);
            if (!row || getId(row)) {
                return;
            }
            // of somebody who was taken out meanwhile the next save tells
            row.querySelector("[name=author_id]").value = id;
            if (texts.email || texts.choice || texts.workplace) {
                row.classList.remove("o_hoithi_author_search");
            }
        }
        this.takeRow(row, texts);
    }
}

registry.category("public.interactions").add("hoithi_contest.entry_autosave", HoithiEntryAutosave);
