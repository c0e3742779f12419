"""The house: rooms on floors, and no reference that runs upward."""

import ast
import functools
import io
import re
import runpy
import tokenize
from pathlib import Path

import pytest
from lxml import etree

ADDON = Path(__file__).parent.parent / "hoithi_contest"
DOCS = ADDON.parent / "docs" / "dev"
FLOORS = {
    "guard": 0,
    "contest": 1,
    "notice": 1,
    "council": 2,
    "outreach": 2,
    "document": 3,
    "publication": 3,
}
#: On the same floor: the contest tells its facts, the public page shows its papers.
SIDEWAYS = {("contest", "notice"), ("publication", "document")}
CODE = ("models", "wizard", "controllers", "lib")
SCREENS = ("views", "security", "wizard")


@functools.cache
def walk(tree):
    """Return all nodes of a module, which several tests look at."""
    return list(ast.walk(tree))


@functools.cache
def get_room(path):
    parts = path.relative_to(ADDON).parts
    return next((part for part in parts[1:-1] if part in FLOORS), None)


def is_upward(room, other):
    if room == other or (room, other) in SIDEWAYS:
        return False
    return FLOORS[other] >= FLOORS[room]


def get_files(folders, suffix):
    for folder in folders:
        for path in sorted((ADDON / folder).rglob(f"*{suffix}")):
            if "tests" not in path.relative_to(ADDON).parts:
                yield path


def get_strings(tree):
    """Yield the text constants of a module that are no docstrings."""
    told = {
        id(node.body[0].value)
        for node in walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in told
        ):
            yield node.value


def get_model_names(tree):
    for node in walk(tree):
        if isinstance(node, ast.ClassDef):
            values = {
                target.id: statement.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            name, inherit = values.get("_name"), values.get("_inherit")
            if isinstance(name, ast.Constant):
                parents = [
                    item.value
                    for item in getattr(inherit, "elts", [inherit])
                    if isinstance(item, ast.Constant)
                ]
                if name.value not in parents:
                    yield name.value


def get_xmlids(root):
    for element in root.iter("record", "template", "menuitem", "act_window"):
        if element.get("id"):
            yield element.get("id").removeprefix("hoithi_contest.")


def read_code():
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in get_files(CODE, ".py")
    }


def read_screens():
    return {path: etree.parse(path).getroot() for path in get_files(SCREENS, ".xml")}


def place_models(trees):
    return {
        name: get_room(path)
        for path, tree in trees.items()
        for name in get_model_names(tree)
    }


@pytest.fixture(scope="module")
def trees():
    return read_code()


@pytest.fixture(scope="module")
def roots():
    return read_screens()


@pytest.fixture(scope="module")
def rooms_of_models(trees):
    return place_models(trees)


def find_imports(path, tree):
    """Yield the rooms that a module imports from."""
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = path.parent
            for _ in range(node.level - 1):
                package = package.parent
            for alias in node.names:
                target = package.joinpath(*(node.module or "").split("."), alias.name)
                room = get_room(target) or get_room(target / "x")
                if room:
                    yield room


MODEL_NAME = re.compile(r"\bhoithi(?:\.\w+)+")
XMLID = re.compile(r"\bhoithi_contest\.(\w+)")
TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+"?(hoithi_\w+)')


def find_references(trees, roots, rooms_of_models):
    """Return the rooms that each file of a room refers to."""
    found = {}

    def note(path, others):
        if get_room(path):
            found.setdefault(path, set()).update(filter(None, others))

    rooms_of_xmlids = {
        xmlid: get_room(path)
        for path, root in roots.items()
        for xmlid in get_xmlids(root)
    }
    rooms_of_tables = {
        name.replace(".", "_"): room for name, room in rooms_of_models.items()
    }
    for path, tree in trees.items():
        note(path, find_imports(path, tree))
        # models by name or part of one, records by their ids, tables in SQL
        text = "\n".join(get_strings(tree))
        note(path, map(rooms_of_models.get, MODEL_NAME.findall(text)))
        note(path, map(rooms_of_xmlids.get, XMLID.findall(text)))
        note(path, map(rooms_of_tables.get, TABLE.findall(text)))
    for path, root in roots.items():
        text = etree.tostring(root, encoding="unicode")
        note(path, map(rooms_of_models.get, MODEL_NAME.findall(text)))
        note(path, map(rooms_of_xmlids.get, re.findall(r"\w+", text)))
    return found


def get_edges(references):
    """Return the pairs of rooms of which the first refers to the second."""
    return {
        (room, other)
        for path, others in references.items()
        for other in others
        if (room := get_room(path)) != other
    }


def find_upward(trees, roots, rooms_of_models):
    """Return what runs upward: the rooms above, by file."""
    found = find_references(trees, roots, rooms_of_models)
    return {
        path.relative_to(ADDON).as_posix(): above
        for path, others in found.items()
        if (above := {o for o in others if is_upward(get_room(path), o)})
    }


#: What brings the rooms together: menus, and the buttons that stand for some of them.
ROOT_FILES = (
    "__init__.py",
    "hoithi_beside_views.xml",
    "hoithi_groups.xml",
    "hoithi_menus.xml",
)


def test_every_file_lies_in_a_room():
    outside = [
        path.relative_to(ADDON).as_posix()
        for path in [*get_files(CODE, ".py"), *get_files(SCREENS, ".xml")]
        if path.name not in ROOT_FILES and not get_room(path)
    ]
    assert outside == []


def test_a_file_is_named_for_its_model(trees):
    wrong = {
        path.name: names
        for path, tree in trees.items()
        if "lib" not in path.relative_to(ADDON).parts
        and (names := list(get_model_names(tree)))
        if [name.replace(".", "_") for name in names] != [path.stem]
    }
    assert wrong == {}


def get_extended(tree):
    """Yield the models that a module extends by `_inherit` alone."""
    for node in walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and [getattr(target, "id", "") for target in node.targets] == ["_inherit"]
        ):
            yield node.value.value


def find_misnamed_parts(trees):
    """Return the files of a part of a model that aren't named for it and its subject.

    A model that has grown is several files of one room: one with its name, and one a
    subject, named for the model and the subject, as no other model is.
    """
    named = {name for tree in trees.values() for name in get_model_names(tree)}
    files = {name.replace(".", "_") for name in named}
    return {
        path.stem
        for path, tree in trees.items()
        if path.relative_to(ADDON).parts[0] == "models"
        and not list(get_model_names(tree))
        for name in get_extended(tree)
        if (model := name.replace(".", "_")) != path.stem
        and (not path.stem.startswith(f"{model}_") or path.stem in files)
    }


def test_a_part_of_a_model_is_named_for_it_and_its_subject(trees):
    assert find_misnamed_parts(trees) == set()
    part = ast.parse('class A(models.Model):\n    _inherit = "hoithi.entry"')
    own = ast.parse('class B(models.Model):\n    _name = "hoithi.entry.author"')
    room = ADDON / "models" / "contest"
    assert find_misnamed_parts({room / "hoithi_entry_door.py": part}) == set()
    assert find_misnamed_parts({room / "entry_door.py": part}) == {"entry_door"}
    other = ADDON / "models" / "council" / "hoithi_entry_author.py"
    assert find_misnamed_parts({room / "hoithi_entry_author.py": own, other: part}) == {
        "hoithi_entry_author"
    }


def test_no_reference_runs_upward(trees, roots, rooms_of_models):
    assert find_upward(trees, roots, rooms_of_models) == {}


def test_the_picture_of_the_docs_is_drawn_from_the_code(trees, roots, rooms_of_models):
    draw = runpy.run_path(str(DOCS / "draw_house.py"))["draw"]
    references = find_references(trees, roots, rooms_of_models)
    told = (DOCS / "house.md").read_text(encoding="utf-8")
    assert told == draw(FLOORS, get_edges(references))


def test_every_picture_of_the_guides_is_taken_by_the_script():
    """So that no screen stays in them that looks otherwise by now."""
    images = DOCS.parent / "images"
    tree = ast.parse((images / "take.py").read_text(encoding="utf-8"))
    [taken] = (
        {ast.literal_eval(key) for key in node.value.keys}
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "PICTURES"
    )
    shown = {
        name
        for guide in DOCS.parent.glob("*.md")
        for name in re.findall(
            r"images/([\w-]+)\.png", guide.read_text(encoding="utf-8")
        )
    }
    assert shown <= taken
    assert {path.stem for path in images.glob("*.png")} == taken


def test_what_runs_upward_is_found(trees, rooms_of_models):
    path = ADDON / "models" / "guard" / "new.py"
    tree = ast.parse(
        'from ..council.hoithi_review import X\nself.env["hoithi.session"]'
    )
    found = find_upward({path: tree}, {}, rooms_of_models)
    assert found == {"models/guard/new.py": {"council"}}


@pytest.mark.parametrize(
    "code",
    [
        'self.env.ref("hoithi_contest.hoithi_review_view_form")',
        'self.env.cr.execute("SELECT 1 FROM hoithi_review r")',
        'self.env.cr.execute("SELECT 1 FROM hoithi_entry JOIN hoithi_review r")',
        'self.env[f"hoithi.review.{kind}"]',
    ],
)
def test_what_runs_upward_in_a_string_is_found(code, roots, rooms_of_models):
    path = ADDON / "models" / "contest" / "new.py"
    found = find_upward({path: ast.parse(code)}, roots, rooms_of_models)
    assert found == {"models/contest/new.py": {"council"}}


#: Of records of Odoo, or what a room asks of any record that has it.
ODOO_NAMES = {
    *("attachment_ids", "attendance_ids", "author_id", "company_id", "contest_id"),
    *("department_id", "line_ids", "partner_id", "recipient_ids", "res_id", "run_id"),
    *("secretary_ids", "user_id", "version_ids"),
}
#: Names that tell of one thing alone: a relation, an act.
TELLING = re.compile(r"action_\w+|\w+_ids?")


def find_named_from_above(trees, named=None):
    """Return the relations and acts that code names and only rooms above it bring.

    :param named: the modules that are looked at, where these aren't all
    """
    rooms = {}
    for path, tree in trees.items():
        for name in get_members(tree):
            rooms.setdefault(name, set()).add(get_room(path))
    found = {}
    for path, tree in (named or trees).items():
        room = get_room(path)
        names = {node.attr for node in walk(tree) if isinstance(node, ast.Attribute)}
        names |= set(get_strings(tree))
        above = {
            name
            for name in (names - ODOO_NAMES) & set(rooms)
            if TELLING.fullmatch(name)
            and room
            and all(other and is_upward(room, other) for other in rooms[name])
        }
        if above:
            found[path.relative_to(ADDON).as_posix()] = above
    return found


def test_no_code_names_what_a_room_above_brings(trees):
    """As a contest that takes entries to the council's acts: the council does that."""
    assert find_named_from_above(trees) == {}
    path = ADDON / "models" / "contest" / "new.py"
    new = ast.parse('entry.review_ids.read()\nTransition("a", "b", "action_select")')
    assert find_named_from_above(trees, {path: new}) == {
        "models/contest/new.py": {"action_select", "review_ids"}
    }


def test_record_rules_are_updated_with_the_addon():
    """What they keep is the addon's promise; departments adapt settings."""
    kept = [
        path.relative_to(ADDON).as_posix()
        for path in get_files(("security",), ".xml")
        if "noupdate" in path.read_text(encoding="utf-8")
    ]
    assert kept == []


def find_unplaced_gaps(trees, form):
    """Return the fields that a rule of the dossier names and the form doesn't show."""
    places = {
        "author_ids": "hoithi_section_authors",
        "contribution_percent": "hoithi_section_authors",
        "dossier_ids": "hoithi_slot_",
        "supplement": "hoithi_supplement",
    }
    named = {
        node.args[0].value
        for tree in trees.values()
        for node in walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Gap"
        and isinstance(node.args[0], ast.Constant)
    }
    return {name for name in named if places.get(name, f'name.f="{name}"') not in form}


def test_every_rule_of_the_dossier_leads_to_its_place(trees):
    """What an entry lacks is told with a link; a rule on another field has none."""
    form = "".join(
        path.read_text(encoding="utf-8")
        for path in (ADDON / "views" / "contest").glob("portal_templates_*.xml")
    )
    assert find_unplaced_gaps(trees, form) == set()
    new = ast.parse('Gap("tested_on", self.env._("Not tested."))')
    assert find_unplaced_gaps({None: new}, form) == {"tested_on"}


#: What records of several rooms have, some of it from Odoo itself.
SHARED_NAMES = {"contest_id", "create_date", "name", "preview"}


def get_members(tree):
    """Yield the names of the fields and methods of the models of a module."""
    for node in walk(tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef):
                    yield statement.name
                elif isinstance(statement, ast.Assign):
                    yield from (
                        target.id
                        for target in statement.targets
                        if isinstance(target, ast.Name)
                    )


def find_shown_from_above(trees, roots):
    """Return the fields and buttons of a screen that only rooms above it bring."""
    rooms = {}
    for path, tree in trees.items():
        for name in get_members(tree):
            rooms.setdefault(name, set()).add(get_room(path))
    found = {}
    for path, root in roots.items():
        room = get_room(path)
        shown = {node.get("name") for node in root.iter("field", "button")}
        above = {
            name
            for name in (shown - SHARED_NAMES) & set(rooms)
            if room and all(other and is_upward(room, other) for other in rooms[name])
        }
        if above:
            found[path.relative_to(ADDON).as_posix()] = above
    return found


def test_no_screen_shows_what_a_room_above_brings(trees, roots):
    """A page or a button belongs to the view of the room that owns it."""
    assert find_shown_from_above(trees, roots) == {}
    path = ADDON / "views" / "contest" / "new.xml"
    root = etree.fromstring('<form><field name="council_id"/></form>')
    assert find_shown_from_above(trees, {path: root}) == {
        "views/contest/new.xml": {"council_id"}
    }


def find_unexplained_sudo(source):
    """Return the functions that act with superuser rights and don't say why.

    The reason is a comment in the function, above the call or beside it.
    """
    # most files have none
    if "sudo" not in source:
        return set()
    comments = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    return {
        function.name
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr == "sudo"
        and not any(function.lineno <= line <= node.end_lineno for line in comments)
    }


def test_superuser_rights_are_given_for_a_reason():
    silent = {
        path.relative_to(ADDON).as_posix(): names
        for path in get_files(("models", "wizard", "controllers", "lib"), ".py")
        if (names := find_unexplained_sudo(path.read_text(encoding="utf-8")))
    }
    assert silent == {}
    said = "def read(self):\n    # names are public\n    return self.sudo().name\n"
    assert find_unexplained_sudo(said) == set()
    assert find_unexplained_sudo(said.replace("# names are public", "")) == {"read"}
    beside = "def read(self):\n    return self.sudo()  # as above\n"
    assert find_unexplained_sudo(beside) == set()
    after = "def read(self):\n    name = self.sudo().name\n    # as above\n"
    assert find_unexplained_sudo(after) == {"read"}


#: What a higher room does in another way altogether.
REPLACED = {
    ("hoithi.contest", "action_start_review"): "with copies for the reviewers, later",
}


def get_methods(tree):
    """Yield (model, method, whether it goes on to what it extends or is a hook)."""
    for node in walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        values = {
            target.id: statement.value.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Constant)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        model = values.get("_name") or values.get("_inherit")
        for method in node.body if model else ():
            if isinstance(method, ast.FunctionDef):
                is_open = (ast.get_docstring(method) or "").startswith("Hook") or any(
                    isinstance(part, ast.Name) and part.id == "super"
                    for part in ast.walk(method)
                )
                yield model, method.name, is_open


def test_no_method_takes_the_place_of_another_one(trees):
    """Two files of a model that give one name to two things lose one of them."""
    written = {}
    for path in get_files(("models", "wizard"), ".py"):
        for model, name, is_open in get_methods(trees[path]):
            written.setdefault((model, name), []).append((path.name, is_open))
    lost = {
        key: files
        for key, files in written.items()
        if sum(not is_open for _file, is_open in files) > 1
    }
    assert set(lost) <= set(REPLACED), lost


#: An early step may be taken without a reason, and says so in the log.
NEEDS_NO_REASON = {"_log_early"}


def find_acts_without_reason(trees):
    """Return the acts whose reason reaches no place that refuses an empty one.

    An act that takes a reason cleans it itself, or hands it to a method that does.
    """
    handing = []
    for tree in trees:
        for method in walk(tree):
            if isinstance(method, ast.FunctionDef) and "reason" in (
                argument.arg for argument in method.args.args
            ):
                handing.append((method.name, set(find_takers(method, "reason"))))
    cleaning, left = {"_clean_reason", *NEEDS_NO_REASON}, handing
    while done := [(name, to) for name, to in left if to & cleaning]:
        cleaning |= {name for name, to in done}
        left = [method for method in left if method not in done]
    return {name for name, to in left if name.startswith("action_")}


def find_takers(function, argument):
    """Yield the names of the methods that a function hands an argument to."""
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and any(
            isinstance(value, ast.Name) and value.id == argument
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]
        ):
            yield getattr(call.func, "attr", getattr(call.func, "id", ""))


def test_every_act_that_takes_a_reason_refuses_an_empty_one(trees):
    models = [trees[path] for path in get_files(("models", "wizard"), ".py")]
    assert find_acts_without_reason(models) == set()
    kept = "def action_end(self, reason=None):\n    self._end(reason)\n"
    ends = "def _end(self, reason):\n    self.note = self._clean_reason(reason)\n"
    assert find_acts_without_reason([ast.parse(kept + ends)]) == set()
    assert find_acts_without_reason([ast.parse(kept)]) == {"action_end"}
