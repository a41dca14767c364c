"""What `self.x` is known to be, in a program that gives it to a Dense layer."""

from textwrap import indent

from tests.analysis.reading import Because, Default, OneOfThese, given

READ = "    def build(self):\n        Dense(1, kernel_regularizer=self.x)\n"
FROM_OUTSIDE = Because("an attribute of 'self'")


def net(init: str, *, header: str = "class Net:", body: str = "") -> str:
    return f"{header}\n{body}    def __init__(self, x=0.5):\n{indent(init, ' ' * 8)}\n{READ}"


def test_what_the_constructor_sets():
    assert given(net("self.x = 0.1")) == 0.1


def test_a_parameter_that_the_constructor_keeps_is_its_default():
    assert given(net("self.x = x")) == Default(0.5)


def test_an_annotated_attribute():
    assert given(net("self.x: float = 0.1")) == 0.1


def test_what_two_branches_set_is_either():
    assert given(net("if x:\n    self.x = 0.1\nelse:\n    self.x = 0.2")) == OneOfThese({0.1, 0.2})


def test_what_another_method_sets_counts_too():
    more = "    def reset(self):\n        self.x = 0.2\n"
    assert given(net("self.x = 0.1", body=more)) == OneOfThese({0.1, 0.2})


def test_the_receiver_may_have_any_name():
    assert given("class Net:\n    def __init__(me):\n        me.x = 0.1\n" + READ) == 0.1


def test_what_the_class_itself_has():
    assert given("class Net:\n    x = 0.1\n" + READ) == 0.1


def test_what_the_class_has_and_the_constructor_may_set():
    assert given(net("if x:\n    self.x = 0.2", body="    x = 0.1\n")) == OneOfThese({0.1, 0.2})


def test_what_a_base_class_of_the_file_sets():
    base = "class Base:\n    def __init__(self):\n        self.x = 0.1\n\n"
    assert given(base + "class Net(Base):\n" + READ) == 0.1


def test_a_derived_class_of_the_file_may_set_it_otherwise():
    derived = "\nclass Derived(Net):\n    def __init__(self):\n        self.x = 0.2\n"
    assert given(net("self.x = 0.1") + derived) == OneOfThese({0.1, 0.2})


def test_two_classes_that_are_not_related_do_not_mix():
    other = "class Other:\n    def __init__(self):\n        self.x = 0.2\n\n"
    assert given(other + net("self.x = 0.1")) == 0.1


def test_a_closure_in_a_method_sees_the_instance():
    body = "class Net:\n    def __init__(self):\n        self.x = 0.1\n    def build(self):\n        def make():\n"
    assert given(body + "            return Dense(1, kernel_regularizer=self.x)\n") == 0.1


def test_nobody_sets_it():
    assert given("class Net:\n" + READ) == FROM_OUTSIDE


def test_something_else_sets_an_attribute_of_that_name():
    assert given(net("self.x = 0.1") + "net = Net()\nnet.x = 0.3\n") == FROM_OUTSIDE


def test_setattr_with_its_name():
    assert given(net("self.x = 0.1") + "setattr(outside.net, 'x', 0.3)\n") == FROM_OUTSIDE


def test_setattr_with_another_name():
    assert given(net("self.x = 0.1") + "setattr(outside.net, 'y', 0.3)\n") == 0.1


def test_setattr_with_a_computed_name():
    assert given(net("self.x = 0.1") + "setattr(outside.net, outside.name, 0.3)\n") == FROM_OUTSIDE


def test_the_instance_dict():
    assert given(net("self.x = 0.1\nself.__dict__.update(outside.settings)")) == FROM_OUTSIDE


def test_an_augmented_assignment():
    assert given(net("self.x = 0.1\nself.x *= 2")) == Because("changed by an augmented assignment")


def test_a_static_method_has_no_receiver():
    assert given("class Net:\n    x = 0.1\n    @staticmethod\n" + READ) == FROM_OUTSIDE


def test_a_receiver_that_is_bound_anew():
    body = "class Net:\n    x = 0.1\n    def build(self):\n        self = outside.net()\n"
    assert given(body + "        Dense(1, kernel_regularizer=self.x)\n") == FROM_OUTSIDE


def test_a_property_is_what_it_gives_back():
    body = "class Net:\n    @property\n    def x(self):\n        return 0.1\n"
    assert given(body + READ) == 0.1


def test_what_another_decorator_makes_of_a_method_is_not_known():
    body = "class Net:\n    @registered\n    def x(self):\n        return 0.1\n"
    assert given(body + READ) == Because("'x' is decorated")


def test_a_field_of_a_decorated_class():
    assert given("@outside.dataclass\nclass Net:\n    x: float = 0.1\n" + READ) == Because(
        "a field that a decorator or base class may manage"
    )


def test_a_field_of_a_class_whose_base_is_not_known():
    assert given("class Net(outside.Base):\n    x: float = 0.1\n" + READ) == Because(
        "a field that a decorator or base class may manage"
    )
