import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dialog } from "@web/core/dialog/dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { formatMoment } from "../moments/moments";
import { findProblem, getPrefix, moveScore, readScore, SheetStore } from "./sheet_store";
import { SheetViewer } from "./sheet_viewer";

const { DateTime } = luxon;

/** Days before the due date from which it stands out. */
const NEAR = 7;

/** All keys of the workspace, for whoever asks. */
export class ScoreKeys extends Component {
    static template = "hoithi_contest.ScoreKeys";
    static components = { Dialog };
    static props = { close: Function };
}

/** The member's own sheet: the dossier beside the scores, saved as they are typed. */
export class ScoreWorkspace extends Component {
    static template = "hoithi_contest.ScoreWorkspace";
    static components = { Dropdown, DropdownItem, SheetViewer };
    static props = {
        record: Object,
        fields: Object,
        open: Function,
        back: Object,
        register: Function,
        showForm: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.place = useState({ file: 0, page: 1, pages: 0 });
        this.state = useState({
            store: null,
            open: null,
            tab: "files",
            pane: "scores",
            busy: false,
            texts: {},
        });
        this.tabs = [
            { key: "files", label: _t("Files") },
            { key: "solution", label: _t("Solution") },
            { key: "novelty", label: _t("Novelty") },
            { key: "applicability", label: _t("Applicability") },
            { key: "benefits", label: _t("Benefits") },
        ];
        this.opinions = [
            { key: "strengths", label: _t("Strengths"), hint: _t("What speaks for the solution") },
            {
                key: "weaknesses",
                label: _t("Weaknesses"),
                hint: _t("What speaks against it, or is missing"),
            },
            { key: "comment", label: _t("Comment"), hint: _t("Anything the council should know") },
        ];
        onWillStart(() => this.load());
        onMounted(() => this.focusFirst());
        onWillUnmount(() => this.store && this.store.stop());
        useExternalListener(window, "keydown", this.onKey.bind(this), { capture: true });
        useExternalListener(window, "online", () => this.store.flush());
        this.props.register(this);
    }

    async load() {
        const resId = this.props.record.resId;
        this.sheet = await this.orm.call("hoithi.review", "get_workspace", [[resId]]);
        this.state.store = new SheetStore(
            this.sheet,
            `${getPrefix(user.userId)}${resId}`,
            (changes) => this.orm.silent.call("hoithi.review", "save_sheet", [[resId], changes]),
            () => DateTime.now().setZone(this.sheet.tz).toFormat("HH:mm:ss")
        );
        for (const { line } of this.sheet.criteria) {
            this.state.texts[line] = this.write(this.store.getValue(`score:${line}`));
        }
        const left = this.sheet.criteria.find(
            ({ line }) => this.store.getValue(`score:${line}`) === false
        );
        this.state.open = (left || this.sheet.criteria[0] || {}).line;
        if (!this.sheet.files.length) {
            this.state.tab = "solution";
        }
        if (!this.sheet.locked && this.store.dirty.length) {
            this.store.flush();
        }
    }

    // WHAT IS SHOWN

    get store() {
        return this.state.store;
    }

    get data() {
        return this.props.record.data;
    }

    get isOpen() {
        return !this.sheet.locked;
    }

    get done() {
        return this.sheet.sheets.filter((sheet) => sheet.state === "submitted").length;
    }

    get index() {
        return this.sheet.sheets.findIndex((sheet) => sheet.id === this.sheet.id);
    }

    /** The due date on the contest's clock, and how many midnights are left. */
    get due() {
        if (!this.sheet.due) {
            return null;
        }
        const due = DateTime.fromSQL(this.sheet.due, { zone: "utc" }).setZone(this.sheet.tz);
        const now = DateTime.now().setZone(this.sheet.tz);
        const days = Math.round(due.startOf("day").diff(now.startOf("day"), "days").days);
        const hours = Math.floor(due.diff(now, "hours").hours);
        let left = _t("%s days left", days);
        if (due < now) {
            left = _t("past");
        } else if (days === 0) {
            left = _t("%s hours left", hours);
        } else if (days === 1) {
            left = _t("1 day left");
        }
        const weekday = due.setLocale(user.lang).toFormat("cccc");
        return {
            text: _t("Due %s", `${due.toFormat("HH:mm")} ${weekday}, ${formatMoment(due, false)}`),
            left,
            isNear: days <= NEAR,
            isPast: due < now,
        };
    }

    /** Sentences with figures in them. */
    get told() {
        const { store, sheet, place } = this;
        const mine = (at) => this.show(at, store.getValue(at));
        const theirs = (at) => this.show(at, store.places[at].base);
        return {
            progress: _t("%(done)s/%(all)s sheets submitted", {
                done: this.done,
                all: sheet.sheets.length,
            }),
            dossier: _t("Dossier · %s files", sheet.files.length),
            pending: _t("%s more files are being prepared for you.", sheet.pending_files),
            commentOn: (name) => _t("Comment on “%s”", name),
            cite: place.pages > 1 ? _t("Cite page %s", place.page) : _t("Cite the file"),
            kept: _t("Kept on this machine · %s", store.keptOn),
            saved: _t("Saved at %s", store.savedOn),
            lost: _t("No connection since %s.", store.lostSince),
            clash: (at) =>
                _t("Another window saved “%(theirs)s” at %(hour)s; here it is “%(mine)s”.", {
                    theirs: theirs(at),
                    hour: store.places[at].clash,
                    mine: mine(at),
                }),
            keep: (at) => (at.startsWith("score") ? _t("Keep %s", mine(at)) : _t("Keep mine")),
            take: (at) => (at.startsWith("score") ? _t("Take %s", theirs(at)) : _t("Take the other")),
        };
    }

    getDotClass(sheet) {
        return { done: sheet.state === "submitted", now: sheet.id === this.sheet.id };
    }

    getDotLabel(sheet, index) {
        const states = Object.fromEntries(this.props.fields.state.selection);
        return `${index + 1}. ${sheet.code || ""} ${sheet.name}: ${states[sheet.state]}`;
    }

    write(number) {
        return number === false || number === undefined
            ? ""
            : String(number).replace(".", localization.decimalPoint);
    }

    label(name) {
        return this.props.fields[name].string;
    }

    choice(name) {
        return Object.fromEntries(this.props.fields[name].selection)[this.data[name]] || "";
    }

    /** Headings and texts of a tab. */
    get parts() {
        const names = {
            solution: ["known_solution", "solution_content"],
            novelty: ["novelty"],
            applicability: ["applicability"],
            benefits: ["technical_benefit", "economic_benefit", "social_benefit"],
        }[this.state.tab];
        const parts = names.map((name) => ({
            key: name,
            label: this.label(name),
            text: this.data[name] || "",
        }));
        if (this.state.tab === "novelty" && this.data.novelty_level) {
            parts.unshift({
                key: "novelty_level",
                label: this.label("novelty_level"),
                text: this.choice("novelty_level"),
            });
        }
        if (this.state.tab === "benefits" && this.data.benefit_amount) {
            parts.splice(1, 0, {
                key: "benefit_amount",
                label: this.label("benefit_amount"),
                text: formatMonetary(this.data.benefit_amount, {
                    currencyId: this.data.currency_id && this.data.currency_id.id,
                }),
            });
        }
        return parts;
    }

    getCriterion(line) {
        return this.sheet.criteria.find((criterion) => criterion.line === line);
    }

    getRange(level) {
        return `${this.write(level.from)}–${this.write(level.to)}`;
    }

    isReached(criterion, level) {
        const score = this.store.getValue(`score:${criterion.line}`);
        if (score === false || findProblem(criterion, score)) {
            return false;
        }
        const reached = criterion.levels.filter((other) => other.from <= score);
        return reached.length > 0 && reached[reached.length - 1] === level;
    }

    /** What is wrong with what was typed, as the server would say it. */
    getError(criterion) {
        const place = `score:${criterion.line}`;
        const values = {
            lowest: this.write(criterion.lowest),
            highest: this.write(criterion.highest),
            step: this.write(criterion.step),
        };
        const problem = this.store.getProblem(place);
        if (problem && criterion.step) {
            return _t("A score from %(lowest)s to %(highest)s, by steps of %(step)s.", values);
        }
        if (problem) {
            return _t("A score from %(lowest)s to %(highest)s.", values);
        }
        return this.store.places[place].refused;
    }

    getHint(criterion) {
        const parts = [];
        if (criterion.step) {
            parts.push(_t("Step %s", this.write(criterion.step)));
        }
        if (criterion.comment_required) {
            parts.push(_t("a comment is required"));
        } else if (criterion.ends) {
            parts.push(_t("scores at both ends of the scale need a comment"));
        }
        return parts.join(" · ");
    }

    needsComment({ line, comment_required, ends }) {
        const score = this.store.getValue(`score:${line}`);
        const isEnd = ends && score !== false && (score <= ends[0] || score >= ends[1]);
        return (comment_required || isEnd || score === 0) && !this.store.getValue(`comment:${line}`).trim();
    }

    /** What keeps the sheet from being submitted, each with the field that mends it. */
    get missing() {
        const missing = [];
        for (const criterion of this.sheet.criteria) {
            const score = this.store.getValue(`score:${criterion.line}`);
            if (score === false || this.store.getProblem(`score:${criterion.line}`)) {
                missing.push({
                    key: `score:${criterion.line}`,
                    label: _t("score %s", criterion.number),
                });
            } else if (this.needsComment(criterion)) {
                missing.push({
                    key: `comment:${criterion.line}`,
                    label: _t("comment %s", criterion.number),
                });
            }
        }
        return missing;
    }

    get canSubmit() {
        return (
            this.isOpen &&
            !this.state.busy &&
            !this.store.lostSince &&
            !this.store.clashes.length
        );
    }

    // TYPING

    /** Open a criterion: its levels in full, its comment. */
    onScoreFocus(criterion, ev) {
        this.state.open = criterion.line;
        ev.target.select();
    }

    onScoreInput(criterion, ev) {
        this.state.texts[criterion.line] = ev.target.value;
        this.store.type(`score:${criterion.line}`, readScore(ev.target.value));
    }

    onScoreKey(criterion, ev) {
        if (ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const place = `score:${criterion.line}`;
        if (ev.key === "Enter") {
            ev.preventDefault();
            if (!this.store.getProblem(place)) {
                this.move(criterion, ev.shiftKey ? -1 : 1);
            }
        } else if (ev.key === "ArrowUp" || ev.key === "ArrowDown") {
            ev.preventDefault();
            this.setScore(
                criterion,
                moveScore(criterion, this.store.getValue(place), ev.key === "ArrowUp" ? 1 : -1)
            );
        }
    }

    setScore(criterion, score) {
        this.state.texts[criterion.line] = this.write(score);
        this.store.type(`score:${criterion.line}`, score);
    }

    move(criterion, direction) {
        const index = this.sheet.criteria.indexOf(criterion) + direction;
        const next = this.sheet.criteria[index];
        if (next) {
            this.focus(`score:${next.line}`);
        } else if (direction > 0) {
            this.focus("strengths");
        }
    }

    async focus(place) {
        const [, line] = place.split(":");
        this.state.pane = "scores";
        if (line) {
            this.state.open = Number(line);
        }
        // the field of a criterion that opens is there after the next patch
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const field = this.root.el && this.root.el.querySelector(`[data-place="${place}"]`);
        if (field) {
            field.focus();
            field.scrollIntoView({ block: "nearest" });
        }
    }

    focusFirst() {
        const open = this.state.open;
        if (this.isOpen && open && !this.env.isSmall) {
            this.focus(`score:${open}`);
        }
    }

    // CLASHES

    settle(place, keeps) {
        const promise = this.store.settle(place, keeps);
        const [name, line] = place.split(":");
        if (name === "score") {
            this.state.texts[line] = this.write(this.store.getValue(place));
        }
        return promise;
    }

    show(place, value) {
        if (place.startsWith("score:")) {
            return this.write(value) || "–";
        }
        if (place === "recommendation") {
            return Object.fromEntries(this.props.fields.recommendation.selection)[value] || "–";
        }
        return value || "–";
    }

    // KEYS

    /** Keys that act wherever the focus is in the workspace; dialogs have their own. */
    onKey(ev) {
        if (document.querySelector(".modal, .o-dropdown--menu") || !this.root.el) {
            return;
        }
        const isPage = ev.key === "PageDown" || ev.key === "PageUp";
        if (isPage && !ev.ctrlKey && !ev.altKey) {
            ev.preventDefault();
            this.turn(ev.key === "PageDown" ? 1 : -1, ev.shiftKey);
        } else if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.submit();
        } else if (ev.altKey && !ev.ctrlKey && !ev.shiftKey) {
            const act = { g: () => this.cite(), n: () => this.step(1), p: () => this.step(-1) }[
                ev.key.toLowerCase()
            ];
            if (act) {
                ev.preventDefault();
                ev.stopPropagation();
                act();
            }
        }
    }

    turn(direction, wholeFile) {
        const viewer = this.state.tab === "files" && this.viewer;
        if (!viewer) {
            const text = this.root.el.querySelector(".o_hoithi_dossier_text");
            text && text.scrollBy({ top: direction * text.clientHeight * 0.85 });
        } else if (wholeFile) {
            viewer.select(this.place.file + direction);
        } else {
            viewer.goTo(this.place.page + direction);
        }
    }

    onTabKey(ev) {
        const keys = this.tabs.map((tab) => tab.key);
        const step = { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            const index = keys.indexOf(this.state.tab) + step;
            this.state.tab = keys[(index + keys.length) % keys.length];
            ev.target.parentElement.querySelector(`[data-tab=${this.state.tab}]`).focus();
        }
    }

    showKeys() {
        this.dialog.add(ScoreKeys);
    }

    // CITING

    get citation() {
        const file = this.state.tab === "files" && this.sheet.files[this.place.file];
        if (!file) {
            return "";
        }
        const name = file.name.replace(/\.[^.]+$/, "");
        return this.place.pages > 1
            ? _t("[%(file)s, p. %(page)s]", { file: name, page: this.place.page })
            : `[${name}]`;
    }

    /** Put the file and the page in sight into the comment of the open criterion. */
    async cite() {
        const place = `comment:${this.state.open}`;
        if (!this.isOpen || !this.citation || !this.store.places[place]) {
            return;
        }
        const before = this.store.getValue(place).trimEnd();
        this.store.type(place, before ? `${before} ${this.citation}` : this.citation);
        await this.focus(place);
    }

    // SHEETS

    async step(direction) {
        const next = this.sheet.sheets[this.index + direction];
        if (next) {
            await this.go(next.id);
        }
    }

    async go(id) {
        await this.store.flush();
        await this.props.open(id, this.sheet.sheets.map((sheet) => sheet.id));
    }

    async goBack() {
        await this.store.flush();
        this.props.back.go();
    }

    // ACTS

    async submit() {
        if (!this.isOpen || this.state.busy) {
            return;
        }
        await this.store.flush();
        const [first] = [
            ...this.store.clashes,
            ...this.store.wrong,
            ...this.missing.map((item) => item.key),
        ];
        if (first) {
            this.notification.add(
                _t("Not submitted yet: fill in what is missing first."),
                { type: "warning" }
            );
            await this.focus(first);
            return;
        }
        if (!this.store.isSaved) {
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Submit this sheet?"),
            body: _t(
                "“%(entry)s”: %(total)s of %(highest)s points. Scores and comments can't be changed afterwards.",
                {
                    entry: this.data.entry_name,
                    total: this.write(this.store.total),
                    highest: this.write(this.sheet.max_total),
                }
            ),
            confirmLabel: _t("Submit the sheet"),
            confirm: () => this.send(),
            cancelLabel: _t("Back"),
            cancel: () => {},
        });
    }

    async send() {
        this.state.busy = true;
        try {
            await this.orm.call("hoithi.review", "action_submit", [[this.sheet.id]]);
        } finally {
            this.state.busy = false;
        }
        this.notification.add(
            _t("Submitted: %(code)s, %(total)s points.", {
                code: this.data.entry_code || this.data.entry_name,
                total: this.write(this.store.total),
            }),
            { type: "success" }
        );
        const { sheets } = this.sheet;
        const isLeft = (sheet) => sheet.state !== "submitted" && sheet.id !== this.sheet.id;
        const next = sheets.slice(this.index + 1).find(isLeft) || sheets.find(isLeft);
        await this.props.open((next || this.sheet).id, sheets.map((sheet) => sheet.id));
    }

    /** Open the dialog of an act of the sheet, and read the sheet anew afterwards. */
    async act(method) {
        await this.store.flush();
        const action = await this.orm.call("hoithi.review", method, [[this.sheet.id]]);
        await this.action.doAction(action, { onClose: () => this.props.open(this.sheet.id) });
    }
}
