"""Writes the data dictionary: what each model of the addon stores, from the code.

bin/odoo shell -d hoithi_demo <docs/dev/draw_data.py >docs/dev/data.md
"""

HEAD = """# Từ điển dữ liệu · Data dictionary

Written from the models by `draw_data.py`; a test compares. Read by: the groups that may
read the model at all, then the record rules that say which records. A type in *italics*
is worked out and not stored. ● marks what tells of a person: who it is, how to reach
them, what they wrote or decided under their name.
"""

#: Models of persons: what refers to one of them is personal.
PERSONS = {"hr.employee", "res.partner", "res.users", "hoithi.council.member"}
#: What every model has.
USUAL = {"create_date", "create_uid", "display_name", "id", "write_date", "write_uid"}
#: Fields that tell of a person in words.
PERSONAL = {
    "email",
    "email_from",
    "full_name",
    "job_title",
    "login",
    "partner_name",
    "phone",
    "recipient_email",
    "workplace",
}


def is_personal(field):
    """Tell whether a field's value tells of a person."""
    return field.name in PERSONAL or field.comodel_name in PERSONS


def describe_type(model, field):
    """Return a field's type, with what it refers to or chooses from."""
    text = field.type
    if field.comodel_name:
        text += f" → `{field.comodel_name}`"
    elif field.type == "selection":
        values = model._fields[field.name].get_values(model.env)
        text += f" ({', '.join(values)})"
    return text if field.store else f"*{text}*"


def describe_readers(env, model):
    """Return who may read a model, and by which record rules."""
    access = env["ir.model.access"].search(
        [("model_id.model", "=", model._name), ("perm_read", "=", True)]
    )
    groups = sorted(line.group_id.full_name or "everybody" for line in access)
    rules = env["ir.rule"].search(
        [("model_id.model", "=", model._name), ("perm_read", "=", True)]
    )
    names = sorted(rule.name for rule in rules)
    text = f"Read by: {'; '.join(dict.fromkeys(groups)) or 'the server alone'}."
    return text + (f" Rules: {'; '.join(names)}." if names else "")


def write(env):
    """Return the dictionary of all models that the addon makes or extends."""
    english = env(context={"lang": "en_US"})
    vietnamese = env(context={"lang": "vi_VN"})
    parts = [HEAD]
    for name in sorted(english):
        model = english[name]
        own = [
            field
            for field in model._fields.values()
            if field._module == "hoithi_contest" and field.name not in USUAL
        ]
        if model._abstract or model._transient or not own:
            continue
        labels = vietnamese[name].fields_get([field.name for field in own])
        title = vietnamese["ir.model"]._get(name).name
        rows = [
            "| "
            + " | ".join(
                (
                    f"`{field.name}`",
                    labels[field.name]["string"].replace("|", "\\|"),
                    field.string,
                    describe_type(model, field),
                    "●" if is_personal(field) else "",
                    field.groups or "",
                )
            ).rstrip()
            + " |"
            for field in sorted(own, key=lambda field: field.name)
            if field.name in labels
        ]
        parts.append(
            "\n".join(
                (
                    f"## {title} · {model._description} (`{name}`)",
                    "",
                    describe_readers(english, model)
                    if name.startswith("hoithi.")
                    else "What the addon adds to it:",
                    "",
                    "| Field | Nhãn | Label | Type | ● | Groups |",
                    "|---|---|---|---|---|---|",
                    *rows,
                    "",
                )
            )
        )
    return "\n".join(parts)


# Odoo's shell gives an environment; a test takes the function alone
if environment := globals().get("env"):
    print(write(environment), end="")
