import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadJS } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";

const PDFJS = "/web/static/lib/pdfjs";
/** Zoom by which a page is enlarged or reduced at a time. */
const ZOOM = 1.25;
/** Pages that lie this near to the window are drawn, in CSS pixels. */
const NEAR = "800px";

async function loadLibrary() {
    await loadJS(`${PDFJS}/build/pdf.js`);
    const library = globalThis.pdfjsLib;
    library.GlobalWorkerOptions.workerSrc = `${PDFJS}/build/pdf.worker.js`;
    return library;
}

async function drawPage(page, canvas, width) {
    const natural = page.getViewport({ scale: 1 });
    const density = Math.min(globalThis.devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: (width * density) / natural.width });
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await page.render({ canvasContext: canvas.getContext("2d"), viewport }).promise;
}

/** The files of a dossier: which, and the pages of one, drawn as they come in sight. */
export class SheetViewer extends Component {
    static template = "hoithi_contest.SheetViewer";
    static props = { files: Array, place: Object, register: Function };

    setup() {
        // shared with the scores, which cite the page in sight
        this.place = useState(this.props.place);
        this.state = useState({ pages: [], failed: false, loading: false, zoom: 1, counts: {} });
        this.paper = useRef("paper");
        this.viewer = useRef("viewer");
        this.documents = {};
        this.drawn = new Map();
        this.props.register(this);
        useEffect(
            (id) => {
                this.open(id);
            },
            () => [this.file && this.file.id]
        );
        useEffect(
            () => this.watch(),
            () => [this.state.pages, this.state.zoom]
        );
        onWillUnmount(() => {
            this.gone = true;
            for (const document of Object.values(this.documents)) {
                document.then((found) => found.destroy()).catch(() => {});
            }
        });
    }

    get file() {
        return this.props.files[this.place.file];
    }

    get url() {
        return `/web/content/${this.file.id}`;
    }

    isPicture(file) {
        return (file.mimetype || "").startsWith("image/");
    }

    isPdf(file) {
        return file.mimetype === "application/pdf";
    }

    countPages(file) {
        const count = this.state.counts[file.id];
        return count === 1 ? _t("1 page") : _t("%s pages", count);
    }

    // FILES

    async getDocument(id) {
        this.documents[id] ||= loadLibrary().then(
            (library) =>
                library.getDocument({
                    url: `/web/content/${id}`,
                    cMapUrl: `${PDFJS}/web/cmaps/`,
                    cMapPacked: true,
                    isEvalSupported: false,
                }).promise
        );
        return this.documents[id];
    }

    async open(id) {
        Object.assign(this.state, { pages: [], failed: false, loading: false });
        this.place.page = 1;
        this.place.pages = this.file ? 1 : 0;
        if (!this.file || !this.isPdf(this.file)) {
            return;
        }
        this.state.loading = true;
        try {
            const document = await this.getDocument(id);
            const first = await document.getPage(1);
            const { width, height } = first.getViewport({ scale: 1 });
            if (this.gone || id !== this.file.id) {
                return;
            }
            this.place.pages = document.numPages;
            this.state.counts[id] = document.numPages;
            this.state.pages = Array.from({ length: document.numPages }, (_page, index) => ({
                number: index + 1,
                ratio: height / width,
            }));
        } catch {
            delete this.documents[id];
            this.state.failed = !this.gone && id === this.file.id;
        } finally {
            this.state.loading = false;
        }
    }

    select(index) {
        const last = this.props.files.length - 1;
        this.place.file = Math.max(0, Math.min(last, index));
    }

    // PAGES

    watch() {
        const paper = this.paper.el;
        this.drawn.clear();
        if (!paper || !this.state.pages.length) {
            return;
        }
        const observer = new IntersectionObserver(
            (entries) => {
                for (const entry of entries.filter((entry) => entry.isIntersecting)) {
                    this.draw(entry.target, Number(entry.target.dataset.page));
                }
            },
            { root: paper, rootMargin: NEAR }
        );
        for (const page of paper.querySelectorAll("[data-page]")) {
            observer.observe(page);
        }
        return () => observer.disconnect();
    }

    async draw(holder, number) {
        const id = this.file.id;
        if (this.drawn.get(number)) {
            return;
        }
        this.drawn.set(number, true);
        try {
            const document = await this.getDocument(id);
            const page = await document.getPage(number);
            const { width, height } = page.getViewport({ scale: 1 });
            if (this.gone || id !== this.file.id || !holder.isConnected) {
                return;
            }
            holder.style.aspectRatio = `${width} / ${height}`;
            await drawPage(page, holder.querySelector("canvas"), holder.clientWidth);
            holder.classList.add("o_hoithi_drawn");
        } catch {
            this.drawn.delete(number);
        }
    }

    onScroll() {
        const paper = this.paper.el;
        const middle = paper.scrollTop + paper.clientHeight / 3;
        let shown = 1;
        for (const page of paper.querySelectorAll("[data-page]")) {
            if (page.offsetTop <= middle) {
                shown = Number(page.dataset.page);
            }
        }
        this.place.page = shown;
    }

    goTo(number) {
        const page = Math.max(1, Math.min(this.place.pages || 1, number || 1));
        const target = this.paper.el && this.paper.el.querySelector(`[data-page="${page}"]`);
        if (target) {
            this.paper.el.scrollTo({ top: target.offsetTop - 8 });
            this.place.page = page;
        }
    }

    zoom(direction) {
        const zoom = this.state.zoom * ZOOM ** direction;
        this.state.zoom = Math.max(0.5, Math.min(3, zoom));
    }

    enlarge() {
        this.viewer.el.requestFullscreen?.();
    }
}
