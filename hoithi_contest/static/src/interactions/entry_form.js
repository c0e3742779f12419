import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** How long somebody stops typing who waits for an answer (ms). */
const PAUSE = 600;

/** Return the words of a name as the server compares them. */
function foldName(text) {
    return text
        .normalize("NFKD")
        .toLowerCase()
        .replace(/\p{M}/gu, "")
        .replace(/đ/g, "d")
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean);
}

/** Whether each of `words` begins a word of its own among `others`. */
function beginIn(words, others) {
    return words.every((word) => others.some((other) => other.startsWith(word)));
}

/**
 * Comforts for the authors of an entry. Everything works without them: the page is made
 * of ordinary forms.
 */
export class HoithiEntryForm extends Interaction {
    static selector = "#wrap:has(.o_hoithi_entry_form)";
    dynamicContent = {
        ".o_hoithi_entry_form": {
            "t-on-input": this.drawShares,
            "t-on-change": this.drawShares,
            "t-on-hoithi-rows": this.drawShares,
        },
        ".o_hoithi_author_add": {
            "t-on-click": this.addAuthor,
            "t-att-class": () => ({ "d-none": !this.isGroup }),
        },
        ".o_hoithi_shares": {
            "t-att-class": () => ({ "d-none": !this.isGroup }),
        },
        ".o_hoithi_share_sum": {
            "t-att-class": () => ({
                "d-none": !this.isGroup,
                o_hoithi_badge_warn: !this.isShareComplete,
                o_hoithi_badge_ok: this.isShareComplete,
            }),
        },
        ".o_hoithi_share_total": {
            "t-out": () => this.shareTotal.toLocaleString(this.language),
        },
        // colleagues are found as one types
        ".o_hoithi_author_find": {
            "t-att-class": () => ({ "d-none": true }),
        },
        "[name=author_name]:not([readonly])": {
            "t-on-input": this.debounced(this.findColleagues, PAUSE),
        },
        "[name=author_choice]": {
            "t-on-change": this.showWorkplace,
        },
    };

    setup() {
        this.form = this.el.querySelector(".o_hoithi_entry_form");
        this.rows = this.form.querySelector(".o_hoithi_author_rows");
        // the last answer of each row that named all who may be meant
        this.answers = new WeakMap();
        this.language = document.documentElement.lang || undefined;
        const more = this.form.querySelector(".o_hoithi_author_more");
        const blanks = [...more.querySelectorAll(".o_hoithi_author")];
        this.blank = blanks.at(-1).cloneNode(true);
        for (const input of this.blank.querySelectorAll("input")) {
            input.value = "";
        }
        const filled = blanks.filter((row) =>
            [...row.querySelectorAll("input")].some((input) => input.value)
        );
        this.rows.append(...filled);
        more.remove();
        this.serial = this.form.querySelectorAll("[name=author_name]").length + blanks.length;
    }

    start() {
        this.form.querySelectorAll(".o_hoithi_author").forEach(this.toggleWorkplace);
        this.drawShares();
    }

    get isGroup() {
        return this.form.elements.participant_type.value === "group";
    }

    get shareTotal() {
        const total = [...this.rows.children].reduce((sum, row) => {
            const isDeleted = row.querySelector("[name=author_delete]")?.checked;
            const text = row.querySelector("[name=author_percent]").value;
            return isDeleted ? sum : sum + (parseFloat(text.replace(",", ".")) || 0);
        }, 0);
        return Math.round(total * 100) / 100;
    }

    get isShareComplete() {
        return this.shareTotal === 100;
    }

    /** Draw the shares as one bar, a piece for each author. */
    drawShares() {
        const bar = this.form.querySelector(".o_hoithi_shares");
        if (!bar) {
            return;
        }
        const pieces = [...this.rows.children].map((row) => {
            const text = row.querySelector("[name=author_percent]").value;
            const share = parseFloat(text.replace(",", ".")) || 0;
            const piece = document.createElement("i");
            piece.style.flex = `${share} 1 0`;
            piece.textContent = share.toLocaleString(this.language);
            return piece;
        });
        bar.replaceChildren(...pieces);
    }

    /** Tell those who save the form that something changed which nobody typed. */
    onChanged() {
        this.form.dispatchEvent(new Event("change"));
    }

    addAuthor() {
        const row = this.blank.cloneNode(true);
        this.serial += 1;
        for (const el of row.querySelectorAll("[id], [for]")) {
            for (const name of ["id", "for"]) {
                if (el.hasAttribute(name)) {
                    el.setAttribute(name, el.getAttribute(name).replace(/\d+$/, this.serial));
                }
            }
        }
        const model = this.form.querySelector(".o_hoithi_author_drop_model");
        const drop = model.cloneNode(true);
        drop.classList.remove("d-none", "o_hoithi_author_drop_model");
        drop.addEventListener("click", () => this.dropAuthor(row));
        row.querySelector(".o_hoithi_author_remove").append(drop);
        this.toggleWorkplace(row);
        this.insert(row, this.rows);
        row.querySelector("[name=author_name]").focus();
    }

    /** Take a row out; one that is an author of the entry already is posted as such. */
    dropAuthor(row) {
        const id = row.querySelector("[name=author_id]").value;
        if (id) {
            const note = document.createElement("input");
            note.type = "hidden";
            note.name = "author_delete";
            note.value = id;
            this.form.append(note);
        }
        const near = row.nextElementSibling || row.previousElementSibling;
        row.remove();
        this.onChanged();
        this.updateContent();
        // it would fall to the page with the button that had it
        (
            near?.querySelector("[name=author_name]:not([readonly])") ||
            this.form.querySelector(".o_hoithi_author_add")
        ).focus();
    }

    /** Show who may be meant; the server answers with a few names. */
    async findColleagues(ev) {
        const input = ev.target;
        const row = input.closest(".o_hoithi_author");
        const select = row.querySelector("select[name=author_choice]");
        if (select.selectedOptions[0]?.dataset.offer) {
            // somebody else is typed than was chosen
            select.value = "";
        }
        const text = input.value;
        const list = row.querySelector(".o_hoithi_offers");
        if (text.trim().length < 2) {
            list.replaceChildren();
            return;
        }
        const answer = await this.askForColleagues(row, text);
        if (!answer || input.value !== text) {
            return;
        }
        const items = (answer.colleagues || []).map((colleague) => {
            const item = document.createElement("button");
            item.type = "button";
            item.className = "list-group-item list-group-item-action py-2";
            item.textContent = [colleague.name, colleague.unit].filter(Boolean).join(" – ");
            item.addEventListener("click", () => this.choose(row, colleague));
            return item;
        });
        if (!items.length) {
            const note = document.createElement("div");
            note.className = "list-group-item small text-muted py-2";
            note.textContent =
                answer.error || row.querySelector(".o_hoithi_offers_none").textContent;
            items.push(note);
        }
        list.replaceChildren(...items);
    }

    /**
     * Ask the server, which answers few queries of a person: what is typed on after an
     * answer that named all is found in that answer.
     */
    async askForColleagues(row, text) {
        const words = foldName(text);
        const last = this.answers.get(row);
        if (last && !text.includes("@") && beginIn(last.words, words)) {
            return {
                colleagues: last.colleagues.filter((colleague) =>
                    beginIn(words, foldName(colleague.name))
                ),
            };
        }
        const url = `${this.form.dataset.colleagues}?q=${encodeURIComponent(text)}`;
        const response = await this.waitFor(fetch(url).catch(() => null));
        const answer = response && (await this.waitFor(response.json().catch(() => ({}))));
        const isWhole =
            answer?.is_whole &&
            answer.colleagues.every(({ name }) => beginIn(words, foldName(name)));
        if (isWhole && !text.includes("@")) {
            this.answers.set(row, { words, colleagues: answer.colleagues });
        }
        return answer;
    }

    choose(row, colleague) {
        const select = row.querySelector("select[name=author_choice]");
        const label = [colleague.name, colleague.unit].filter(Boolean).join(" – ");
        const option = new Option(label, colleague.offer, false, true);
        option.dataset.offer = "1";
        select.querySelectorAll("[data-offer]").forEach((el) => el.remove());
        select.append(option);
        row.querySelector("[name=author_name]").value = colleague.name;
        row.querySelector(".o_hoithi_offers").replaceChildren();
        this.toggleWorkplace(row);
        this.onChanged();
        this.updateContent();
        row.querySelector("[name=author_percent]").focus();
    }

    showWorkplace(ev) {
        this.toggleWorkplace(ev.target.closest(".o_hoithi_author"));
    }

    /** The workplace is asked of those from outside alone. */
    toggleWorkplace(row) {
        const isOutsider =
            row.querySelector("[name=author_choice]").value === "outsider";
        row.querySelector(".o_hoithi_author_workplace")?.classList.toggle(
            "d-none",
            !isOutsider
        );
    }
}

registry.category("public.interactions").add("hoithi_contest.entry_form", HoithiEntryForm);
