"""Draws who may set what, and until when, from what each model declares.

bin/odoo shell -d hoithi_demo <docs/dev/draw_rights.py >docs/dev/rights.md
"""

HEAD = """# Rights

Drawn by `draw_rights.py` from what the models declare; a test compares, and tries each
line at every door. Who may read, make and delete records is said by access rights and
record rules; this is about fields. What isn't named may be set by whoever may write to
the record.

- **Server**: comes about by itself; no form, import or call sets it.
- **Given**: told when the record is made, for good.
- **Role**: set by these roles only. **Person**: taken from nobody's defaults.
- **Fixed while**: what stays then. **Rows**: none is made, deleted or moved then.
"""


def draw(env):
    """Return the table of all guarded models, as Markdown."""
    env = env(context={**env.context, "lang": "en_US"})
    parts = [HEAD]
    for name in sorted(env):
        model = env[name]
        if model._original_module != "hoithi_contest" or not hasattr(
            model, "_get_fixed_table"
        ):
            continue
        if model._abstract or model._transient:
            continue
        lines = list(draw_model(model))
        if lines:
            table = "\n".join(["| | |", "|---|---|", *lines])
            parts.append(f"## {model._description} (`{name}`)\n\n{table}\n")
    return "\n".join(parts)


def draw_model(model):
    """Yield the lines of one model."""

    def names_of(names):
        return ", ".join(f"`{name}`" for name in sorted(names))

    for label, names in (
        ("Server", model._get_server_fields()),
        ("Given", model._given_fields),
        ("Person", model._person_fields),
    ):
        if names:
            yield f"| {label} | {names_of(names)} |"
    by_role = {}
    for name, groups in model._role_fields.items():
        by_role.setdefault(groups, set()).add(name)
    for groups, names in sorted(by_role.items()):
        roles = ", ".join(g.removeprefix("hoithi_contest.group_") for g in groups)
        yield f"| Role: {roles} | {names_of(names)} |"
    for flag, names in model._get_fixed_table().items():
        late = sorted(set(names) & model._late_fields)
        note = "; what is empty may still be given" if late else ""
        yield f"| Fixed while {tell(model, flag)} | {names_of(names)}{note} |"
    for flag in model._fixed_rows:
        yield f"| Rows: none while {tell(model, flag)} | all |"


def tell(model, flag):
    """Say when a flag holds: by states, by its owner's flag, or as its help does."""
    field = model._fields[flag]
    if flag == "id":
        return "it is saved"
    if getattr(field.search, "__module__", "").endswith("hoithi_states"):
        ((_path, _operator, states),) = list(field.search(model, "in", [True]))
        order = [state for state, _label in model._fields["state"].selection]
        states = sorted(states, key=order.index)
        return f"`{flag}`: state " + ", ".join(states)
    if field.related:
        *path, source = field.related.split(".")
        return f"`{source}` of `{'.'.join(path)}`"
    return f"`{flag}`: {field.help or field.string}".rstrip(".")


# Odoo's shell gives an environment; a test takes the function alone
if environment := globals().get("env"):
    print(draw(environment), end="")
