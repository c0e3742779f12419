"""Draws which room of the house uses which, from the code.

PYTHONPATH=tests .hoithi/venv/bin/python docs/dev/draw_house.py >docs/dev/house.md
"""

HEAD = """# Rooms

Drawn by `draw_house.py` from what `tests/test_house.py` finds in the code: imports,
names of models, records and tables; a test compares. An arrow leads from a room to one
that it uses. Why two run sideways, dotted here, stands in [the house](architecture.md).
"""


def draw(floors, edges):
    """Return the picture, as Markdown with Mermaid.

    :param floors: the floor of each room
    :param edges: pairs of rooms of which the first uses the second
    """
    lines = ["graph TD"]
    for floor in sorted(set(floors.values()), reverse=True):
        lines.append(f'    subgraph floor{floor}["floor {floor}"]')
        lines += [f"        {room}" for room in floors if floors[room] == floor]
        lines.append("    end")
    order = list(floors)
    for room, other in sorted(edges, key=lambda edge: [*map(order.index, edge)]):
        sideways = floors[room] == floors[other]
        lines.append(f"    {room} {'-.->' if sideways else '-->'} {other}")
    return "\n".join([HEAD, "```mermaid", *lines, "```", ""])


if __name__ == "__main__":
    import test_house

    trees = test_house.read_code()
    found = test_house.find_references(
        trees, test_house.read_screens(), test_house.place_models(trees)
    )
    print(draw(test_house.FLOORS, test_house.get_edges(found)), end="")
