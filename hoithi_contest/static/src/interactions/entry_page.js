/** What the interactions on the form of an entry share. */

/** The autosave of a page, by its element. */
const savers = new WeakMap();

export function setSaver(page, saver) {
    savers.set(page, saver);
}

export function getSaver(page) {
    return savers.get(page);
}

/**
 * Return a text of the page, which the server has put there in the reader's language.
 *
 * @param {string} name
 * @param {Object} [values] what stands for {name} in it
 */
export function getText(name, values = {}) {
    const text = document.querySelector(`.o_hoithi_form_texts [data-text=${name}]`);
    return (text?.textContent || "").replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

/**
 * Put parts that the server has rendered anew in the places of the old ones. What had
 * the focus has it again.
 *
 * @param {Element} page
 * @param {Object} parts html by the id of its place
 */
export function putParts(page, parts) {
    const active = document.activeElement;
    for (const [id, html] of Object.entries(parts || {})) {
        const place = page.querySelector(`#${id}`);
        if (!place) {
            continue;
        }
        const had = place.contains(active) && getWayTo(active);
        place.innerHTML = html;
        if (had) {
            (place.querySelector(had) || place.querySelector("a, button, input"))?.focus({
                preventScroll: true,
            });
        }
    }
}

function getWayTo(el) {
    if (el.id) {
        return `#${CSS.escape(el.id)}`;
    }
    const href = el.getAttribute("href");
    return href ? `a[href="${CSS.escape(href)}"]` : el.tagName.toLowerCase();
}

/** Return a line of text between an icon and buttons, as `o_hoithi_banner`. */
export function makeBanner({ kind = "", icon, title, more = "", acts = [] }) {
    const banner = document.createElement("div");
    banner.className = `o_hoithi_banner ${kind && `o_hoithi_banner_${kind}`}`;
    const sign = document.createElement("i");
    sign.className = `fa ${icon}`;
    sign.setAttribute("aria-hidden", "true");
    const body = document.createElement("div");
    const strong = document.createElement("strong");
    strong.textContent = title;
    body.append(strong, more);
    if (acts.length) {
        const row = document.createElement("div");
        row.append(...acts);
        body.append(row);
    }
    banner.append(sign, body);
    return banner;
}

export function makeButton(text, className, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn ${className}`;
    button.textContent = text;
    button.addEventListener("click", onClick);
    return button;
}
