import { Interaction } from "@web/public/interaction";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import {
    beginAnswer,
    getSaver,
    getText,
    makeBanner,
    makeButton,
    putParts,
    setSender,
} from "./entry_page";

/** One after the other: of two that are the same the server notices the second. */
const AT_ONCE = 1;
const MEGABYTE = 1024 * 1024;
/** How many files were added to this page. */
let sendings = 0;

/**
 * Files of an entry: dropped or chosen, several at once, sent with their progress in
 * sight, while the page stays where it is.
 */
export class HoithiEntryFiles extends Interaction {
    static selector = ".o_hoithi_form_page, .o_hoithi_supplement_form";
    dynamicContent = {
        ".o_hoithi_files": {
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
            "t-on-click": this.onClick,
            "t-on-dragover": this.onDragOver,
            "t-on-dragleave": this.onDragLeave,
            "t-on-drop": this.onDrop,
        },
        _root: {
            "t-on-hoithi-doubtful": this.drawAnew,
            "t-on-hoithi-made": this.onMade,
            "t-on-hoithi-back": this.sendAgain,
        },
        _window: {
            "t-on-beforeunload": this.onBeforeUnload,
            "t-on-online": this.sendAgain,
            // a file that misses its place isn't opened instead of the form
            "t-on-dragover": (ev) => ev.dataTransfer?.types?.includes("Files") && ev.preventDefault(),
            "t-on-drop": (ev) => ev.dataTransfer?.files?.length && ev.preventDefault(),
        },
    };

    setup() {
        this.files = this.el.querySelector(".o_hoithi_files");
        this.language = document.documentElement.lang || undefined;
        this.waiting = [];
        this.running = new Set();
        this.waitersForEnd = [];
        setSender(this.el, this);
    }

    /** Wait until every file is sent, or has failed; return whether all are there. */
    async whenSent() {
        while (this.isBusy) {
            await new Promise((resolve) => this.waitersForEnd.push(resolve));
        }
        return !this.unsent.length;
    }

    get isBusy() {
        return this.running.size > 0 || this.waiting.length > 0;
    }

    /** The rows of files that aren't there: on their way, or failed. */
    get unsent() {
        return [...this.el.querySelectorAll(".o_hoithi_sending")];
    }

    onBeforeUnload(ev) {
        if (this.isBusy || this.unsent.length) {
            ev.preventDefault();
        }
    }

    // CHOSEN

    onChange(ev) {
        const input = ev.target;
        if (input.matches("input[type=file]")) {
            this.add([...input.files], this.getTarget(input));
            input.value = "";
        } else if (input.closest(".o_hoithi_move")) {
            this.post(new FormData(input.closest("form")));
        }
    }

    /** Return where a file goes that is chosen or dropped there. */
    getTarget(place) {
        const form = place.closest(".o_hoithi_files form");
        const slot = place.closest(".o_hoithi_slot");
        if (form) {
            return Object.fromEntries(
                [...form.querySelectorAll("[type=hidden]")]
                    .filter((el) => el.name !== "csrf_token")
                    .map((el) => [el.name, el.value])
            );
        }
        return { type_id: slot ? slot.dataset.typeId : "auto" };
    }

    /** Return the files whose place the first of those takes that go to a slot. */
    getReplaced({ type_id }) {
        const slot = this.files.querySelector(`.o_hoithi_slot[data-type-id="${type_id}"]`);
        return [...(slot?.querySelectorAll("[name=replace_id]:checked") || [])].map(
            (box) => box.value
        );
    }

    onSubmit(ev) {
        ev.preventDefault();
        const form = ev.target;
        const input = form.querySelector("input[type=file]");
        if (input) {
            input.click();
        } else {
            this.post(new FormData(form));
        }
    }

    onDragOver(ev) {
        if (!ev.dataTransfer?.types?.includes("Files")) {
            return;
        }
        ev.preventDefault();
        this.mark(ev.target.closest(".o_hoithi_slot, .o_hoithi_drop"));
    }

    onDragLeave(ev) {
        if (!this.files.contains(ev.relatedTarget)) {
            this.mark(null);
        }
    }

    onDrop(ev) {
        ev.preventDefault();
        this.mark(null);
        this.add([...ev.dataTransfer.files], {
            type_id: ev.target.closest(".o_hoithi_slot")?.dataset.typeId || "auto",
        });
    }

    mark(place) {
        for (const el of this.files.querySelectorAll(".o_hoithi_over")) {
            if (!el.classList.contains("o_hoithi_count")) {
                el.classList.remove("o_hoithi_over");
            }
        }
        place?.classList.add("o_hoithi_over");
    }

    // SENT

    async add(files, target) {
        if (!files.length) {
            return;
        }
        this.tell();
        const jobs = files.map((file, index) => ({
            file,
            target,
            replaced: index ? [] : this.getReplaced(target),
            row: this.makeRow(file),
        }));
        jobs.forEach((job) => this.place(job));
        for (const job of jobs) {
            const refusal = this.getRefusal(job);
            if (refusal) {
                this.fail(job, refusal, false);
            } else {
                this.waiting.push(job);
            }
        }
        // files belong to a draft: it is made first; and what a save is answered, after the
        // file, mustn't tell that it is missing
        const saver = getSaver(this.el);
        if (saver && (!this.el.dataset.entryUrl || saver.saving)) {
            await this.waitFor(saver.save({ isAsked: !this.el.dataset.entryUrl }));
        }
        if (this.el.dataset.entryUrl) {
            this.sendNext();
        } else {
            this.waiting.forEach((job) => this.hold(job));
        }
    }

    /** Return the slot that a file goes to, if that is known before it is sent. */
    getSlot({ type_id, replace_id }) {
        const item = replace_id && this.files.querySelector(`[data-item-id="${replace_id}"]`);
        return item
            ? item.closest(".o_hoithi_slot")
            : this.files.querySelector(`.o_hoithi_slot[data-type-id="${type_id}"]`);
    }

    /** Return why a file won't be taken, as far as that is seen before it is sent. */
    getRefusal({ file: { name, size }, target }) {
        const slot = this.getSlot(target);
        const slots = slot ? [slot] : [...this.files.querySelectorAll(".o_hoithi_slot")];
        const getKinds = ({ dataset }) => (dataset.accept || "").split(",").filter(Boolean);
        const kind = `.${name.split(".").at(-1).toLowerCase()}`;
        const fitting = slots.filter((one) => {
            const kinds = getKinds(one);
            return !kinds.length || kinds.includes(kind);
        });
        if (slots.length && !fitting.length) {
            const kinds = [...new Set(slots.flatMap(getKinds))].join(", ");
            return getText("kind", { name, kinds });
        }
        const most = Math.max(
            0,
            ...fitting.map((one) => parseInt(one.dataset.maxSize) || Infinity)
        );
        return most && size > most ? getText("larger", { name, size: this.write(most) }) : "";
    }

    /** Return a size in bytes as people read it. */
    write(size) {
        const number = (size / MEGABYTE).toLocaleString(this.language, {
            minimumFractionDigits: 1,
            maximumFractionDigits: 1,
        });
        return `${number}\u00a0MB`;
    }

    /** Say what a file waits for: the draft that it is to belong to. */
    hold(job) {
        job.row.querySelector(".progress").classList.add("d-none");
        job.row.querySelector(".o_hoithi_sending_state").textContent = getText("held");
        job.row.querySelector(".o_hoithi_file_acts").replaceChildren(
            makeButton(getText("cancel"), "btn-link text-danger", () => {
                this.waiting = this.waiting.filter((other) => other !== job);
                job.row.remove();
            })
        );
    }

    /** Send what waited for the draft, once the answer that made it has drawn the files. */
    async onMade() {
        await this.waitFor(getSaver(this.el).saving);
        for (const job of this.waiting) {
            if (!job.row.isConnected) {
                this.place(job);
            }
        }
        this.sendNext();
    }

    /** Put the row of a file that is on its way to the slot that it goes to. */
    place({ row, target }) {
        const place =
            this.getSlot(target)?.querySelector(".o_hoithi_sent") ||
            this.files.querySelector(".o_hoithi_file_told");
        place.append(row);
    }

    makeRow(file) {
        const row = document.createElement("li");
        row.id = `hoithi_sending_${++sendings}`;
        row.tabIndex = -1;
        row.className = "o_hoithi_file o_hoithi_sending";
        row.innerHTML = `<span class="o_hoithi_thumb" aria-hidden="true"><i class="fa fa-file-o"></i></span>
            <div class="o_hoithi_file_text">
                <div class="o_hoithi_sending_name text-break fw-bold"></div>
                <div class="small o_hoithi_quiet o_hoithi_sending_state" role="status"></div>
                <div class="progress"><div class="progress-bar"></div></div>
            </div>
            <div class="o_hoithi_file_acts"></div>`;
        row.querySelector(".o_hoithi_sending_name").textContent = file.name;
        return row;
    }

    sendNext() {
        while (this.waiting.length && this.running.size < AT_ONCE) {
            this.send(this.waiting.shift());
        }
    }

    send(job) {
        const request = new XMLHttpRequest();
        job.request = request;
        job.began = Date.now();
        if (!job.row.isConnected) {
            // the draft was made meanwhile, and its files drawn
            this.place(job);
        }
        this.running.add(job);
        job.end = beginAnswer(this.el);
        job.row.querySelector(".progress").classList.remove("d-none");
        const acts = job.row.querySelector(".o_hoithi_file_acts");
        acts.replaceChildren(
            makeButton(getText("cancel"), "btn-link text-danger", () => {
                job.row.remove();
                request.abort();
                this.end(job);
            })
        );
        const data = new FormData();
        data.append("csrf_token", document.querySelector("[name=csrf_token]").value);
        this.namePage(data);
        for (const [name, value] of Object.entries(job.target)) {
            data.append(name, value);
        }
        for (const id of job.replaced) {
            data.append("replace_id", id);
        }
        data.append("file", job.file);
        request.upload.addEventListener("progress", (ev) => this.onProgress(job, ev));
        request.addEventListener("load", () => this.onLoad(job));
        request.addEventListener("error", () => {
            this.fail(job, getText("unsent"), true);
            this.end(job);
        });
        request.open("POST", `${this.el.dataset.entryUrl}/files`);
        request.setRequestHeader("Accept", "application/json");
        request.send(data);
    }

    onProgress(job, { loaded, total }) {
        const part = total ? loaded / total : 0;
        const seconds = (Date.now() - job.began) / 1000;
        const left = part > 0 ? Math.ceil((seconds * (1 - part)) / part) : 0;
        job.row.querySelector(".progress-bar").style.width = `${100 * part}%`;
        job.row.querySelector(".o_hoithi_sending_state").textContent =
            part < 1
                ? getText("sending", {
                      percent: Math.floor(100 * part),
                      sent: this.write(loaded),
                      size: this.write(total),
                      seconds: left,
                  })
                : getText("checking");
    }

    onLoad(job) {
        let answer = null;
        try {
            answer = JSON.parse(job.request.responseText);
        } catch {
            // what answered was no page of ours
        }
        if (answer?.is_late) {
            if (answer.csrf_token && !job.isSecond) {
                job.isSecond = true;
                getSaver(this.el)?.setToken(answer.csrf_token);
                this.end(job, false);
                this.send(job);
                return;
            }
            getSaver(this.el)?.onLate(answer);
            this.fail(job, getText("expired"), true);
        } else if (!answer) {
            const isTooLarge = job.request.status === 413;
            const text = isTooLarge
                ? getText("large", { name: job.file.name })
                : getText("unsent");
            this.fail(job, text, !isTooLarge);
        } else {
            job.row.remove();
            this.take(answer);
        }
        this.end(job);
    }

    end(job, isNextSent = true) {
        this.running.delete(job);
        job.end();
        if (isNextSent) {
            this.sendNext();
        }
        if (!this.isBusy) {
            this.waitersForEnd.splice(0).forEach((resolve) => resolve());
        }
    }

    /** Tell which page asks, where it isn't the form. */
    namePage(data) {
        if (this.el.dataset.page) {
            data.set("page", this.el.dataset.page);
        }
    }

    fail(job, text, isAgain) {
        job.row.querySelector(".progress").classList.add("d-none");
        const state = job.row.querySelector(".o_hoithi_sending_state");
        state.className = "o_hoithi_error o_hoithi_sending_state";
        state.textContent = text;
        const acts = [makeButton(getText("close"), "btn-link", () => job.row.remove())];
        if (isAgain) {
            acts.unshift(
                makeButton(getText("again"), "btn-outline-primary btn-sm o_hoithi_again", () => {
                    const row = this.makeRow(job.file);
                    job.row.replaceWith(row);
                    this.waiting.push({ ...job, isSecond: false, row });
                    this.sendNext();
                })
            );
        }
        job.row.querySelector(".o_hoithi_file_acts").replaceChildren(...acts);
    }

    /** Send what a lost line or a session that was over has kept back. */
    async sendAgain() {
        // after the save that found somebody there
        await getSaver(this.el)?.saving;
        if (this.isDestroyed) {
            return;
        }
        for (const button of this.el.querySelectorAll(".o_hoithi_again")) {
            button.click();
        }
    }

    /** Take out, put back or move a file. */
    async post(data) {
        const end = beginAnswer(this.el);
        await this.postOnce(data);
        end();
    }

    async postOnce(data, isSecond = false) {
        this.namePage(data);
        const response = await this.waitFor(
            fetch(`${this.el.dataset.entryUrl}/files`, {
                method: "POST",
                headers: { Accept: "application/json" },
                body: data,
            }).catch(() => null)
        );
        const answer =
            response && (await this.waitFor(response.json().catch(() => null)));
        if (answer?.is_late) {
            if (answer.csrf_token && !isSecond) {
                getSaver(this.el)?.setToken(answer.csrf_token);
                data.set("csrf_token", answer.csrf_token);
                return this.postOnce(data, true);
            }
            getSaver(this.el)?.onLate(answer);
        } else if (answer) {
            this.take(answer);
        } else {
            getSaver(this.el)?.onNoServer();
        }
    }

    /**
     * Ask what the page shows now: answers crossed, so that none of them need know all.
     */
    async drawAnew() {
        if (!this.el.dataset.entryUrl) {
            return;
        }
        const end = beginAnswer(this.el);
        const page = this.el.dataset.page ? `?page=${this.el.dataset.page}` : "";
        const response = await this.waitFor(
            fetch(`${this.el.dataset.entryUrl}/parts${page}`, {
                headers: { Accept: "application/json" },
            }).catch(() => null)
        );
        // where none comes, what is shown stays: nothing was lost by it
        const answer =
            response?.ok && (await this.waitFor(response.json().catch(() => null)));
        if (answer?.parts) {
            this.draw(answer);
        }
        end();
    }

    /** Show the files as they are now, and what came of the last act upon them. */
    take(answer) {
        this.draw(answer);
        this.tell(answer);
    }

    /** Show the files as they are now; those that are still on their way stay. */
    draw(answer) {
        const told = [...this.files.querySelectorAll(".o_hoithi_file_told .o_hoithi_banner")];
        const rows = [...this.files.querySelectorAll(".o_hoithi_sending")].map((row) => ({
            row,
            target: { type_id: row.closest(".o_hoithi_slot")?.dataset.typeId },
        }));
        const top = window.scrollY;
        const isNewest = putParts(this.el, answer);
        rows.forEach((job) => this.place(job));
        const place = this.files.querySelector(".o_hoithi_file_told");
        place.append(...told.filter((banner) => !banner.isConnected));
        if (isNewest) {
            getSaver(this.el)?.takeCount(answer);
        }
        window.scrollTo(window.scrollX, top);
    }

    tell(answer = {}) {
        const place = this.files.querySelector(".o_hoithi_file_told");
        place.querySelectorAll(".o_hoithi_banner").forEach((el) => el.remove());
        if (answer.refused) {
            place.append(
                makeBanner({
                    kind: "error",
                    icon: "fa-exclamation-triangle",
                    title: answer.refused,
                })
            );
        }
        if (answer.told) {
            place.append(makeBanner({ kind: "warn", icon: "fa-files-o", title: answer.told }));
        }
    }

    // LOOKED AT

    /** Whether the browser shows a PDF within a page; on a phone the frame stays empty. */
    get showsPdf() {
        return browser.navigator.pdfViewerEnabled !== false;
    }

    onClick(ev) {
        const act = ev.target.closest("button[name=delete_id], button[name=restore_id]");
        if (act?.form === this.el) {
            // of a form that holds more than files: the rest of it stays
            ev.preventDefault();
            const data = new FormData();
            data.append("csrf_token", document.querySelector("[name=csrf_token]").value);
            data.append(act.name, act.value);
            this.post(data);
            return;
        }
        const link = ev.target.closest(".o_hoithi_view");
        if (!link || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
            return;
        }
        // else the link itself opens the file
        if (link.dataset.kind !== "image" && !this.showsPdf) {
            return;
        }
        ev.preventDefault();
        const dialog = document.createElement("dialog");
        dialog.className = "o_hoithi_viewer";
        dialog.setAttribute("aria-label", link.dataset.name);
        const head = document.createElement("div");
        head.className = "o_hoithi_viewer_head";
        const title = document.createElement("strong");
        title.className = "text-truncate";
        title.textContent = link.dataset.name;
        head.append(
            title,
            makeButton(getText("close"), "btn-outline-primary", () => dialog.close())
        );
        const view = document.createElement(link.dataset.kind === "image" ? "img" : "iframe");
        view.src = link.href;
        view[view.tagName === "IMG" ? "alt" : "title"] = link.dataset.name;
        dialog.append(head, view);
        dialog.addEventListener("close", () => {
            dialog.remove();
            link.focus();
        });
        this.el.append(dialog);
        dialog.showModal();
    }
}

registry.category("public.interactions").add("hoithi_contest.entry_files", HoithiEntryFiles);
