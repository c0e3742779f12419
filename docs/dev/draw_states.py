"""Draws the states of each model and the ways between them, from the code.

bin/odoo shell -d hoithi_demo <docs/dev/draw_states.py >docs/dev/states.md
"""

HEAD = """# States

Drawn from `_transitions` by `draw_states.py`; a test compares. An arrow names the
method that goes that way, and who may; “itself” is a step that the server takes when
its reason comes about. (r) asks for a reason or the like: no card is dragged there.
"""


def draw(env):
    """Return the diagrams of all models with a state, as Markdown with Mermaid."""
    env = env(context={**env.context, "lang": "en_US"})
    parts = [HEAD]
    for name in sorted(env):
        model = env[name]
        guard = env.registry["hoithi.workflow.mixin"]
        if model._abstract or not isinstance(model, guard):
            continue
        lines = [f"    [*] --> {model._get_initial_state()}"]
        for step in model._get_transitions():
            roles = ", ".join(
                group.removeprefix("hoithi_contest.group_") for group in step.groups
            )
            label = step.method or "itself"
            label += f" ({roles})" if roles else ""
            label += " (r)" if step.needs_input else ""
            lines.append(f"    {step.source} --> {step.target}: {label}")
        diagram = "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
        parts.append(f"## {model._description} (`{name}`)\n\n{diagram}\n")
    return "\n".join(parts)


# Odoo's shell gives an environment; a test takes the function alone
if environment := globals().get("env"):
    print(draw(environment), end="")
