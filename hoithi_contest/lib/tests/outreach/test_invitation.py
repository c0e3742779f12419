import pytest

from ...outreach.invitation import ACTIONS, PROBLEMS, Login, Person, classify


def person(key, name="An", email=None, **values):
    email = f"{key}@so.vn" if email is None else email
    return Person(key, name, email, email, values.pop("contact", key), **values)


def judge(*people, **options):
    return {
        key: status for key, (status, _cause) in classify(people, **options).items()
    }


PORTAL = Login(active=True, internal=False, used=True)
FOREIGN = PORTAL._replace(foreign=True)


@pytest.mark.parametrize(
    ("values", "plain", "generous"),
    [
        ({}, "invite", "invite"),
        ({"new": True}, "create", "create"),
        ({"login": PORTAL}, "login", "login"),
        ({"login": PORTAL._replace(internal=True)}, "login", "login"),
        ({"login": PORTAL._replace(internal=True, used=False)}, "login", "login"),
        ({"login": PORTAL._replace(used=False)}, "unused", "resend"),
        ({"login": PORTAL._replace(active=False)}, "archived", "reactivate"),
        # whose login was internal, or another department's, comes back by hand alone
        (
            {"login": PORTAL._replace(active=False, internal=True)},
            "archived",
            "archived",
        ),
        (
            {"login": PORTAL._replace(active=False, foreign=True)},
            "archived",
            "archived",
        ),
        ({"login": PORTAL._replace(used=False, foreign=True)}, "login", "login"),
        ({"email": ""}, "no_email", "no_email"),
        ({"taken": "login"}, "duplicate_email", "duplicate_email"),
        ({"taken": "contact"}, "duplicate_email", "duplicate_email"),
        ({"queued": True}, "queued", "queued"),
        ({"flawed": True}, "row", "row"),
    ],
)
def test_one_person(values, plain, generous):
    assert judge(person(1, **values)) == {1: plain}
    assert judge(person(1, **values), reactivate=True, resend=True) == {1: generous}


def test_an_address_that_is_none():
    assert classify([Person(1, "An", "an@", "")]) == {1: ("bad_email", "")}


def test_two_names_with_one_address_are_both_left_out():
    statuses = judge(
        person(1, "An", "a@so.vn"), person(2, "Bình", "a@so.vn"), person(3, "Chi")
    )
    assert statuses == {1: "duplicate_email", 2: "duplicate_email", 3: "invite"}


def test_a_row_to_be_put_right_first_keeps_nobody_else_out():
    """Its name may be what is wrong with it."""
    flawed = person(1, "Anh", "a@so.vn", flawed=True)
    statuses = judge(flawed, person(2, "An", "a@so.vn"), person(3, "Chi", ""))
    assert statuses == {1: "row", 2: "invite", 3: "no_email"}


@pytest.mark.parametrize("kind", ["internal", "foreign"])
def test_why_a_login_comes_back_by_hand_alone_is_told(kind):
    login = PORTAL._replace(active=False, **{kind: True})
    assert classify([person(1, login=login)]) == {1: ("archived", kind)}


def test_the_same_person_twice_is_invited_once():
    assert judge(person(1, "Hà An", "a@so.vn"), person(2, "HA AN", "a@so.vn")) == {
        1: "invite",
        2: "duplicate_person",
    }
    assert judge(person(1, contact=9), person(2, "Bình", contact=9)) == {
        1: "invite",
        2: "duplicate_person",
    }
    # new persons have no contact yet, and are different ones
    new = [Person(key, f"N{key}", "x", f"{key}@so.vn", new=True) for key in (1, 2)]
    assert judge(*new) == {1: "create", 2: "create"}


def test_what_is_to_do_and_what_is_wrong_are_different_things():
    assert not set(ACTIONS) & set(PROBLEMS)
