import { FormController } from "@web/views/form/form_controller";
import { useRuns } from "./run_views";

/** The form of a contest follows the start of its review in the background. */
export class ContestFormController extends FormController {
    setup() {
        super.setup();
        useRuns(
            this,
            () => [this.model.root.data.review_start_run_id?.id].filter(Boolean),
            "hoithi.review.start.run"
        );
    }
}
