import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** How long somebody stops typing who waits for an answer (ms). */
const PAUSE = 600;
/** How long until titles are compared: whole words are typed first (ms). */
const TITLE_PAUSE = 1200;

const OPTION = "[role=option]:not([aria-disabled])";
const OPTIONS = `.o_hoithi_offers ${OPTION}`;

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
            "t-on-hoithi-rows": this.drawRows,
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
            "t-on-keydown": this.onKeydown,
        },
        "[name=name]": {
            "t-on-input": this.debounced(this.compareTitle, TITLE_PAUSE),
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
        this.drawRows();
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

    drawRows() {
        this.form.querySelectorAll(".o_hoithi_author").forEach(this.toggleWorkplace);
        this.drawShares();
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
        this.beginSearch(row);
        this.insert(row, this.rows);
        row.querySelector("[name=author_name]").focus();
    }

    /** Take a row out; one that is an author of the entry already is posted as such. */
    dropAuthor(row) {
        this.forgetOthers(row);
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
        const items = (answer.colleagues || []).map((colleague) =>
            this.makeOption(
                [colleague.name, colleague.unit].filter(Boolean).join(" – "),
                () => this.choose(row, colleague)
            )
        );
        if (!items.length) {
            const note = document.createElement("div");
            note.className = "list-group-item small text-muted py-2";
            note.setAttribute("role", "option");
            note.setAttribute("aria-disabled", "true");
            note.textContent =
                answer.error || row.querySelector(".o_hoithi_offers_none").textContent;
            items.push(note);
        }
        const outsider = row.querySelector(".o_hoithi_offers_outsider");
        if (outsider && row.classList.contains("o_hoithi_author_search")) {
            items.push(
                this.makeOption(outsider.textContent.replace("{name}", text.trim()), () =>
                    this.chooseOutsider(row)
                )
            );
        }
        items.forEach((item, index) => (item.id = `${list.id || input.id}_offer_${index}`));
        list.replaceChildren(...items);
        this.mark(input, null);
    }

    makeOption(text, onClick) {
        const item = document.createElement("button");
        item.type = "button";
        item.className = "list-group-item list-group-item-action py-2";
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.tabIndex = -1;
        item.textContent = text;
        item.addEventListener("click", onClick);
        return item;
    }

    /** One box for a new author: who is chosen needs no other fields. */
    beginSearch(row) {
        row.classList.add("o_hoithi_author_search");
        const input = row.querySelector("[name=author_name]");
        const list = row.querySelector(".o_hoithi_offers");
        list.id = `${input.id}_offers`;
        list.setAttribute("role", "listbox");
        list.removeAttribute("aria-live");
        for (const [name, value] of [
            ["role", "combobox"],
            ["aria-autocomplete", "list"],
            ["aria-controls", list.id],
            ["aria-expanded", "false"],
        ]) {
            input.setAttribute(name, value);
        }
    }

    endSearch(row) {
        row.classList.remove("o_hoithi_author_search");
    }

    /** Mark the offer that Enter takes, and tell readers which one it is. */
    mark(input, option) {
        const row = input.closest(".o_hoithi_author");
        const options = [...row.querySelectorAll(OPTIONS)];
        for (const other of options) {
            other.classList.toggle("active", other === option);
            other.setAttribute("aria-selected", other === option ? "true" : "false");
        }
        if (input.getAttribute("role") === "combobox") {
            input.setAttribute("aria-expanded", options.length ? "true" : "false");
        }
        if (option) {
            input.setAttribute("aria-activedescendant", option.id);
            option.scrollIntoView({ block: "nearest" });
        } else {
            input.removeAttribute("aria-activedescendant");
        }
    }

    onKeydown(ev) {
        const input = ev.target;
        const list = input.closest(".o_hoithi_author").querySelector(".o_hoithi_offers");
        const options = [...list.querySelectorAll(OPTION)];
        if (!options.length) {
            return;
        }
        const now = options.findIndex((option) => option.classList.contains("active"));
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            const next = now < 0 && step < 0 ? options.length - 1 : now + step;
            this.mark(input, options[(next + options.length) % options.length]);
        } else if (ev.key === "Enter" && now >= 0) {
            // it would save the form
            ev.preventDefault();
            options[now].click();
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            list.replaceChildren();
            this.mark(input, null);
        }
    }

    /** Somebody from outside: name, address and workplace are asked. */
    chooseOutsider(row) {
        const name = row.querySelector("[name=author_name]");
        const email = row.querySelector("[name=author_email]");
        this.endSearch(row);
        row.querySelector(".o_hoithi_offers").replaceChildren();
        this.mark(name, null);
        if (name.value.includes("@") && !email.value) {
            email.value = name.value.trim();
            name.value = "";
        }
        row.querySelector("select[name=author_choice]").value = "outsider";
        this.toggleWorkplace(row);
        this.updateContent();
        (name.value ? row.querySelector("[name=author_workplace]") : name).focus();
    }

    /**
     * Ask the server, which answers few queries of a person: what is typed on after an
     * answer that named all is found in that answer.
     */
    async askForColleagues(row, text) {
        const words = foldName(text);
        const getWords = ({ name, unit }) => foldName(`${name} ${unit || ""}`);
        const last = this.answers.get(row);
        if (last && !text.includes("@") && beginIn(last.words, words)) {
            return {
                colleagues: last.colleagues.filter((colleague) =>
                    beginIn(words, getWords(colleague))
                ),
            };
        }
        const query = new URLSearchParams({ q: text });
        this.getTaken(row).forEach((key) => query.append("taken", key));
        const url = `${this.form.dataset.colleagues}?${query}`;
        const response = await this.waitFor(fetch(url).catch(() => null));
        const answer = response && (await this.waitFor(response.json().catch(() => ({}))));
        const isWhole =
            answer?.is_whole &&
            answer.colleagues.every((colleague) => beginIn(words, getWords(colleague)));
        if (isWhole && !text.includes("@")) {
            this.answers.set(row, { words, colleagues: answer.colleagues });
        }
        return answer;
    }

    /** Who is in the list beside a row: they aren't offered again. */
    getTaken(row) {
        const others = [...this.rows.children].filter((other) => other !== row);
        return others
            .flatMap((other) => [
                other.querySelector("[name=author_delete]")?.checked
                    ? ""
                    : other.querySelector("[name=author_id]").value,
                other.querySelector("[name=author_choice]").value,
            ])
            .filter((key) => key && key !== "outsider");
    }

    /** Ask anew where the answer of before holds who is in the list now, or lacks them. */
    forgetOthers(row) {
        for (const other of this.rows.children) {
            if (other !== row) {
                this.answers.delete(other);
            }
        }
    }

    choose(row, colleague) {
        this.forgetOthers(row);
        const select = row.querySelector("select[name=author_choice]");
        const label = [colleague.name, colleague.unit].filter(Boolean).join(" – ");
        const option = new Option(label, colleague.offer, false, true);
        option.dataset.offer = "1";
        select.querySelectorAll("[data-offer]").forEach((el) => el.remove());
        select.append(option);
        const input = row.querySelector("[name=author_name]");
        input.value = colleague.name;
        row.querySelector(".o_hoithi_offers").replaceChildren();
        this.mark(input, null);
        const place = row.querySelector(".o_hoithi_author_place");
        if (place) {
            place.textContent = colleague.unit || "";
        }
        this.toggleWorkplace(row);
        this.onChanged();
        this.updateContent();
        row.querySelector("[name=author_percent]").focus();
    }

    /** Tell of titles like the one that is typed; of none, where the server says nothing. */
    async compareTitle() {
        const input = this.form.elements.name;
        const title = input.value.trim().replace(/\s+/g, " ");
        const place = this.el.querySelector("#hoithi_alike");
        if (!place || title === this.comparedTitle) {
            return;
        }
        this.comparedTitle = title;
        const entryUrl = this.el.querySelector(".o_hoithi_form_page")?.dataset.entryUrl || "";
        const query = new URLSearchParams({ title, entry_id: entryUrl.split("/").at(-1) });
        const url = `${this.form.dataset.alike}?${query}`;
        const response = await this.waitFor(fetch(url).catch(() => null));
        const answer =
            response?.ok && (await this.waitFor(response.json().catch(() => null)));
        if (answer && title === this.comparedTitle) {
            place.innerHTML = answer.html;
        }
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
