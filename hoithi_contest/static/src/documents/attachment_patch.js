import { Attachment } from "@mail/core/common/attachment_model";
import { patch } from "@web/core/utils/patch";

patch(Attachment.prototype, {
    /**
     * A browser that shows a PDF writes a small picture of it into the attachment. Files
     * that the contest keeps take none: the server would refuse it, with a dialog.
     */
    async setPdfThumbnail() {
        if (!this.thread?.model.startsWith("hoithi.")) {
            return super.setPdfThumbnail();
        }
    },
});
