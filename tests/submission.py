"""Entries that are submitted for a scene, as the dialog does it."""


def submit_entries(rpc, login, entry_ids):
    """Submit entries of `login`, with the commitment ticked."""
    for entry_id in entry_ids:
        action = rpc(login, "hoithi.entry", "action_open_submission", [entry_id])
        dialog = [action["res_id"]]
        rpc(login, action["res_model"], "write", dialog, {"is_committed": True})
        rpc(login, action["res_model"], "action_submit", dialog)
